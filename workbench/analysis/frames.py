"""Records as frames, and columns of frames as arrays."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, get_type_hints

import numpy as np
import numpy.typing as npt
import polars as pl

Values = npt.NDArray[np.float64]

_TYPES: dict[Any, Any] = {
    str: pl.String,
    str | None: pl.String,
    int: pl.Int64,
    int | None: pl.Int64,
    float: pl.Float64,
    float | None: pl.Float64,
    bool: pl.Boolean,
}


def records_frame(records: Sequence[Any], record: type[Any]) -> pl.DataFrame:
    """The records as a frame, with the same columns and types however many there are."""
    hints = get_type_hints(record)
    schema = {f.name: _TYPES[hints[f.name]] for f in dataclasses.fields(record)}
    return pl.DataFrame([[getattr(r, name) for name in schema] for r in records], schema=schema, orient="row")


def values(frame: pl.DataFrame, name: str) -> Values:
    """A column as float64, NaN where it is NULL."""
    return frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy().copy()


def by_kind(frame: pl.DataFrame, kinds: Sequence[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of each kind, ``all`` being both together; a kind without rows is left out."""
    for kind in kinds:
        chosen = frame if kind == "all" else frame.filter(pl.col("kind") == kind)
        if chosen.height:
            yield kind, chosen


def number(value: float) -> float | None:
    """The value as a record holds it: None in place of what is not finite."""
    return float(value) if np.isfinite(value) else None
