"""``wb demo``: the whole study, small, as a user runs it."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from workbench.demo import FREQUENCY, run_demo
from workbench.records import Thresholds
from workbench.store import Store
from workbench.store.thresholds import calibrate_thresholds

pytestmark = pytest.mark.slow
WB = Path(sys.executable).with_name("wb")


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WB, "demo", folder, "--images-per-prompt", "1"], capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("demo") / "study"
    return folder / "workbench.duckdb", demo(folder)


def scores(store: Store) -> pl.DataFrame:
    return store.frame("model_scores", **calibrate_thresholds(store, Thresholds()).parameters())


def test_it_prints_the_measures_and_how_to_go_on(finished: tuple[Path, subprocess.CompletedProcess[str]]):
    db, done = finished
    assert done.returncode == 0, done.stderr
    assert {"literal", "synonym", "title", "cra", "rho"} <= set(done.stdout.split())
    assert done.stderr.splitlines()[-1] == f"explore it: wb tui --thresholds calibrated --db {db}"
    assert not [line for line in done.stderr.splitlines() if "next: " in line or "hint: " in line]
    for step in ("[1/4]", "[2/4]", "[3/4]", "[4/4]"):
        assert step in done.stderr


def test_recognition_follows_the_known_frequency(finished: tuple[Path, subprocess.CompletedProcess[str]]):
    store = Store.open(finished[0])
    taus = calibrate_thresholds(store, Thresholds()).parameters()
    found = store.frame("correlation_input", perturbations=["title"], **taus)
    known = found.filter(pl.col("covariate") == FREQUENCY).unique("qid")
    assert len(known) == 48
    assert known.filter(pl.col("value") == 0)["cra"].mean() < 0.15
    assert known.filter(pl.col("value") >= 44)["cra"].mean() > 0.85


def test_a_second_run_elsewhere_gives_the_same_numbers_and_a_third_has_nothing_to_do(
    finished: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    again = tmp_path / "again.duckdb"
    first = scores(Store.open(finished[0]))
    assert scores(run_demo(again, images_per_prompt=1)).equals(first)
    capsys.readouterr()
    assert scores(run_demo(again, images_per_prompt=1)).equals(first)
    said = capsys.readouterr().err
    assert "0 images to make" in said or "nothing to" in said
