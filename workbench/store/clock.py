"""The time, as the file holds it."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, UTC, without a zone: what ``*_utc`` columns hold."""
    return datetime.now(UTC).replace(tzinfo=None)
