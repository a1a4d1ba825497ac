"""Killed at any moment, a writer leaves a file that opens, with all that was committed."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from tests.store.measured import reference
from workbench.errors import QueryError, StoreError, StoreLocked
from workbench.store import Store, Write, connection, migrate, rollback

ABORTED = """
import sys
from pathlib import Path
from tests.store.measured import reference
from workbench.store import connection
with connection.writing(Path(sys.argv[1]), 5, settle=True) as con:
    for write in reference("Q2"):
        write.run(con)
    con.execute(f"SET debug_checkpoint_abort = '{sys.argv[2]}'")
"""
BLOCK, FIRST = 262_144, 12_288
"""Bytes of a block of a DuckDB file, and before the first."""


def abort(path: Path, moment: str) -> None:
    """Write Q2, and end in the middle of the checkpoint, as a kill does."""
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", ABORTED, str(path), moment], cwd=root, check=True, timeout=60)


def tear(path: Path) -> None:
    """Overwrite half of every block that holds metadata: what a kill in the middle of a write leaves, or worse."""
    with duckdb.connect(path, read_only=True) as con:
        blocks = [block for (block,) in con.execute("SELECT block_id FROM pragma_metadata_info()").fetchall()]
    with path.open("r+b") as file:
        for block in blocks:
            file.seek(FIRST + block * BLOCK + BLOCK // 4)
            file.write(os.urandom(BLOCK // 2))


def fill(store: Store, *references: list[Write]) -> None:
    """Write references, and leave them in the log."""
    store.write(*(write for each in references for write in each))


def labels(store: Store) -> list[str]:
    return store.sql("SELECT qid FROM refs ORDER BY qid")["qid"].to_list()


def beside(path: Path) -> set[str]:
    """What lies beside the file."""
    return {p.name.removeprefix(path.name) for p in path.parent.iterdir() if p.name != path.name}


@pytest.mark.parametrize("moment", ["before_header", "after_free_list_write"])
@pytest.mark.parametrize("reads", [True, False])
def test_a_checkpoint_that_was_killed_is_taken_back(store: Store, moment: str, reads: bool) -> None:
    fill(store, reference("Q1"))
    abort(store.path, moment)
    assert rollback.left_behind(store.path)
    bare = store.path.with_name("bare.duckdb")
    shutil.copy(store.path, bare)
    shutil.copy(rollback.log_file(store.path), rollback.log_file(bare))
    tear(bare)
    with pytest.raises((StoreError, QueryError)) as caught:
        labels(Store(bare))
    assert "Corrupt database file" in f"{caught.value.message} {caught.value.hint}"
    tear(store.path)
    if not reads:
        fill(store, reference("Q3"))
    assert labels(store) == (["Q1", "Q2"] if reads else ["Q1", "Q2", "Q3"])
    assert not rollback.left_behind(store.path)


def test_a_checkpoint_that_ended_is_not_taken_back(store: Store) -> None:
    fill(store, reference("Q1"))
    abort(store.path, "before_header")
    kept = {file: file.read_bytes() for file in store.path.parent.iterdir() if "before-checkpoint" in file.name}
    assert len(kept) == 2
    store.write(settle=True)
    for file, content in kept.items():
        file.write_bytes(content)
    assert labels(store) == ["Q1", "Q2"]
    assert not beside(store.path)


def test_a_log_lies_beside_the_file_until_it_is_settled(store: Store) -> None:
    fill(store, reference("Q1"))
    assert beside(store.path) == {".wal"}
    assert labels(store) == ["Q1"]
    with duckdb.connect(store.path, read_only=True) as other:
        assert other.sql("SELECT count(*) FROM refs").fetchall() == [(1,)]
    assert beside(store.path) == {".wal"}
    store.settle()
    assert not beside(store.path)
    assert labels(store) == ["Q1"]


def test_a_log_does_not_grow_for_ever(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollback, "LOG_BYTES", 20_000)
    sizes = []
    for n in range(20):
        fill(store, *(reference(f"Q{n * 5 + k + 1}") for k in range(5)))
        sizes.append(rollback.log_file(store.path).stat().st_size if beside(store.path) else 0)
    assert 0 < max(sizes) <= rollback.LOG_BYTES
    assert 0 in sizes
    assert store.frame("all_refs").height == 20 * 5


def test_what_lies_in_the_file_already_is_settled_at_once(store: Store) -> None:
    """A transaction of so many rows writes them there, and its log is short."""
    with connection.writing(store.path, 5) as con:
        con.execute(
            "INSERT INTO covariates SELECT 'Q' || k, 'popularity', 'sitelinks', k, 'links', NULL, 't', 'r'"
            " FROM range(150_000) AS t(k)"
        )
    assert not beside(store.path)
    assert store.sql("SELECT count(*) AS n FROM covariates")["n"].to_list() == [150_000]


def test_no_room_for_a_copy_loses_nothing(store: Store) -> None:
    fill(store, reference("Q1"))
    store.path.with_name(store.path.name + ".before-checkpoint.part").mkdir()  # so that no copy can be made
    store.write(settle=True)
    assert rollback.log_file(store.path).exists()
    assert not rollback.left_behind(store.path)
    assert labels(store) == ["Q1"]


def test_an_upgrade_that_was_killed_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    connection.create_file(path, lambda con: migrate.migrate(con, upto=3))
    with pytest.raises(duckdb.Error, match="abort"), connection.upgrading(path, 5) as con:
        migrate.migrate(con)
        con.execute("SET debug_checkpoint_abort = 'before_header'")
    assert rollback.log_file(path).stat().st_size
    with pytest.raises(duckdb.Error, match="while replaying"):
        duckdb.connect(path, read_only=True)
    store = Store.open(path)
    assert store.frame("all_refs").is_empty()
    assert not beside(path)


def test_an_upgrade_without_room_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    connection.create_file(path, lambda con: migrate.migrate(con, upto=3))
    path.with_name(path.name + ".before-checkpoint.part").mkdir()
    with pytest.raises(StoreError, match="cannot be upgraded"):
        Store.open(path)


def test_a_checkpoint_at_work_is_waited_for(store: Store) -> None:
    """Its copy is there, and its lock held: nothing is taken back meanwhile."""
    fill(store, reference("Q1"))
    abort(store.path, "before_header")
    holder = f"import duckdb, sys; c = duckdb.connect({str(store.path)!r}); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(StoreLocked, match="stayed locked"):
            labels(Store(store.path, lock_seconds=0.3))
        assert rollback.left_behind(store.path)
        other.kill()
    assert labels(store) == ["Q1", "Q2"]


def test_a_file_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"

    def fail(con: duckdb.DuckDBPyConnection) -> None:
        raise duckdb.Error("no more")

    with pytest.raises(StoreError, match="cannot create"):
        connection.create_file(path, fail)
    assert not list(tmp_path.iterdir())


def test_a_log_that_lost_its_file_is_not_taken_for_another(store: Store) -> None:
    fill(store, reference("Q1"))
    away = store.path.rename(store.path.with_name("away.duckdb"))
    with pytest.raises(StoreError, match="log of a file that is gone"):
        Store.create(store.path)
    away.rename(store.path)
    assert labels(Store.create(store.path)) == ["Q1"]


def test_two_makers_of_a_file_make_one(tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"
    makers = [threading.Thread(target=Store.create, args=(path,)) for _ in range(4)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    fill(Store.open(path), reference("Q1"))
    assert beside(path) == {".wal"}
