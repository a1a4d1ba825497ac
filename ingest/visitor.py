"""What a client of other people's servers owes them: its name, and the waits that they ask for."""

import os
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version

CONTACT = "WB_CONTACT"
"""Environment variable: an e-mail address or a URL under which whoever asks can be reached."""
_PROJECT = "https://arxiv.org/abs/2511.11435"


def user_agent(library: str = "") -> str:
    """Who we are, and where to complain: Wikimedia turns away clients that do not say."""
    contact = " ".join(os.environ.get(CONTACT, "").split()) or _PROJECT
    release = version("multimodal-iconicity-workbench")
    return f"multimodal-iconicity-workbench/{release} ({contact}) {library}".strip().encode("ascii", "replace").decode()


def retry_after(header: str | None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for; None where it asks for nothing that can be read."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
