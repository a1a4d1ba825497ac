"""``--engine ray`` on a real cluster of two workers: what comes out is what this process makes."""

import shutil
import sys
import threading
import time
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import psutil
import pytest

from tests.fixtures.cluster import at_work
from tests.fixtures.studies import add_references
from workbench.imagefiles import images_folder
from workbench.store import Store

MODEL = ("--steps", 16, "--images-per-prompt", 4, "--batch-size", 2)
IMAGES = "SELECT image_id, seed, status, error, sha256, path, width, height FROM images ORDER BY image_id"
WAIT_SECONDS = 120


@pytest.fixture
def on_cluster(cluster) -> tuple[object, ...]:
    """Options that name the cluster."""
    return ("--engine", "ray", "--ray-address", cluster.address, "--gpus-per-worker", 0)


@pytest.fixture(scope="module")
def encoders(weights: Path) -> tuple[str, ...]:
    """Options that name small ones."""
    return ("--encoder", f"clip:{weights / 'clip'}", "--patch-encoder", f"timm:test_vit@{weights / 'vit.safetensors'}")


@pytest.fixture(scope="module")
def here(tiny: Path, encoders: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A study that this process has made and scored."""
    from workbench.cli import run

    store = Store.create(tmp_path_factory.mktemp("here") / "study.duckdb")
    add_references(store, count=6, images=2, kind="dynamic")
    model = [str(word) for word in ("--model", tiny, *MODEL, "--device", "cpu")]
    assert run(["generate", *model, "--db", str(store.path)]) == 0
    for command in ("score", "calibrate"):
        assert run([command, *encoders, "--db", str(store.path), "--device", "cpu", "--batch-size", "4"]) == 0
    return store


class Killer(threading.Thread):
    """Kills a worker that is at work, once some pictures are there."""

    def __init__(self, cluster_pid: int, folder: Path) -> None:
        super().__init__()
        self.cluster, self.folder = psutil.Process(cluster_pid), folder
        self.killed = 0

    def run(self) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.killed and time.monotonic() < deadline:
            if len(list(self.folder.rglob("*.png"))) >= 4:
                for worker in at_work(self.cluster):
                    worker.kill()
                    self.killed = worker.pid
                    break
            time.sleep(0.01)


def test_images_are_those_of_this_process_though_a_worker_is_killed(
    wb, cluster, on_cluster, store: Store, here: Store, tiny: Path
):
    add_references(store, count=6, images=2, kind="dynamic")
    killer = Killer(cluster.pid, images_folder(store.path))
    killer.start()
    done = wb("generate", "--model", tiny, *MODEL, *on_cluster, "--workers", 2)
    killer.join()
    assert done.code == 0, done.err
    assert killer.killed
    assert "a worker died: " in done.err
    assert "(raylet)" not in done.err
    assert "made 24 images" in done.err
    made, expected = store.sql(IMAGES), here.sql(IMAGES)
    assert made.equals(expected)
    for path in made["path"]:
        assert store.images.path(path).read_bytes() == here.images.path(path).read_bytes()
    for table in ("models", "settings", "prompt_tokens"):
        assert sorted(store.table(table).rows()) == sorted(here.table(table).rows())
    (run,) = store.sql("SELECT outcome, done, device FROM runs").rows()
    assert run == ("done", 24, "cpu")
    assert "nothing to generate" in wb("generate", "--like", "last", "--engine", "local").err


def test_scores_are_those_of_this_process(wb, on_cluster, encoders, here: Store, tmp_path: Path):
    """Batches end elsewhere, so the last bits may differ: by less than 1e-5."""
    there = tmp_path / "there.duckdb"
    shutil.copy(here.path, there)
    images_folder(there).symlink_to(here.images.folder)
    with duckdb.connect(there) as con:
        con.execute("DELETE FROM similarities; DELETE FROM patches; DELETE FROM reference_embeddings")
        con.execute("DELETE FROM null_similarities; DELETE FROM null_patches")
    for command in ("score", "calibrate"):
        done = wb(command, *encoders, "--batch-size", 4, *on_cluster, "--workers", 2, "--db", there)
        assert done.code == 0, done.err
    for table, values in (
        ("similarities", ("s",)),
        ("patches", ("p", "entropy")),
        ("reference_embeddings", ("vectors",)),
        ("null_similarities", ("s",)),
        ("null_patches", ("p",)),
    ):
        one, other = (sorted_rows(store, table) for store in (here, Store(there)))
        assert one.height == other.height > 0
        assert one.drop(values).equals(other.drop(values))
        for name in values:
            mine, theirs = (np.hstack(frame[name].to_list()) for frame in (one, other))
            assert np.abs(mine - theirs).max() < 1e-5
    assert (
        sorted_rows(here, "encoders")
        .drop("first_used_utc")
        .equals(sorted_rows(Store(there), "encoders").drop("first_used_utc"))
    )


def sorted_rows(store: Store, table: str) -> pl.DataFrame:
    frame = store.sql(f"FROM {table}").drop("created_utc", "run_id", strict=False)
    return frame.sort([name for name in ("image_id", "qid", "sha256", "grid", "encoder_id") if name in frame.columns])


def test_metrics_are_those_of_this_process(wb, on_cluster, here: Store):
    done = wb("score", "--metric", "phash", "--batch-size", 1, *on_cluster, "--workers", 1, "--db", here.path)
    assert done.code == 0, done.err
    there = sorted_rows(here, "metric_scores")
    with duckdb.connect(here.path) as con:
        con.execute("DELETE FROM metric_scores")
    assert wb("score", "--metric", "phash", "--db", here.path).code == 0
    assert there.height == 24
    assert there.equals(sorted_rows(here, "metric_scores"))


def test_without_the_extra_it_says_what_to_install(wb, here: Store, tiny: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    done = wb("generate", "--model", tiny, "--engine", "ray", "--images-per-prompt", 9, "--db", here.path)
    assert done.code == 1
    assert "ray is not installed" in done.err
    assert "pip install 'multimodal-iconicity-workbench[ray]'" in done.err
