"""Short connections to one DuckDB file that several processes share.

DuckDB lets one process write or many read, never both, so every connection here lives for one query or one
transaction. A writer that has to wait says so with an intent file; readers give way to it, else polling readers
would starve it.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import fasteners
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_delay, wait_random

from workbench.errors import StoreError, StoreLocked, StoreMissing

STORAGE_VERSION = "v1.4.0"
"""On-disk format: what DuckDB 1.4, the oldest client we promise, can read."""

INTENT_FRESH_SECONDS = 2.0
"""An intent file older than this was left by a writer that died."""

GIVE_WAY_SECONDS = 5.0
"""How long a reader gives way to waiting writers before it asks all the same."""

_gates: dict[Path, fasteners.ReaderWriterLock] = {}
_gates_guard = threading.Lock()


def _gate(path: Path) -> fasteners.ReaderWriterLock:
    """The lock between this process's own threads: one process cannot mix both modes on a file."""
    with _gates_guard:
        return _gates.setdefault(path, fasteners.ReaderWriterLock())


def intent_file(path: Path) -> Path:
    """The file that a waiting writer touches, so that readers give way."""
    return path.with_name(path.name + ".writer-waits")


def _is_lock(error: BaseException) -> bool:
    return isinstance(error, duckdb.IOException) and "Could not set lock on file" in str(error)


def _connect(
    path: Path, *, read_only: bool, timeout: float, on_wait: Callable[[RetryCallState], None]
) -> duckdb.DuckDBPyConnection:
    if not path.is_file():
        raise StoreMissing(f"no database file {path}", "wb ingest makes it; --db FILE or WB_DB names another")
    retrying = Retrying(
        retry=retry_if_exception(_is_lock),
        wait=wait_random(0.01, 0.08),
        stop=stop_after_delay(timeout),
        before_sleep=on_wait,
        reraise=True,
    )
    try:
        con: duckdb.DuckDBPyConnection = retrying(duckdb.connect, path, read_only=read_only)
        # DuckDB would draw its bar on stdout after two seconds, into the data.
        con.execute("SET enable_progress_bar = false")
        return con
    except duckdb.IOException as error:
        if _is_lock(error):
            hint = "another program holds the file open: close it, or wait and try again"
            raise StoreLocked(f"{path} stayed locked for {timeout:.0f} s", hint) from error
        raise StoreError(f"{path} is not a readable DuckDB file", _not_readable_hint(path, error)) from error
    except duckdb.Error as error:
        raise StoreError(f"{path} cannot be opened: {_first_line(error)}", _not_readable_hint(path, error)) from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]


def _not_readable_hint(path: Path, error: BaseException) -> str:
    if path.stat().st_size == 0:
        return "the file has no content: remove it, and wb ingest makes it"
    return f"DuckDB says: {_first_line(error)}"


def create_file(path: Path) -> None:
    """Make an empty database file in the storage format that we promise; leave an existing one alone.

    Raises:
        StoreError: If the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(duckdb.connect()) as con:
            con.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' (STORAGE_VERSION '{STORAGE_VERSION}')")
    except (OSError, duckdb.Error) as error:
        if _is_lock(error) and path.exists():  # another process is making it right now
            return
        raise StoreError(f"cannot create {path}: {_first_line(error)}", "check the folder's rights") from error


def has_our_format(con: duckdb.DuckDBPyConnection) -> bool:
    """The open file is in the storage format that we promise, which it keeps from its first byte on."""
    tags = con.execute("SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal").fetchall()
    return any(str(version).startswith(STORAGE_VERSION) for (version,) in tags)


@contextlib.contextmanager
def reading(path: Path, timeout: float) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection for one query; gives way to a waiting writer.

    Raises:
        StoreMissing: If there is no file.
        StoreLocked: If a writer held it for longer than timeout, in seconds.
        StoreError: If it is not a DuckDB file.
    """
    _give_way(path)
    with (
        _gate(path).read_lock(),
        contextlib.closing(_connect(path, read_only=True, timeout=timeout, on_wait=lambda _: None)) as con,
    ):
        yield con


@contextlib.contextmanager
def writing(path: Path, timeout: float) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-write connection for one transaction: committed at the end, rolled back on any exception.

    Raises:
        StoreMissing: If there is no file.
        StoreLocked: If others held it for longer than timeout, in seconds.
        StoreError: If it is not a DuckDB file.
    """
    intent = intent_file(path)
    with _gate(path).write_lock():
        try:
            con = _connect(path, read_only=False, timeout=timeout, on_wait=lambda _: intent.touch())
        finally:
            intent.unlink(missing_ok=True)
        with contextlib.closing(con):
            con.begin()
            try:
                yield con
            except BaseException:
                con.rollback()
                raise
            con.commit()


def _give_way(path: Path) -> None:
    intent = intent_file(path)
    deadline = time.monotonic() + GIVE_WAY_SECONDS
    while time.monotonic() < deadline:
        try:
            age = time.time() - intent.stat().st_mtime
        except FileNotFoundError:
            return
        if age > INTENT_FRESH_SECONDS:
            return
        time.sleep(0.02)
