"""Whether a database file has changed, by ``stat`` alone: nothing is opened."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from workbench.store.connection import INTENT_FRESH_SECONDS, intent_file
from workbench.store.rollback import log_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What tells one state of a file from another."""

    parts: tuple[tuple[int, int, int] | None, ...]
    """Inode, size and modification time of the file and of its write-ahead log; None: not there."""
    writer_waits: bool
    """A writer waits for its turn."""

    @property
    def exists(self) -> bool:
        """Whether there is a file."""
        return self.parts[0] is not None


def stamp(path: Path) -> Stamp:
    """Look at a database file."""
    intent = _stat(intent_file(path))
    waits = intent is not None and abs(time.time() - intent.st_mtime) <= INTENT_FRESH_SECONDS
    found = [_stat(p) for p in (path, log_file(path))]
    return Stamp(parts=tuple(s and (s.st_ino, s.st_size, s.st_mtime_ns) for s in found), writer_waits=waits)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
