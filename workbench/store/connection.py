"""Short connections to one DuckDB file that several processes share.

DuckDB lets one process write or many read, never both, so every connection here lives for one query or one
transaction. A writer that has to wait says so with an intent file; readers give way to it, else polling readers
would starve it. A kill at any moment leaves a file that opens: see ``rollback``.
"""

import contextlib
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import fasteners
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_delay

from workbench.errors import StoreError, StoreMissing
from workbench.store import rollback

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
        wait=rollback.BUSY,
        stop=stop_after_delay(timeout),
        before_sleep=on_wait,
        reraise=True,
    )
    try:
        con: duckdb.DuckDBPyConnection = retrying(duckdb.connect, path, read_only=read_only)
        # DuckDB would draw its bar on stdout after two seconds, into the data.
        con.execute("SET enable_progress_bar = false")
        return con
    except duckdb.Error as error:
        if _is_lock(error):
            raise rollback.locked(path, timeout, _holder(error)) from error
        raise _refused(path, error) from error


def _holder(error: BaseException) -> str:
    """The program that holds the file, as far as DuckDB could see it."""
    found = re.search(r"lock is held in (?:.*/)?(.+?) \(PID (\d+)\)", str(error))
    return f"{found[1]} (process {found[2]})" if found else "another program"


def _refused(path: Path, error: duckdb.Error) -> StoreError:
    """What to say where DuckDB cannot open a file; one of CSV it would take for a database in memory."""
    told = _first_line(error)
    if isinstance(error, duckdb.IOException) and (
        no_right := re.search(r"(?i)(read-only file system|permission denied)", told)
    ):
        return StoreError(
            f"{path} cannot be opened: {no_right[1]}", "it takes the right to read it, and to write in its folder"
        )
    return StoreError(f"{path} is not a readable DuckDB file", _not_readable_hint(path, error))


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]


def _not_readable_hint(path: Path, error: BaseException) -> str:
    if path.stat().st_size == 0:
        return "the file has no content: remove it, and wb ingest makes it"
    return f"DuckDB says: {_first_line(error)}"


def create_file(path: Path, fill: Callable[[duckdb.DuckDBPyConnection], object] = lambda _: None) -> None:
    """Make a database file in the storage format that we promise, whole or not at all; leave an existing one alone.

    Args:
        path: of the file.
        fill: writes what it holds from the first, in a transaction.

    Raises:
        StoreError: If the folder cannot be written, or holds the log of a file of that name.
    """
    log = rollback.log_file(path)
    if log.exists() and not path.exists():
        hint = f"bring {path.name} back from where it went, or remove the log: it holds the newest rows of that file"
        raise StoreError(f"{log} is the log of a file that is gone", hint)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
            made = Path(folder) / path.name
            quoted = str(made).replace("'", "''")
            with contextlib.closing(duckdb.connect()) as con:
                con.execute(f"ATTACH '{quoted}' (STORAGE_VERSION '{STORAGE_VERSION}')")
            with contextlib.closing(duckdb.connect(made)) as con:
                con.begin()
                fill(con)
                con.commit()
            _name(made, path)
    except (OSError, duckdb.Error) as error:
        raise StoreError(f"cannot create {path}: {_first_line(error)}", "check the folder's rights") from error


def _name(made: Path, path: Path) -> None:
    """Give a file its name, unless another process made one of that name right now."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            made.rename(path)


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
    with contextlib.ExitStack() as held:
        yield _connect_whole(path, _gate(path).read_lock, held, read_only=True, timeout=timeout)


@contextlib.contextmanager
def writing(path: Path, timeout: float, *, settle: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-write connection for one transaction: committed at the end, rolled back on any exception.

    Args:
        path: of the file.
        timeout: how long to wait for others, in seconds.
        settle: bring it into the file itself; else it may stay in the log beside it, where every client reads it.

    Raises:
        StoreMissing: If there is no file.
        StoreLocked: If others held it for longer.
        StoreError: If it is not a DuckDB file.
    """
    with _alone(path, timeout) as con:
        before = path.stat()
        with _transaction(con):
            yield con
        if settle or rollback.due(path, before):
            rollback.checkpoint(con, path)


@contextlib.contextmanager
def upgrading(path: Path, timeout: float) -> Iterator[duckdb.DuckDBPyConnection]:
    """As ``writing``, for changes of the schema, which must not rest in the log.

    Raises:
        StoreError: As ``writing``, or if there is no room for a copy of the file.
    """
    with _alone(path, timeout) as con:
        try:
            with rollback.taken_back_if_killed(con, path):
                with _transaction(con):
                    yield con
                con.execute("CHECKPOINT")
        except OSError as error:
            hint = "its schema is older, and an upgrade needs room for a copy of the file beside it"
            raise StoreError(f"{path} cannot be upgraded: {error.strerror}", hint) from error


@contextlib.contextmanager
def _alone(path: Path, timeout: float) -> Iterator[duckdb.DuckDBPyConnection]:
    """The one read-write connection of all processes, which appends to the log only."""
    intent = intent_file(path)
    with contextlib.ExitStack() as held:
        try:
            con = _connect_whole(
                path,
                _gate(path).write_lock,
                held,
                read_only=False,
                timeout=timeout,
                on_wait=lambda _: _announce(intent),
            )
        finally:
            with contextlib.suppress(OSError):
                intent.unlink()
        rollback.append_only(con)
        yield con


def _announce(intent: Path) -> None:
    """Ask readers to give way; where the folder takes no file, the writer takes its chance."""
    with contextlib.suppress(OSError):
        intent.touch()


@contextlib.contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _connect_whole(
    path: Path,
    lock: Callable[[], contextlib.AbstractContextManager[object]],
    held: contextlib.ExitStack,
    *,
    read_only: bool,
    timeout: float,
    on_wait: Callable[[RetryCallState], None] = lambda _: None,
) -> duckdb.DuckDBPyConnection:
    """Connect to a file in which no checkpoint was killed: one that was, also while this waited, is taken back."""
    while True:
        if rollback.left_behind(path):
            with _gate(path).write_lock():
                rollback.take_back(path, timeout)
        with contextlib.ExitStack() as trying:
            trying.enter_context(lock())
            try:
                con = _connect(path, read_only=read_only, timeout=timeout, on_wait=on_wait)
            except StoreError:
                if not rollback.left_behind(path):
                    raise
                continue
            trying.enter_context(contextlib.closing(con))
            if not rollback.left_behind(path):
                held.enter_context(trying.pop_all())
                return con


def _give_way(path: Path) -> None:
    intent = intent_file(path)
    deadline = time.monotonic() + GIVE_WAY_SECONDS
    while time.monotonic() < deadline:
        try:
            age = time.time() - intent.stat().st_mtime
        except FileNotFoundError:
            return
        if abs(age) > INTENT_FRESH_SECONDS:  # in the future: of a machine whose clock is ahead
            return
        time.sleep(0.02)
