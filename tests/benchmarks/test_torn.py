"""Writers killed in the middle of a checkpoint: every file opens again, with all that was committed."""

import contextlib
import multiprocessing
import random
import shutil
import time
from collections import Counter
from pathlib import Path

import duckdb

from tests.store.measured import reference
from workbench.store import Store, rollback

KILLS = 100
SEED = 11
WHOLE_CHECKPOINT = 0.02
"""Seconds after which a kill comes at the latest."""


def write_for_ever(path: Path, first: int) -> None:
    """A reference and a checkpoint at a time."""
    store = Store(path)
    for n in range(first, first + 10_000):
        store.write(*reference(f"Q{n}"), settle=True)


def is_torn(path: Path, folder: Path) -> bool:
    """Whether DuckDB alone cannot read what a kill has left."""
    bare = folder / path.name
    shutil.copy(path, bare)
    with contextlib.suppress(FileNotFoundError):
        shutil.copy(rollback.log_file(path), rollback.log_file(bare))
    try:
        with duckdb.connect(bare, read_only=True) as con:
            con.execute("SELECT count(*), count(DISTINCT label) FROM refs").fetchall()
    except duckdb.Error:
        return True
    finally:
        bare.unlink()
        rollback.log_file(bare).unlink(missing_ok=True)
    return False


def test_kills_in_checkpoints(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    store = Store.create(tmp_path / "study.duckdb")
    bare = tmp_path / "bare"
    bare.mkdir()
    seen: Counter[str] = Counter()
    fork = multiprocessing.get_context("forkserver")
    fork.set_forkserver_preload(["workbench.store", "tests.store.measured"])
    known = 0
    while seen["killed in a checkpoint"] < KILLS:
        writer = fork.Process(target=write_for_ever, args=(store.path, known + 1))
        writer.start()
        for _ in range(dice.randint(1, 6)):  # one of its first checkpoints
            while rollback.left_behind(store.path):
                pass
            while not rollback.left_behind(store.path):
                assert writer.is_alive()
        time.sleep(dice.random() * WHOLE_CHECKPOINT)
        writer.kill()
        writer.join()
        seen["killed in a checkpoint"] += rollback.left_behind(store.path)
        seen["could not be read by DuckDB alone"] += is_torn(store.path, bare)
        there = store.frame("all_refs").height
        assert there >= known
        assert not rollback.left_behind(store.path)
        known = there
    print(f"\n{dict(seen)}; {known:,} references, each once: ", end="")
    assert store.sql("SELECT count(DISTINCT qid) AS n FROM refs")["n"][0] == known
    assert store.sql("SELECT max(substr(qid, 2)::INT) AS n FROM refs")["n"][0] == known
