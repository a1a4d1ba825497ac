"""CSV and TSV files of other people: read whole, with the line of every row."""

import csv
import difflib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest.report import Problem
from ingest.text import clean_text
from workbench.errors import IngestError

_DELIMITERS = ",\t;"


class _Lines(Protocol):
    """What the csv module reads with; it names no type for it."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row."""

    line: int
    """Line of the file on which it begins, from 1."""
    cells: Mapping[str, str]
    """As they are in the file, without outer space."""

    def cell(self, *columns: str) -> str:
        """Clean text of the first of these columns that holds any, else an empty text."""
        texts = (clean_text(self.cells.get(column, "")) for column in columns)
        return next((text for text in texts if text), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file with a header."""

    path: Path
    columns: Sequence[str]
    """Lower case."""
    rows: Sequence[Row]
    problems: Sequence[Problem]
    """Rows that do not fit the header; they are not among ``rows``."""

    def problem(self, row: Row, reason: str) -> Problem:
        """What is wrong with a row."""
        return Problem(where=f"{self.path.name}:{row.line}", reason=reason)


def read_table(path: Path, required: Sequence[str]) -> Table:
    """Read a file in UTF-8 with or without a byte order mark; commas, tabs or semicolons separate its cells.

    Args:
        path: of the file.
        required: columns that it must have, in any order and case; several names joined by ``|``: one of them.

    Raises:
        IngestError: If it is missing, empty, not text, or lacks a column.
    """
    text = _read_text(path)
    header, _, _ = text.partition("\n")
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [clean_text(name).casefold() for name in next(reader, [])]
        _check_columns(path, columns, required)
        return _rows(path, columns, reader)
    except csv.Error as error:
        message = f"{path} is not a readable CSV file: line {reader.line_num}: {error}"
        raise IngestError(message, "is a quotation mark left open there?") from error


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise IngestError(f"no file {path}", "check the name, or the folder you are in") from error
    except OSError as error:
        raise IngestError(f"cannot read {path}: {error.strerror}", "name a file that you may read") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise IngestError(f"{path} is not UTF-8 text (line {line})", "save it as CSV in UTF-8") from error
    if not text.strip():
        raise IngestError(f"{path} is empty", "the first line names the columns, each further line is an item")
    return text


def _check_columns(path: Path, columns: Sequence[str], required: Sequence[str]) -> None:
    missing = [names for names in required if not set(names.split("|")) & set(columns)]
    if missing:
        near = {match for name in missing for match in difflib.get_close_matches(name, columns, n=1, cutoff=0.6)}
        offer = f"; did you mean {' and '.join(map(repr, sorted(near)))}?" if near else ""
        lacks = ", ".join(name.replace("|", " or ") for name in missing)
        raise IngestError(f"{path} has no column {lacks}", f"columns found: {', '.join(columns)[:300]}{offer}")
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise IngestError(f"{path} has two columns named {twice[0]}", "rename or remove one of them")


def _rows(path: Path, columns: Sequence[str], reader: "_Lines") -> Table:
    rows, problems = [], []
    line = reader.line_num + 1
    for cells in reader:
        row = Row(line=line, cells=dict(zip(columns, map(str.strip, cells), strict=False)))
        line = reader.line_num + 1
        if len(cells) > len(columns):
            reason = f"{len(cells)} cells, but the header has {len(columns)}: is a text with a separator unquoted?"
            problems.append(Problem(where=f"{path.name}:{row.line}", reason=reason))
        elif any(row.cells.values()):
            rows.append(row)
    return Table(path=path, columns=columns, rows=rows, problems=problems)
