"""A run whose process is gone ends as killed; one that may live is left alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.records import Run
from workbench.store import RunLog, Store, connection, end_killed, migrate, note_killed
from workbench.store.processes import this_process

from ..fixtures.processes import a_run

linux = pytest.mark.skipif(this_process() is None, reason="the system does not say when processes started")


@pytest.fixture
def running(store: Store) -> Iterator[subprocess.Popen[str]]:
    """A real run in a process of its own, somewhere in the middle."""
    with a_run(store.path) as process:
        yield process


def only(store: Store) -> Run:
    return store.rows("recent_runs", Run)[-1]


def change(store: Store, assignments: str) -> None:
    with connection.writing(store.path, 5) as con:
        con.execute(f"UPDATE runs SET {assignments}")


def test_a_killed_run_is_ended_by_the_next_that_starts(store: Store, running: subprocess.Popen[str]) -> None:
    assert end_killed(store) == 0
    assert only(store).outcome == "running"
    running.kill()
    running.wait()
    with RunLog(store, "score", {}):
        assert (only(store).outcome, only(store).ended_utc) == ("killed", None)
    assert end_killed(store) == 0


@linux
def test_a_process_that_nobody_reaps_is_gone(store: Store, running: subprocess.Popen[str]) -> None:
    running.kill()
    os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays in the table of processes
    os.kill(running.pid, 0)
    assert end_killed(store) == 1


def test_a_run_that_lives_after_all_is_running_again(store: Store, running: subprocess.Popen[str]) -> None:
    change(store, "outcome = 'killed'")
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write("\n")
    running.stdin.flush()
    assert running.stdout.readline() == "stepped\n"
    assert (only(store).outcome, only(store).done) == ("running", 3)


def own(store: Store, assignments: str) -> int:
    """A run of this very process, otherwise than it is: how many are ended."""
    run = RunLog(store, "ingest", {})
    run.__enter__()
    change(store, assignments)
    return end_killed(store)


HERE, _, TICK = (this_process() or "").rpartition("/")


@linux
@pytest.mark.parametrize(
    ("assignments", "ended"),
    [
        ("message = NULL", 0),
        ("process = NULL", 0),
        ("process = NULL, pid = 2 ** 22 + 1", 1),
        pytest.param(f"process = '{HERE}/{int(TICK or 0) - 1}'", 1, id="its id is another's now"),
        ("host = 'elsewhere', pid = 2 ** 22 + 1", 0),
        ("process = 'another-boot/pid:[1]/77'", 0),  # it gave a sign since this machine was started: a twin
        ("process = 'another-boot/pid:[1]/77', updated_utc = '2000-01-01'", 1),
        ("outcome = 'interrupted', pid = 2 ** 22 + 1, process = NULL", 0),
    ],
)
def test_what_is_certain(store: Store, assignments: str, ended: int) -> None:
    assert own(store, assignments) == ended
    assert only(store).outcome == ("killed" if ended else "interrupted" if "interrupted" in assignments else "running")


def test_who_only_reads_does_not_wait_for_a_file_that_is_held(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.runs.NOTE_SECONDS", 0.1)
    own(store, "message = NULL")
    change(store, "pid = 2 ** 22 + 1, process = NULL")
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print(1, flush=True); input()"
    command = [sys.executable, "-c", hold, str(store.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline()
        note_killed(store)
        assert only(store).outcome == "running"
        reader.kill()
    note_killed(store)
    assert only(store).outcome == "killed"


def test_a_file_of_before_keeps_its_runs(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    connection.create_file(path)
    columns = (
        "run_id, command, arguments, versions, host, pid, started_utc, updated_utc, outcome, planned, done, failed"
    )
    with connection.upgrading(path, 5) as con:
        migrate.migrate(con, upto=10)
        con.execute(
            f"INSERT INTO runs ({columns}, settings_id) VALUES "
            "('r1', 'generate', '{}', '{}', 'h', 7, now()::TIMESTAMP, now()::TIMESTAMP, 'failed', 4, 3, 1, 's')"
        )
    found = only(Store.open(path))
    assert (found.run_id, found.outcome, found.planned, found.settings_id, found.process) == (
        "r1",
        "failed",
        4,
        "s",
        None,
    )
