"""Benchmarks are ratios measured side by side; they run only when asked for."""

import pytest

from workbench.demo import run_demo
from workbench.store import Store


@pytest.fixture(scope="session")
def miniature(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The miniature study, run once."""
    return run_demo(tmp_path_factory.mktemp("demo") / "demo.duckdb")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--benchmarks"):
        for item in items:
            if "benchmarks" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason="opt in with --benchmarks"))
