"""Killed at any moment, the next run makes exactly the rest: real processes, real signals."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import polars as pl
import pytest

from tests.fixtures.processes import WAIT_SECONDS, finish, starter
from tests.fixtures.studies import add_references
from workbench.imagefiles import images_folder
from workbench.store import Store

REFERENCES, EACH = 12, 4
TOTAL = REFERENCES * EACH


@pytest.fixture(scope="module")
def start() -> Callable[..., BaseProcess]:
    """Starts ``wb generate`` in a process of its own."""
    begin = starter()

    def generate(db: Path, model: Path) -> BaseProcess:
        return begin(db, "generate", "--model", model, "--steps", 4, "--batch-size", 2, "--device", "cpu")

    return generate


def wait_for_files(process: BaseProcess, db: Path, count: int) -> None:
    """Until so many pictures lie in the folder, or the process has ended."""
    deadline = time.monotonic() + WAIT_SECONDS
    while process.is_alive() and time.monotonic() < deadline:
        if len(list(images_folder(db).rglob("*.png"))) >= count:
            return
        time.sleep(0.005)


def images(db: Path) -> pl.DataFrame:
    return Store(db).sql("SELECT image_id, sha256, path, status FROM images ORDER BY image_id")


@pytest.fixture(scope="module")
def undisturbed(start, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The images of a run that nothing interrupts."""
    db = tmp_path_factory.mktemp("undisturbed") / "study.duckdb"
    add_references(Store.create(db), count=REFERENCES, images=0)
    assert finish(start(db, tiny)) == 0
    return images(db)


def test_killed_again_and_again_it_ends_where_an_undisturbed_run_does(start, tiny: Path, db: Path, undisturbed):
    add_references(Store.create(db), count=REFERENCES, images=0)
    dice = random.Random(20)
    kills = 0
    for goal in (5, 12, 13, 30):
        process = start(db, tiny)
        wait_for_files(process, db, goal)
        time.sleep(dice.random() * 0.1)
        process.kill()
        kills += finish(process) == -signal.SIGKILL
        assert images(db)["image_id"].n_unique() == images(db).height
    before = images(db).height
    assert kills >= 2
    assert before > 0
    assert finish(start(db, tiny)) == 0
    assert images(db).equals(undisturbed)
    assert undisturbed.height == TOTAL
    assert set(undisturbed["status"]) == {"ok"}
    last = Store(db).sql("SELECT planned, done FROM runs ORDER BY started_utc DESC LIMIT 1").row(0)
    assert last == (TOTAL - before, TOTAL - before)
    for path, sha256 in images(db).select("path", "sha256").iter_rows():
        assert hashlib.sha256((images_folder(db) / path).read_bytes()).hexdigest() == sha256


@pytest.mark.parametrize("polite", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_interruption_loses_nothing_that_was_sampled(start, tiny: Path, db: Path, undisturbed, polite):
    add_references(Store.create(db), count=REFERENCES, images=0)
    process = start(db, tiny)
    wait_for_files(process, db, 6)
    os.kill(process.pid, polite)
    assert finish(process) == 130
    there = images(db)
    assert 6 <= there.height < TOTAL
    assert len(list(images_folder(db).rglob("*.png"))) == there.height
    assert Store(db).sql("SELECT outcome, done FROM runs").row(0) == ("interrupted", there.height)
    assert there.join(undisturbed, on=["image_id", "sha256"]).height == there.height


def test_the_console_script_narrates_on_stderr_alone_and_without_chatter(tiny: Path, db: Path):
    add_references(Store.create(db), count=2)
    wb = Path(sys.executable).with_name("wb")
    environment = {**os.environ, "WB_DB": str(db), "OMP_NUM_THREADS": "1"}
    options = {"capture_output": True, "text": True, "env": environment, "check": False}
    made = subprocess.run([wb, "generate", "--model", str(tiny), "--steps", "2", "--device", "cpu"], **options)
    scored = subprocess.run([wb, "score", "--device", "cpu"], **options)
    assert (made.returncode, made.stdout) == (0, "")
    assert [line.split()[0] for line in made.stderr.splitlines()] == ["tiny:", "8", "made", "next:"]
    assert (scored.returncode, scored.stdout) == (0, "")
    assert scored.stderr.splitlines()[-1] == "next: wb tui"
    assert not [line for line in scored.stderr.splitlines() if "Warning" in line or "Traceback" in line]
