"""One class per table that says what an endpoint knows of items: frozen, its fields are the columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceLabel:
    """A row of ``reference_labels``: what a reference is called in one language."""

    qid: str
    language: str
    """Its code; ``mul``: for all languages that have no label of their own."""
    label: str
    description: str | None = None
    aliases: Sequence[str] = ()
    """In alphabetical order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointAnswer:
    """A row of ``endpoint_answers``: a query and its raw answer."""

    answer_id: str
    endpoint: str
    """Its URL."""
    question: str
    """Name of the query file."""
    query: str
    answer: bytes
    """The body, compressed by gzip."""
    size: int
    """Bytes of the body before compression."""
    result_rows: int
    first_utc: datetime
    last_utc: datetime
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LostItem:
    """A row of ``lost_items``: a reference whose item was merged into another, or deleted."""

    qid: str
    state: str
    """``redirected`` or ``deleted``."""
    target: str | None = None
    endpoint: str
    run_id: str
