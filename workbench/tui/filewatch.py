"""When the file has to be read again, and what is known of its writer."""

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from workbench.records import Run
from workbench.store import outcome_now, stamp, utc_now

ACTIVE_SECONDS = 5.0
"""After a change of the file its writer is said to be active for this long."""
RUN_SILENT = timedelta(minutes=1)
"""A run that gave no sign for this long is quiet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at the file tells."""

    changed: bool
    """Since it was read, or it could not be read then."""
    activity: str
    """Who writes; empty: nobody."""


class FileWatch:
    """Looks at a file by ``stat`` alone.

    Args:
        path: of the database file, which may not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = stamp(path)
        self._changed_at = -ACTIVE_SECONDS
        self._locked = False
        self._run: Run | None = None

    def reading(self) -> None:
        """The file is read now."""
        self._read = stamp(self._path)

    def done(self) -> None:
        """It could be read."""
        self._locked = False

    def locked(self) -> None:
        """The file could not be read because of its writer: it has to be read again."""
        self._locked = True

    def last_run(self, run: Run | None) -> None:
        """The newest run that the file tells of."""
        self._run = run

    def look(self) -> Look:
        """Look at it."""
        now = stamp(self._path)
        changed = now.parts != self._read.parts
        if changed and self._read.exists and now.exists:
            self._changed_at = time.monotonic()
        writing = now.writer_waits or time.monotonic() - self._changed_at < ACTIVE_SECONDS
        return Look(changed=changed or self._locked, activity=self._activity(writing and now.exists))

    def _activity(self, writing: bool) -> str:
        if self._locked:
            return "writer active, waiting for the file"
        run = self._run
        if run is not None and standing(run) == "running":
            return f"wb {run.command}: {run.done:,} of {run.planned:,}"
        return "writer active" if writing else ""


def standing(run: Run) -> str:
    """How a run ended, or that it goes on: with a sign of life in the last minute, or quietly."""
    found = outcome_now(run)
    return "quiet" if found == "running" and utc_now() - run.updated_utc >= RUN_SILENT else found
