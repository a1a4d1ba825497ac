"""What the disk or another program refuses is one line that says what to do."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.measured import reference
from tests.store.test_sharing import HOLDER, start
from workbench.errors import StoreError, StoreLocked
from workbench.store import Store, connection
from workbench.store.watch import stamp

WRITES = """
import os, resource, sys
from pathlib import Path
from tests.store.measured import reference
from workbench.errors import WorkbenchError
from workbench.store import Store
store = Store(Path(sys.argv[1]), lock_seconds=1)
steps = [step for n in range(400) for step in reference(f"Q{n + 10}", images=0)[:1]]
if sys.argv[2] == "unprivileged" and os.geteuid() == 0:
    os.setegid(65534), os.seteuid(65534)
if sys.argv[2] == "limited":
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    store.write(*steps)
except WorkbenchError as error:
    print(error.message, error.hint, sep="|")
"""


def refused(path: Path, how: str) -> list[str]:
    """Write into a file as that cannot be done; give message and hint."""
    command = [sys.executable, "-c", WRITES, str(path), how]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().split("|")


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that everybody can enter."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_takes_no_file(elsewhere: Path) -> None:
    path = Store.create(elsewhere / "study.duckdb").path
    path.chmod(0o444)
    elsewhere.chmod(0o555)
    message, hint = refused(path, "unprivileged")
    assert message == f"{path} cannot be opened: Permission denied"
    assert hint == "it takes the right to read it, and to write in its folder"
    assert Store.open(path).frame("all_refs").is_empty()


def test_a_full_disk(store: Store) -> None:
    message, hint = refused(store.path, "limited")
    assert "File too large" in message
    assert hint == "make room on the disk and run the same command again: what is there stays"
    store.write(*reference("Q1", images=0)[:1])
    assert Store.open(store.path).sql("SELECT qid FROM refs")["qid"].to_list() == ["Q1"]


def test_an_intent_that_cannot_be_made_or_removed_stops_no_writer(store: Store) -> None:
    connection.intent_file(store.path).mkdir()
    holder = start(HOLDER, store.path, "read", 0.5)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    store.write(*reference("Q1", images=0)[:1])
    holder.communicate(timeout=60)
    assert store.frame("all_refs").height == 1


def test_an_intent_of_a_clock_that_is_ahead_stops_no_reader(store: Store) -> None:
    intent = connection.intent_file(store.path)
    intent.touch()
    os.utime(intent, (time.time() + 3600,) * 2)
    assert not stamp(store.path).writer_waits
    began = time.monotonic()
    assert store.frame("all_refs").is_empty()
    assert time.monotonic() - began < connection.GIVE_WAY_SECONDS


def test_who_holds_the_file_is_named(store: Store) -> None:
    holder = start(HOLDER, store.path, "write", 30)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreLocked) as told:
        Store(store.path, lock_seconds=0.2).frame("all_refs")
    holder.kill()
    holder.communicate()
    assert told.value.hint.startswith("python")
    assert f" (process {holder.pid}) holds the file open" in told.value.hint


@pytest.mark.parametrize("name", ["table.csv", "table.parquet", "notes.txt", "data.json"])
def test_a_file_of_another_kind_is_no_study(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("qid,label\nQ1,a\n", encoding="utf-8")
    for use in (Store.open, Store.create):
        with pytest.raises(StoreError, match="is not a readable DuckDB file"):
            use(path)
    assert path.read_text(encoding="utf-8") == "qid,label\nQ1,a\n"
