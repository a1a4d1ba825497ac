"""Records as Parquet parts: written whole, and checked as they are read."""

import dataclasses
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import polars as pl

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts(Generic[R]):
    """Rows of one table, and the files that could not be read."""

    rows: Sequence[R]
    damaged: Sequence[Path] = ()


def to_parquet(records: Sequence[Any]) -> bytes:
    """Records of one kind as a Parquet file; what follows from their other fields is left out."""
    rows = [{f.name: getattr(r, f.name) for f in dataclasses.fields(r) if f.init} for r in records]
    buffer = io.BytesIO()
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(buffer)
    return buffer.getvalue()


def read_parts(files: Sequence[Path], record: type[R], *, hashed: bool) -> Parts[R]:
    """Read the records of Parquet files.

    Args:
        files: one after the other.
        record: their kind.
        hashed: each is named by the SHA-256 of its bytes.
    """
    rows: list[R] = []
    damaged = []
    for file in files:
        try:
            if hashed and not is_whole(file):
                raise ValueError("its bytes are not those that it was named by")
            found = pl.read_parquet(file).to_dicts()
            rows += [record(**row) for row in found]
        except (OSError, ValueError, TypeError, pl.exceptions.PolarsError):
            damaged.append(file)
    return Parts(rows=rows, damaged=damaged)


def is_whole(file: Path) -> bool:
    """Whether a file is there, and has the bytes that its name is the SHA-256 of."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == file.name.partition(".")[0]
