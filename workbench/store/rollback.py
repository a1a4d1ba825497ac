"""A copy of the file from before its checkpoint, taken back where the checkpoint was killed.

DuckDB brings its write-ahead log into the file by a checkpoint, which overwrites blocks that hold metadata in place:
a process killed inside one write leaves a torn block, and no client reads the file any more. So our connections
append to the log only, which a kill cannot harm, and a checkpoint is made here, beside a copy of the file and of its
log. Whoever opens the file next and finds that copy knows that the checkpoint did not end. A change of the schema
never rests in the log: DuckDB 2.0 cannot read back the tables there whose checks or columns call functions.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import duckdb
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from workbench.errors import StoreError, StoreLocked

LOG_BYTES = 256 * 1024
"""A log larger than this is brought into the file: every connection reads the log when it opens, 40 ms for 1 MB."""
LOG_SHARE = 64
"""… unless the file is larger than this many logs: a checkpoint costs a copy of the file."""

BUSY = wait_random(0.01, 0.08)
"""Seconds to wait before asking again for a file that others hold."""

_CHUNK = 1 << 24


def log_file(path: Path) -> Path:
    """DuckDB's write-ahead log of a database file."""
    return path.with_name(path.name + ".wal")


def _copies(path: Path) -> tuple[Path, Path]:
    """Of the file and of its log; the first, made last and removed first, says that both are whole."""
    return path.with_name(path.name + ".before-checkpoint"), path.with_name(path.name + ".wal.before-checkpoint")


def append_only(con: duckdb.DuckDBPyConnection) -> None:
    """Keep DuckDB from a checkpoint of its own accord."""
    con.execute("SET checkpoint_threshold = '1 TB'")
    con.execute("PRAGMA disable_checkpoint_on_shutdown")


def due(path: Path, before: os.stat_result) -> bool:
    """Whether a checkpoint is worth its copy: the log has grown, or means rows that lie in the file already.

    Such rows, of a large transaction, cost little of the log, but every connection goes through them when it opens.

    Args:
        path: of the file.
        before: its state before the transaction.
    """
    now = path.stat()
    there = (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns)
    return there or _size(log_file(path)) > max(LOG_BYTES, now.st_size // LOG_SHARE)


def checkpoint(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the log into the file, so that a kill at any moment loses nothing; con is closed.

    What cannot be done now, as the disk is full, is left to the next: the log has it all.

    Args:
        con: a read-write connection without a transaction.
        path: of its file.
    """
    if _size(log_file(path)):
        with contextlib.suppress(OSError, duckdb.Error), taken_back_if_killed(con, path):
            con.execute("CHECKPOINT")


@contextlib.contextmanager
def taken_back_if_killed(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """What ends in a checkpoint, and else has not been; con is closed.

    Args:
        con: a read-write connection without a transaction.
        path: of its file.

    Raises:
        OSError: If there is no room for a copy; nothing was done.
    """
    with path.open("rb") as file:  # open for longer than con: to close it gives up the lock of the whole process
        try:
            _keep(file, path)
            yield
            _drop(path)
        finally:
            con.close()


def locked(path: Path, timeout: float, holder: str = "another program") -> StoreLocked:
    """What to say when others hold a file."""
    hint = f"{holder} holds the file open: close it, or wait and try again"
    return StoreLocked(f"{path} stayed locked for {timeout:.0f} s", hint)


def left_behind(path: Path) -> bool:
    """Whether a checkpoint is at work, or was killed."""
    return _copies(path)[0].exists()


def take_back(path: Path, timeout: float) -> None:
    """Undo a checkpoint that was killed; where it had ended, or another process makes one, do nothing.

    Nothing in this process may have the file open.

    Raises:
        StoreLocked: If others held the file for longer than timeout, in seconds.
        StoreError: If the file cannot be written.
    """
    busy = Retrying(
        retry=retry_if_exception_type(BlockingIOError), wait=BUSY, stop=stop_after_delay(timeout), reraise=True
    )
    try:
        with path.open("r+b") as file:
            busy(_lock, file)
            kept, kept_log = _copies(path)
            if kept.exists() and _begins_with(log_file(path), kept_log):
                with kept.open("rb") as source:
                    _copy(source, file)
                os.truncate(log_file(path), kept_log.stat().st_size)
            _drop(path)
    except BlockingIOError as error:
        raise locked(path, timeout) from error
    except OSError as error:
        hint = "a command was killed while it tidied the file up: any wb command mends it that may write there"
        raise StoreError(f"{path} cannot be mended: {error.strerror}", hint) from error


def _keep(file: BinaryIO, path: Path) -> None:
    kept, kept_log = _copies(path)
    unfinished = kept.with_name(kept.name + ".part")
    try:
        kept_log.write_bytes(log_file(path).read_bytes() if log_file(path).exists() else b"")
        with unfinished.open("wb") as copy:
            _copy(file, copy)
        unfinished.replace(kept)
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    shutil.copyfileobj(source, target, _CHUNK)
    target.truncate()
    target.flush()
    os.fsync(target.fileno())


if sys.platform == "win32":

    def _lock(file: BinaryIO) -> None:
        """Nothing to do: what DuckDB has open cannot be opened for writing."""

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the same lock as DuckDB's


def _drop(path: Path) -> None:
    for copy in _copies(path):
        copy.unlink(missing_ok=True)


def _begins_with(log: Path, kept: Path) -> bool:
    """The log is the one that was kept, and perhaps more: a checkpoint that ended has removed it."""
    return _size(log) > 0 and log.read_bytes().startswith(kept.read_bytes())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
