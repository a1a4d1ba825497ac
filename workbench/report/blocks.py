"""What a section of the report is made of; both forms, HTML and Markdown, are written from these."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A paragraph."""

    text: str
    missing: bool = False
    """It says why there is nothing to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Short statements, one below the other."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The head of a column."""

    title: str
    numeric: bool
    """Set to the right, in figures of one width."""
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose cells are text already."""

    caption: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[str]]
    reasons: Sequence[str] = ()
    """Why numbers are missing: rows refer to them by (1), (2), …"""
    note: str = ""
    """What was left out, and the command that gives all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing."""

    name: str
    """Of its file, without suffix: letters, digits and hyphens."""
    svg: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A small picture."""

    name: str
    """Of its file, without suffix."""
    jpeg: bytes
    width: int
    """As shown: very small ones at twice their size."""
    height: int
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRow:
    """Pictures of one reference beside one another."""

    title: str
    text: str
    pictures: Sequence[Picture]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Rows of pictures."""

    caption: str
    rows: Sequence[PictureRow]


Block = Said | Points | Table | Figure | Gallery


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Rows that a section is made of, as SQL to be asked by hand."""

    query: str
    purpose: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section as it is written."""

    key: str
    title: str
    blocks: Sequence[Block]
    caveat: str
    command: str
    """That prints its table; empty: none does."""
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole document."""

    title: str
    subtitle: str
    parts: Sequence[Part]
    caveats: Sequence[str]
