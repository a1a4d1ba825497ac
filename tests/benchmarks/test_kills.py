"""Fifty kills at random moments of ``wb generate``: nothing is lost, doubled or half-written."""

import hashlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import polars as pl

from tests.fixtures.checkpoints import stable_diffusion
from tests.fixtures.processes import WAIT_SECONDS, finish, starter
from tests.fixtures.studies import add_references
from workbench.imagefiles import images_folder
from workbench.store import Store

KILLS = 50
REFERENCES, EACH = 20, 20
SEED = 20


def rows(db: Path) -> pl.DataFrame:
    return Store(db).sql("SELECT image_id, sha256, path, status FROM images ORDER BY image_id")


def half_written(db: Path) -> list[Path]:
    """Pictures whose bytes are not those that their name promises."""
    files = images_folder(db).rglob("*.png")
    return [file for file in files if hashlib.sha256(file.read_bytes()).hexdigest() != file.stem]


def killed_at_random(start: Callable[[], BaseProcess], db: Path, dice: random.Random) -> bool:
    """Start ``wb generate`` and kill it; one in five while it loads, the rest some pictures later. True: it lived."""
    there = len(list(images_folder(db).rglob("*.png")))
    goal = there if dice.random() < 0.2 else there + dice.randint(1, 9)
    process = start()
    deadline = time.monotonic() + WAIT_SECONDS
    while goal > there and process.is_alive() and time.monotonic() < deadline:
        if len(list(images_folder(db).rglob("*.png"))) >= goal:
            break
        time.sleep(0.002)
    time.sleep(dice.random() * (0.15 if goal > there else 1.5))
    process.kill()
    return finish(process) == -signal.SIGKILL


def test_fifty_kills(tmp_path: Path) -> None:
    begin = starter()
    model = stable_diffusion(tmp_path / "tiny")
    arguments = ("generate", "--model", model, "--images-per-prompt", EACH, "--steps", 2, "--batch-size", 2)
    killed, whole = tmp_path / "killed" / "study.duckdb", tmp_path / "whole" / "study.duckdb"
    for db in (killed, whole):
        db.parent.mkdir()
        add_references(Store.create(db), count=REFERENCES, images=0)
    dice = random.Random(SEED)
    seen: Counter[str] = Counter()
    before = rows(killed)
    for _ in range(KILLS):
        seen["killed"] += killed_at_random(lambda: begin(killed, *arguments, "--device", "cpu"), killed, dice)
        after = rows(killed)
        seen["lost"] += before.join(after, on=before.columns, how="anti", nulls_equal=True).height
        seen["doubled"] += after.height - after["image_id"].n_unique()
        seen["half-written"] += len(half_written(killed))
        seen["rows without their picture"] += sum(
            not (images_folder(killed) / path).is_file() for path in after["path"]
        )
        seen["kills after which rows were new"] += after.height > before.height
        before = after
    assert finish(begin(killed, *arguments, "--device", "cpu")) == 0
    assert finish(begin(whole, *arguments, "--device", "cpu")) == 0
    parts = list(images_folder(killed).rglob(".part-*"))
    for part in parts:
        os.utime(part, (0, 0))
    seen["unfinished files, swept by the next run"] = Store(killed).images.sweep()
    seen["images that killed runs had made"] = before.height
    print("", *(f"{count:>6} {what}" for what, count in seen.items()), sep="\n")
    assert seen["killed"] == KILLS
    assert seen["kills after which rows were new"] > KILLS / 2
    for bad in ("lost", "doubled", "half-written", "rows without their picture"):
        assert seen[bad] == 0, bad
    assert rows(killed).equals(rows(whole))
    assert rows(whole).height == REFERENCES * EACH
    assert {f"{file.parent.name}/{file.name}" for file in images_folder(killed).rglob("*.png")} == set(
        rows(whole)["path"]
    )
    assert not list(images_folder(killed).rglob(".part-*"))
