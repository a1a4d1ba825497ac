"""Files of captions, as web-scale sets have them: Parquet, CSV, TSV or JSON lines, read in batches of one column."""

import gzip
import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from workbench.errors import IngestError

COLUMNS = ("TEXT", "caption", "text", "title", "alt")
"""Looked for in this order, in any case, where no column is named."""
BATCH = 65_536
"""Captions at a time; memory is that of a few batches, whatever the size of a file."""
_EDGE = 65_536
_BLOCK = 16 << 20
Batches = Iterator[pa.Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    """A file of captions that can be read."""

    path: Path
    column: str
    """As the file spells it."""
    file_id: str
    """Of its content and the column: the same file elsewhere is the same."""
    batches: Callable[[], Batches]
    """Reads it; raises IngestError where it is damaged."""


def find_captions(patterns: Sequence[str]) -> list[Path]:
    """The files that paths, folders and patterns name, each once, sorted.

    Raises:
        IngestError: If one names nothing.
    """
    found: dict[Path, None] = {}
    for pattern in patterns:
        path = Path(pattern)
        if path.is_dir():
            paths = [p for p in path.rglob("*") if _reader(p) and p.is_file()]
        else:
            paths = [path] if path.is_file() else _matching(path)
        if not paths:
            hint = "a file, a folder, or a quoted pattern: --captions 'laion/*.parquet'"
            raise IngestError(f"no caption files at {pattern}", hint)
        found |= dict.fromkeys(sorted(paths))
    return list(found)


def _matching(pattern: Path) -> list[Path]:
    """Files that a pattern names: its first part that holds a wildcard is looked for in the folder before it."""
    parts = pattern.parts
    first = next((n for n, part in enumerate(parts) if set(part) & set("*?[")), None)
    if first is None:
        return []
    return [path for path in Path(*parts[:first]).glob("/".join(parts[first:])) if path.is_file()]


def open_captions(path: Path, column: str | None = None) -> Captions:
    """Look at a file: which column holds its captions.

    Raises:
        IngestError: If its kind is not known, it cannot be read, or it has no such column.
    """
    reader = _reader(path)
    if reader is None:
        raise IngestError(
            f"{path.name} is not a kind of file that is read", "Parquet, CSV, TSV or JSON lines, also .gz"
        )
    with _damage(path):
        name = _pick(path, reader.columns(path), column)
        file_id = _file_id(path, name)
    return Captions(path=path, column=name, file_id=file_id, batches=lambda: _guarded(path, reader.batches(path, name)))


def _file_id(path: Path, column: str) -> str:
    size = path.stat().st_size
    digest = hashlib.sha256(f"{size}\x1f{column}\x1f".encode())
    with path.open("rb") as file:
        digest.update(file.read(_EDGE))
        file.seek(max(0, size - _EDGE))
        digest.update(file.read(_EDGE))
    return digest.hexdigest()[:32]


def _pick(path: Path, there: Sequence[str], wanted: str | None) -> str:
    by_name = {name.casefold(): name for name in reversed(there)}
    for name in (wanted,) if wanted else COLUMNS:
        if name in there:
            return name
        if name.casefold() in by_name:
            return by_name[name.casefold()]
    listed = ", ".join(there)[:200]
    what = f"column {wanted!r}" if wanted else f"column of captions ({', '.join(COLUMNS)})"
    raise IngestError(f"{path.name} has no {what}", f"name one of these with --column: {listed}")


class _damage:
    """Turns what readers raise on a damaged file into one line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, pa.ArrowException | OSError | ValueError | EOFError):
            reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            raise IngestError(f"{self._path.name} cannot be read: {reason}", "is it whole?") from error


def _guarded(path: Path, batches: Batches) -> Batches:
    with _damage(path):
        yield from batches


def _texts(column: pa.Array) -> pa.Array:
    """A column as texts; bytes that are no UTF-8 are read with replacements."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        try:
            return column.cast(pa.large_string())
        except pa.ArrowInvalid:
            return pa.array([None if v is None else v.decode(errors="replace") for v in column.to_pylist()])
    raise ValueError(f"its captions are {column.type}, not text")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    columns: Callable[[Path], Sequence[str]]
    batches: Callable[[Path, str], Batches]


def _parquet_columns(path: Path) -> Sequence[str]:
    with pq.ParquetFile(path) as file:
        return list(file.schema_arrow.names)


def _parquet_batches(path: Path, column: str) -> Batches:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH, columns=[column]):
            yield _texts(batch.column(0))


def _delimiter(path: Path) -> str:
    return "\t" if ".tsv" in (suffix.lower() for suffix in path.suffixes) else ","


def _open_csv(path: Path, columns: Sequence[str]) -> pa_csv.CSVStreamingReader:
    return pa_csv.open_csv(
        pa.input_stream(str(path), compression="detect"),
        read_options=pa_csv.ReadOptions(block_size=_BLOCK),
        parse_options=pa_csv.ParseOptions(
            delimiter=_delimiter(path), newlines_in_values=True, invalid_row_handler=lambda row: "skip"
        ),
        convert_options=pa_csv.ConvertOptions(
            include_columns=list(columns), column_types=dict.fromkeys(columns, pa.binary()), check_utf8=False
        ),
    )


def _csv_columns(path: Path) -> Sequence[str]:
    with _open_csv(path, ()) as reader:
        return [name.removeprefix("\ufeff") for name in reader.schema.names]


def _csv_batches(path: Path, column: str) -> Batches:
    with _open_csv(path, (column,)) as reader:
        for batch in reader:
            yield _texts(batch.column(0))


def _lines(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _json_columns(path: Path) -> Sequence[str]:
    with _lines(path) as lines:
        first = json.loads(next((line for line in lines if line.strip()), b"{}"))
    return list(first) if isinstance(first, dict) else []


def _json_batches(path: Path, column: str) -> Batches:
    with _lines(path) as lines:
        while batch := list(itertools.islice(lines, BATCH)):
            values = [_object(line).get(column) for line in batch if line.strip()]
            yield pa.array([value if isinstance(value, str) else None for value in values], pa.string())


def _object(line: bytes) -> dict[str, object]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise ValueError(f"a line is no JSON object: {line[:40]!r}")
    return found


_READERS = {
    ".parquet": _Reader(columns=_parquet_columns, batches=_parquet_batches),
    ".csv": _Reader(columns=_csv_columns, batches=_csv_batches),
    ".tsv": _Reader(columns=_csv_columns, batches=_csv_batches),
    ".jsonl": _Reader(columns=_json_columns, batches=_json_batches),
    ".ndjson": _Reader(columns=_json_columns, batches=_json_batches),
}


def _reader(path: Path) -> _Reader | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return _READERS.get(suffixes[-1]) if suffixes else None
