"""Several real processes use one file: nobody fails, nobody sees half a batch, nobody starves."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.store.measured import fill, reference
from workbench.errors import QueryError, StoreLocked
from workbench.store import Store, Write, connection

BATCH = 50

WRITER = """
import sys
from pathlib import Path
from tests.store.measured import reference
from workbench.store import Store
store = Store.open(Path(sys.argv[1]))
first, batches, size = map(int, sys.argv[2:])
for n in range(batches):
    store.write(*(w for k in range(size) for w in reference(f"Q{first + n * size + k}", images=0)[:1]))
    print(n, flush=True)
"""

READER = """
import sys
from pathlib import Path
from workbench.store import Store
store = Store.open(Path(sys.argv[1]))
while True:
    print(store.sql("SELECT count(*) AS n FROM refs")["n"][0], flush=True)
"""

HOLDER = """
import sys, time, duckdb
con = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
print("held", flush=True)
time.sleep(float(sys.argv[3]))
"""


def start(script: str, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", script, *map(str, arguments)]
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root)


def finish(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


@pytest.mark.slow
def test_polling_readers_neither_fail_nor_starve_the_writer_nor_see_half_a_batch(store: Store) -> None:
    readers = [start(READER, store.path) for _ in range(3)]
    assert all(reader.stdout and reader.stdout.readline() == "0\n" for reader in readers)
    finish(start(WRITER, store.path, 1, 12, BATCH))
    seen = []
    for reader in readers:
        reader.terminate()
        out, err = reader.communicate(timeout=60)
        assert not err, err
        seen += [int(line) for line in out.split()]
    assert all(count % BATCH == 0 for count in seen)
    assert store.sql("SELECT count(*) AS n FROM refs")["n"][0] == 12 * BATCH


@pytest.mark.slow
def test_two_writers_take_turns(store: Store) -> None:
    writers = [start(WRITER, store.path, first, 6, BATCH) for first in (1, 100_001)]
    for writer in writers:
        finish(writer)
    assert store.sql("SELECT count(*) AS n FROM refs")["n"][0] == 2 * 6 * BATCH


def test_killed_writer_leaves_whole_batches(store: Store) -> None:
    writer = start(WRITER, store.path, 1, 1000, BATCH)
    assert writer.stdout
    acknowledged = [writer.stdout.readline() for _ in range(3)]
    time.sleep(0.03)
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate(timeout=60)
    count = Store.open(store.path).sql("SELECT count(*) AS n FROM refs")["n"][0]
    assert count % BATCH == 0
    assert count >= len(acknowledged) * BATCH
    fill(store, reference("Q999999"))


@pytest.mark.parametrize(("mode", "use"), [("write", "read"), ("read", "write")])
def test_file_held_by_another_program_is_a_clear_error(store: Store, mode: str, use: str) -> None:
    holder = start(HOLDER, store.path, mode, 30)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    impatient = Store(store.path, lock_seconds=0.3)
    with pytest.raises(StoreLocked, match="stayed locked"):
        impatient.frame("all_refs") if use == "read" else fill(impatient, reference("Q1"))
    assert not connection.intent_file(store.path).exists()
    holder.kill()
    holder.communicate()


def test_short_hold_is_waited_out(store: Store) -> None:
    holder = start(HOLDER, store.path, "write", 0.5)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    assert store.frame("all_refs").is_empty()
    finish(holder)


def test_threads_of_one_process_may_read_and_write_at_once(store: Store) -> None:
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(15):
                store.frame("all_refs")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(1, 6):
        fill(store, reference(f"Q{n}"))
    for thread in threads:
        thread.join()
    assert not failures
    assert store.frame("all_refs").height == 5


def test_intent_of_a_dead_writer_holds_nobody_up(store: Store) -> None:
    intent = connection.intent_file(store.path)
    intent.touch()
    os.utime(intent, (time.time() - 60, time.time() - 60))
    began = time.monotonic()
    store.frame("all_refs")
    assert time.monotonic() - began < connection.GIVE_WAY_SECONDS / 2


def test_failing_write_rolls_all_of_it_back(store: Store) -> None:
    bad = Write(query="upsert_images", table="images", records=[])
    with pytest.raises(QueryError):
        fill(store, reference("Q1"), [bad], reference("Q007"))
    assert store.frame("all_refs").is_empty()
