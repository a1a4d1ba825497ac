"""Fixtures that several rooms of the tests share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fixtures.cluster import QUIET, RayCluster, ray_cluster
from workbench.cli import run
from workbench.store import Store


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--gpu", action="store_true", help="run the tests that need a CUDA device")
    parser.addoption("--benchmarks", action="store_true", help="run tests/benchmarks")
    parser.addoption("--network", action="store_true", help="run the tests that need the internet or a model hub")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for mark in ("gpu", "network"):
            if mark in item.keywords and not config.getoption(f"--{mark}"):
                item.add_marker(pytest.mark.skip(reason=f"opt in with --{mark}"))


@dataclass(frozen=True)
class Outcome:
    """What a ``wb`` command did."""

    code: int
    out: str
    err: str


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Path of a study that does not exist yet."""
    return tmp_path / "study.duckdb"


@pytest.fixture
def store(db: Path) -> Store:
    """An empty study."""
    return Store.create(db)


@pytest.fixture
def wb(capfd: pytest.CaptureFixture[str], db: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Runs ``wb`` in this process on the study ``db``."""
    monkeypatch.setenv("WB_DB", str(db))

    def invoke(*arguments: object) -> Outcome:
        capfd.readouterr()
        code = run([str(a) for a in arguments])
        out, err = capfd.readouterr()
        return Outcome(code, out, err)

    return invoke


@pytest.fixture(scope="session")
def cluster() -> Iterator[RayCluster]:
    """A Ray cluster with room for two workers."""
    if find_spec("ray") is None:  # not imported: it takes its settings from the environment as it is
        pytest.skip("ray is not installed")
    with ray_cluster(workers=2) as found, pytest.MonkeyPatch.context() as patch:
        for name, value in QUIET.items():
            patch.setenv(name, value)
        yield found


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real references, paintings and captions, where the machine has them."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real data beside the checkout")
    return folder
