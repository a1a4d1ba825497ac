"""Runs: one row per invocation that writes, from its start to how it ended."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from workbench.errors import ConfigError, SomeItemsFailed, WorkbenchError
from workbench.records import Run, RunBegan
from workbench.registry import unknown_name
from workbench.store.clock import utc_now
from workbench.store.processes import is_gone, this_process
from workbench.store.sink import Sink
from workbench.store.store import Store, Write

NOTE_SECONDS = 1.0
"""For which a command that only reads waits, to write down that a run was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitState:
    """The checkout that the workbench runs from."""

    commit: str
    dirty: bool


def git_state(folder: Path) -> GitState | None:
    """State of the checkout that holds a folder; None where it is in none, or git is not installed."""
    try:
        options = {"cwd": folder, "capture_output": True, "text": True, "check": True, "timeout": 5}
        commit = subprocess.run(["git", "rev-parse", "HEAD"], **options)  # type: ignore[call-overload]
        status = subprocess.run(["git", "status", "--porcelain", "-uno"], **options)  # type: ignore[call-overload]
    except (OSError, subprocess.SubprocessError):
        return None
    return GitState(commit=commit.stdout.strip(), dirty=bool(status.stdout.strip()))


def library_versions(packages: Sequence[str]) -> dict[str, str]:
    """Version of each package; those that are not installed are left out."""
    found = {"python": sys.version.split()[0]}
    for package in ("multimodal-iconicity-workbench", "duckdb", *packages):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def find_run(store: Store, name: str, *, command: str | None = None) -> Run:
    """A run by its id, the beginning of its id, or ``last``.

    Args:
        store: the study.
        name: one of these.
        command: the last is that of this command; None: of all.

    Raises:
        ConfigError: If there is none, or there are several.
    """
    runs = store.rows("recent_runs", Run)
    if name == "last":
        found = [run for run in runs if command in (None, run.command)][:1]
        if not found and command is not None:
            raise ConfigError(f"there is no run of wb {command} yet", "wb runs lists what was run")
    else:
        found = [run for run in runs if run.run_id.startswith(name)]
    if len(found) > 1:
        raise ConfigError(f"{len(found)} runs begin with {name}", "wb runs lists them: write more of the id")
    if not found:
        raise unknown_name("run", name, [run.run_id for run in runs[:5]], "wb runs lists them all; last is the newest")
    return found[0]


def end_killed(store: Store) -> int:
    """End the runs whose processes are gone for certain, as killed; how many that were.

    One that is alive after all is running again with its next word.

    Raises:
        StoreError: If the file cannot be read or written.
    """
    gone = [run.run_id for run in store.rows("running_runs", Run) if is_gone(run)]
    if not gone:
        return 0
    return store.write(Write(query="end_killed_runs", parameters={"run_ids": gone}), settle=True)[0]


def outcome_now(run: Run) -> str:
    """How a run ended as far as can be told from here: ``killed``, too, where the file has not been told so."""
    return "killed" if run.outcome == "running" and is_gone(run) else run.outcome


def began(store: Store, run: Run) -> datetime:
    """When a run began with its items, as far as can be told: loading a model is no part of its pace.

    A cluster's images come by lots, of which the first tells nothing.
    """
    arguments = json.loads(run.arguments)
    if run.command != "generate" or (arguments.get("engine") or {}).get("engine", "local") != "local":
        return run.started_utc
    found = store.rows("run_began", RunBegan, run_id=run.run_id, batch_size=arguments.get("batch_size", 1))
    return max(run.started_utc, found[0].began_utc) if found else run.started_utc


def note_killed(store: Store) -> None:
    """The same from a command that only reads: as far as the file can be written, and with next to no waiting."""
    with contextlib.suppress(WorkbenchError, OSError, duckdb.Error):
        end_killed(Store(store.path, lock_seconds=NOTE_SECONDS))


class RunLog:
    """The row of one run, as a context: entered it is running, left it says how it ended.

    ``done`` and ``failed`` grow with ``step``, whose result belongs into the transaction that writes the items.

    Args:
        store: the study, or what takes rows in its stead.
        command: its name.
        arguments: what it was asked, as JSON values.
        packages: whose versions make the result.
        device: what computes; None: nothing does, or not known yet.
        settings_id: of the images that it makes; None: it makes none.
        planned: items that it is to do, as far as that is known at its start.
    """

    def __init__(
        self,
        store: Sink,
        command: str,
        arguments: Mapping[str, object],
        packages: Sequence[str] = (),
        device: str | None = None,
        settings_id: str | None = None,
        planned: int = 0,
    ) -> None:
        now = utc_now()
        checkout = Path(__file__).parents[2]
        git = git_state(checkout) if (checkout / ".git").exists() else None
        self._store = store
        self._started = Run(
            run_id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}",
            command=command,
            arguments=json.dumps(arguments, sort_keys=True, default=str),
            versions=json.dumps(library_versions(packages), sort_keys=True),
            git_commit=git.commit if git else None,
            git_dirty=git.dirty if git else None,
            device=device,
            host=socket.gethostname(),
            pid=os.getpid(),
            process=this_process(),
            started_utc=now,
            updated_utc=now,
            planned=planned,
            settings_id=settings_id,
        )
        self.device = device
        self.planned = planned
        self.done = 0
        self.failed = 0
        self.message: str | None = None
        """What else there is to know of it; what ends it comes before."""

    @property
    def run_id(self) -> str:
        """Key of the run."""
        return self._started.run_id

    def step(self, done: int = 0, failed: int = 0) -> Write:
        """Count items; the write that says so."""
        self.done += done
        self.failed += failed
        return self._update("running", None)

    def __enter__(self) -> Self:
        if isinstance(self._store, Store):
            end_killed(self._store)
        self._store.write(Write(query="start_run", table="runs", records=[self._started]))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, SomeItemsFailed):
            outcome = "some failed" if self.failed else "done"
        elif isinstance(error, KeyboardInterrupt):
            outcome = "interrupted"
        else:
            outcome = "failed"
        if error is not None and not isinstance(error, KeyboardInterrupt):
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            self.message = f"{why}; {self.message}" if self.message else why
        self._store.write(self._update(outcome, utc_now()), settle=True)

    def _update(self, outcome: str, ended: datetime | None) -> Write:
        return Write(
            query="update_run",
            parameters={
                "run_id": self.run_id,
                "updated_utc": utc_now(),
                "ended_utc": ended,
                "outcome": outcome,
                "planned": max(self.planned, self.done + self.failed),
                "done": self.done,
                "failed": self.failed,
                "device": self.device,
                "message": self.message,
            },
        )
