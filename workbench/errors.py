"""What can go wrong, and the exit code that says so."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STORE = 3
    """The database file is locked, missing, corrupt or too new."""
    SOME_FAILED = 4
    """The command went through, but some items failed: they are listed."""
    INTERRUPTED = 130


class WorkbenchError(Exception):
    """Something a user can act on: one line, and a hint.

    Args:
        message: what is wrong, in one line.
        hint: what to do about it.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class StoreError(WorkbenchError):
    """The database file cannot be used."""

    exit_code = ExitCode.STORE


class StoreMissing(StoreError):
    """There is no database file at the path."""


class StoreLocked(StoreError):
    """Another process held the database file for longer than the deadline."""


class StoreTooNew(StoreError):
    """The database file was written by a newer version of the workbench."""


class QueryError(WorkbenchError):
    """A query was refused by the database."""


class ConfigError(WorkbenchError):
    """An argument or a setting makes no sense."""

    exit_code = ExitCode.USAGE


class IngestError(WorkbenchError):
    """A source could not be read."""


class ModelError(WorkbenchError):
    """A model could not be loaded or run."""


class MetricError(WorkbenchError):
    """A measure could not be computed from what it was given."""


class SomeItemsFailed(WorkbenchError):
    """The command went through; some items failed and are recorded."""

    exit_code = ExitCode.SOME_FAILED


def reason(error: BaseException) -> str:
    """First line of an error; its type before it, unless it is one that speaks for itself."""
    lines = str(error).strip().splitlines()
    if not lines:
        return type(error).__name__
    return lines[0] if isinstance(error, WorkbenchError | OSError) else f"{type(error).__name__}: {lines[0]}"
