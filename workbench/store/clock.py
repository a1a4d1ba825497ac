"""The time, as the file holds it."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, UTC, without a zone: what ``*_utc`` columns hold."""
    return datetime.now(UTC).replace(tzinfo=None)


def from_epoch(seconds: float) -> datetime:
    """A time given in seconds since 1970, as ``utc_now``."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
