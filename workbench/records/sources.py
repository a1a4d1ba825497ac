"""One class per table that says what sources said and when: frozen, its fields are the columns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A row of ``downloads``: a picture asked for over the network."""

    qid: str
    source: str
    status: str
    """``ok``, ``refused`` or ``failed``."""
    reason: str | None = None
    sha256: str | None = None
    page_url: str | None = None
    credit: str | None = None
    licence_url: str | None = None
    run_id: str
    place: int | None = None
    """From 1, among the files of Commons that the reference names; None: not one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionFile:
    """A row of ``caption_files``: a file of captions that was counted."""

    file_id: str
    path: str
    text_column: str
    captions: int
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionCount:
    """A row of ``caption_counts``: how many captions of a file mention a reference."""

    file_id: str
    qid: str
    measure: str
    """``title`` or ``ngrams``."""
    wording: str
    matches: int
    corroborated: int
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionSum:
    """What all of some caption files say of one reference (query ``caption_sums``)."""

    qid: str
    files: int
    captions: int
    """In those files."""
    matches: int
    corroborated: int
