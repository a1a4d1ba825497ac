"""Which weights a hub's model had: the commit in the cache is recorded, kept, and can be asked for."""

import shutil
from pathlib import Path

import pytest

from generate.models.source import find_model
from generate.models.table import known_models
from tests.fixtures.studies import add_references
from workbench.errors import ModelError
from workbench.store import Store

OLD, NEW = "a" * 40, "b" * 40


@pytest.fixture
def cache(tiny: Path, flawed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub's cache, with no network: two commits of ``org/tiny``, of which the first is ``main``."""
    from huggingface_hub import constants

    repository = tmp_path / "cache" / "models--org--tiny"
    shutil.copytree(tiny, repository / "snapshots" / OLD)
    shutil.copytree(flawed(nan_word="scream"), repository / "snapshots" / NEW)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(OLD)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return repository


def revisions(store: Store) -> list[tuple[str, int]]:
    return store.sql(
        "SELECT s.revision, count(*) FROM runs AS r JOIN settings AS s USING (settings_id)"
        " JOIN images AS i USING (run_id) GROUP BY r.run_id, s.revision, r.started_utc ORDER BY r.started_utc"
    ).rows()


def test_a_run_records_its_commit_which_stays_until_another_is_asked_for(wb, store: Store, cache: Path):
    add_references(store, count=1)
    arguments = ("--steps", 1, "--images-per-prompt", 1, "--device", "cpu")
    assert wb("generate", "--model", "org/tiny", *arguments).code == 0
    assert ["revision", OLD] in [line.split() for line in wb("runs", "show", "last").out.splitlines()]
    (cache / "refs" / "main").write_text(NEW)
    assert wb("generate", "--like", "last", "--seed", 1).code == 0
    assert wb("generate", "--model", "org/tiny", *arguments).code == 0
    assert wb("generate", "--model", "org/tiny", "--revision", OLD, *arguments, "--seed", 2).code == 0
    assert revisions(store) == [(OLD, 1), (OLD, 1), (NEW, 1), (OLD, 1)]


def test_a_commit_that_is_not_there(wb, store: Store, cache: Path):
    add_references(store, count=1)
    done = wb("generate", "--model", "org/tiny", "--revision", "c" * 40, "--device", "cpu")
    assert done.code == 1
    assert "is not in the local cache" in done.err


def test_a_listed_model_means_its_commit_whatever_its_main_is_now(cache: Path):
    spec = known_models()["sd15"]
    repository = cache.parent / f"models--{spec.hub_id.replace('/', '--')}"
    cache.rename(repository)
    with pytest.raises(ModelError) as caught:
        find_model("sd15")
    assert f"{spec.hub_id} at {spec.revision} is not in the local cache" in caught.value.message
    assert f"hf download {spec.hub_id} --revision {spec.revision}" in str(caught.value.hint)
    assert find_model("sd15", "main").revision == OLD
    (repository / "snapshots" / NEW).rename(repository / "snapshots" / spec.revision)
    assert find_model("sd15").revision == find_model(spec.hub_id).revision == spec.revision
