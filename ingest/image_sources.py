"""Where reference images lie: a folder whose file names carry QIDs, or an index that maps QIDs to files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.report import Problem
from ingest.tables import Row, read_table
from ingest.text import parse_integer, parse_qid, split_people
from workbench.errors import IngestError

INDEX = "index.csv"
_NAME = re.compile(r"(?P<qid>[Qq][1-9][0-9]{0,11})(?:[_-](?P<number>[0-9]{1,6}))?")
_FOLDER = re.compile(r"[Qq][1-9][0-9]{0,11}")
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".jp2", ".avif", ".heic", ".svg"}
"""Ends of names that promise a picture."""
_NOTES = {".txt", ".md", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml"}
"""Files that may lie beside pictures."""
_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageEntry:
    """A picture that a source offers."""

    qid: str
    file: Path
    """Where it lies; of a download, its name."""
    content: bytes | None = field(default=None, repr=False)
    """Its bytes, where they are here already."""
    rank: int | None = None
    """Its place among the images of the reference; None: after those before it."""
    title: str | None = None
    creators: Sequence[str] = ()
    source_url: str | None = None
    author: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSource:
    """What a folder or an index offers."""

    path: Path
    entries: Sequence[ImageEntry]
    problems: Sequence[Problem]
    nameless: Sequence[Path]
    """Pictures whose name, or whose folder's, carries no QID: it may be a title."""


def find_images(path: Path) -> ImageSource:
    """List the pictures of a folder or an index, without opening them.

    Raises:
        IngestError: If there is none.
    """
    if path.is_dir():
        index = path / INDEX
        source = _read_index(index) if index.is_file() else _read_folder(path)
    elif path.suffix.lower() in (".csv", ".tsv") or not path.exists():
        source = _read_index(path)
    else:
        raise IngestError(f"{path} is neither a folder nor a CSV file", f"name a folder of Q123.jpg, or its {INDEX}")
    if not source.entries and not source.problems and not source.nameless:
        hint = f"name files Q123.jpg or Q123_2.jpg, or folders Q123, or add an {INDEX} with the columns qid and file"
        raise IngestError(f"{path} has no pictures with a QID", hint)
    return source


def _read_index(path: Path) -> ImageSource:
    table = read_table(path, ("qid", "file"))
    entries, problems = [], list(table.problems)
    for row in table.rows:
        try:
            entries.append(_index_entry(row, path.parent))
        except ValueError as error:
            problems.append(table.problem(row, str(error)))
    return ImageSource(path=path, entries=entries, problems=problems, nameless=())


def _index_entry(row: Row, folder: Path) -> ImageEntry:
    qid = parse_qid(row.cell("qid"))
    file = listed_file(row.cells.get("file", ""), folder)
    rank = parse_integer(row.cell("rank"), "rank") if row.cell("rank") else None
    if rank is not None and not 1 <= rank <= 1_000_000:
        raise ValueError(f"rank {rank} is not a number from 1")
    return ImageEntry(
        qid=qid,
        file=file,
        rank=rank,
        title=row.cell("title", "label") or None,
        creators=split_people(row.cell("artist", "creator")),
        source_url=row.cell("source_url") or None,
        author=row.cell("author", "artist") or None,
        licence=row.cell("licence", "license") or None,
    )


def listed_file(name: str, folder: Path) -> Path:
    """The file that an index names: a regular one inside its folder, so that an index from elsewhere reads no other.

    Raises:
        ValueError: If it is none.
    """
    if not name or "\0" in name:
        raise ValueError("no file is named")
    file = folder / name
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{name} lies outside the folder of the index")
        if not file.is_file():
            raise ValueError(f"{name}: " + ("not a regular file" if file.exists() else "no such file"))
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "its links lead in a circle"
        raise ValueError(f"{name} cannot be read: {reason}") from error
    return file


def _read_folder(folder: Path) -> ImageSource:
    try:
        return _scan(folder)
    except OSError as error:
        raise IngestError(f"cannot read {error.filename or folder}: {error.strerror}", "check its rights") from error


def _scan(folder: Path) -> ImageSource:
    entries: list[ImageEntry] = []
    nameless: list[Path] = []
    for path in visible(folder):
        if path.is_dir():
            files = [file for file in visible(path) if _may_be_picture(file)]
            if _FOLDER.fullmatch(path.name):
                entries += [_folder_entry(path.name, file) for file in files]
            else:
                nameless += [file for file in files if file.suffix.lower() in PICTURES]
        elif match := _NAME.fullmatch(path.stem):
            entries += [_folder_entry(match["qid"], path)] if _may_be_picture(path) else []
        elif path.suffix.lower() in PICTURES:
            nameless.append(path)
    return ImageSource(path=folder, entries=entries, problems=(), nameless=nameless)


def _folder_entry(qid: str, file: Path) -> ImageEntry:
    return ImageEntry(qid=parse_qid(qid), file=file)


def _may_be_picture(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() not in _NOTES


def visible(folder: Path) -> list[Path]:
    """What lies in a folder, hidden files apart, with numbers in their order.

    Raises:
        OSError: If it cannot be read.
    """
    return sorted((path for path in folder.iterdir() if not path.name.startswith(".")), key=_natural)


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sorts ``Q1_2`` before ``Q1_10``, and ``Q1.jpg`` before both."""
    parts = _DIGITS.split(path.stem.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts] + [(-2, path.name)]
