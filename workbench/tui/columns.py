"""Columns of the tables: what a cell says, how wide it may be, how it sorts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.cells import cell_len, set_cell_size
from rich.text import Text

from workbench.options import printable

NONE = "–"
_MARKS = r"\p{M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table on screen."""

    name: str
    """In the Arrow table."""
    header: str
    meaning: str
    """One line, for the help."""
    show: Callable[..., str]
    """Of a value that is there, and of those of ``beside``."""
    right: bool = False
    """Right-aligned, as numbers are."""
    width: int = 0
    """In cells; 0: as wide as what is in it."""
    most: int = 24
    """Widest that it gets, in cells."""
    stretches: bool = False
    """Takes the width that is left."""
    empty: str = NONE
    """What a cell says that has no value."""
    highest_first: bool = False
    """What a first click sorts to."""
    beside: Sequence[str] = ()
    """Columns that say more on a value: how exactly it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """By which column a table is sorted."""

    column: str
    descending: bool

    def reversed(self) -> "Sort":
        """The other way round."""
        return Sort(column=self.column, descending=not self.descending)


MARKS = {None: "", False: "▲", True: "▼"}
"""How a header says that its column is sorted: not, ascending, descending."""
GROUP_MARK = "≡"
"""How it says that its equal values stay together."""
MEASURED = 1000
"""Rows of a column of lists that say how wide it is."""
PADDING = 2
"""Cells beside each column."""
STRETCH_LEAST, STRETCH_MOST, STRETCH_CUT = 18, 60, 8


def header(column: Column, sort: Sort | None, group: str | None = None) -> Text:
    """Header of a column, which says whether the table is sorted or grouped by it."""
    mark = MARKS[sort.descending if sort and sort.column == column.name else None]
    mark += GROUP_MARK if group == column.name else ""
    words = mark + column.header if column.right else column.header + mark
    return Text(words, justify="right" if column.right else "left", no_wrap=True, overflow="ellipsis")


def cell(column: Column, value: Any, beside: Sequence[Any] = ()) -> Text:
    """What a cell shows: data, never markup."""
    words = said(column, value, beside)
    return Text(words, justify="right" if column.right else "left", no_wrap=True, overflow="ellipsis")


def said(column: Column, value: Any, beside: Sequence[Any] = ()) -> str:
    """What a cell says."""
    return column.empty if value is None else column.show(value, *beside)


def shortened(words: str, width: int) -> str:
    """Words in at most so many cells, with an ellipsis where they are cut."""
    return words if cell_len(words) <= width else set_cell_size(words, max(0, width - 1)) + "…"


def fitted(words: str, width: int, right: bool) -> str:
    """Words in so many cells, with an ellipsis where they are cut."""
    words = shortened(words, width)
    room = " " * (width - cell_len(words))
    return room + words if right else words + room


def widths(columns: Sequence[Column], table: pa.Table, available: int) -> list[int]:
    """Width of each column, without padding: as its content asks, and the rest to the one that stretches.

    Where not all fit, those that do are shown whole: half a number reads as another number. What is left of the width
    goes to the first column.
    """
    found = [STRETCH_LEAST if c.stretches else _width(c, table) for c in columns]
    rest = available - sum(found) - PADDING * len(columns)
    if rest < 0:
        return _whole(columns, found, available)
    stretched = min(STRETCH_LEAST + rest, STRETCH_MOST)
    return [stretched if c.stretches else width for c, width in zip(columns, found, strict=True)]


def _whole(columns: Sequence[Column], found: list[int], available: int) -> list[int]:
    """Widths of more columns than fit, with none cut at the edge."""
    ends = list(accumulate(width + PADDING for width in found))
    fit = sum(end <= available for end in ends)
    left = available - (ends[fit - 1] if fit else 0)
    if fit and columns[fit].stretches and left >= STRETCH_CUT + PADDING:
        return [*found[:fit], left - PADDING, *found[fit + 1 :]]  # it is text, which ends in an ellipsis
    return [found[0] + left, *found[1:]] if fit else found


def _width(column: Column, table: pa.Table) -> int:
    least = cell_len(column.header) + 1  # for the mark
    if column.width:
        return max(least, column.width)
    values = _distinct(table.select([column.name, *column.beside]))
    longest = max((cell_len(said(column, value, beside)) for value, *beside in values), default=0)
    return max(least, min(column.most, longest))


def _distinct(table: pa.Table) -> list[tuple[Any, ...]]:
    """Rows once each; of lists and structures, which Arrow does not compare, the first ones.

    Not by ``group_by``: it imports pandas where that is there, which stops the screen for half a second.
    """
    columns = table.columns
    if len(columns) > 1:
        return list(set(zip(*(column.to_pylist() for column in columns), strict=True)))
    if pa.types.is_nested(columns[0].type):
        return [(value,) for value in columns[0].slice(0, MEASURED).to_pylist()]
    if pa.types.is_dictionary(columns[0].type):
        return [(value,) for chunk in columns[0].chunks for value in pc.unique(chunk.dictionary).to_pylist()]
    return [(value,) for value in pc.unique(columns[0]).to_pylist()]


def text(value: Any) -> str:
    """Text from outside, without what could drive the terminal."""
    return printable(str(value)) or NONE


def count(value: Any) -> str:
    """A whole number with thousands apart."""
    return f"{value:,.0f}"


def share(value: Any) -> str:
    """A measure between 0 and 1 (or -1 and 1)."""
    return f"{value:.2f}"


def three(value: Any) -> str:
    """A similarity."""
    return f"{value:.3f}"


def moment(value: Any) -> str:
    """A time."""
    return f"{value:%Y-%m-%d %H:%M}"


def duration(value: Any) -> str:
    """Seconds as hours, minutes and seconds."""
    return str(timedelta(seconds=round(value)))


def anything(value: Any) -> str:
    """A value of a query of one's own, as DuckDB writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(anything, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text(name)}: {anything(each)}" for name, each in value.items()) + "}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, bytes):
        return value.hex()
    return text(value)


def yes_no(value: Any) -> str:
    """A mark, whatever the colour."""
    return "✓" if value else "✗"


def coefficient(value: Any) -> str:
    """A correlation, with its sign."""
    return f"{value:+.2f}"


def probability(value: Any) -> str:
    """A p value."""
    return "<.001" if value < 0.001 else f"{value:.3f}"


def sort_table(table: pa.Table, sort: Sort | None, group: str | None = None) -> pa.Table:
    """The table sorted, NULLs last either way, ties in their order; text whatever its case and accents.

    Args:
        table: the rows.
        sort: by which column.
        group: a column whose equal values stay together.
    """
    if not table.num_rows or (sort is None and group is None):
        return table
    keys, order = {}, []
    if group is not None:
        keys["group"] = _key(table[group])
        order.append(("group", "ascending"))
    if sort is not None:
        keys["key"] = _key(table[sort.column])
        order.append(("key", "descending" if sort.descending else "ascending"))
    return table.take(pc.sort_indices(pa.table(keys), sort_keys=order))


def _key(column: pa.ChunkedArray) -> pa.Array:
    """What a column sorts by."""
    keys = column.combine_chunks()
    if pa.types.is_nested(keys.type):
        return pa.array([None if v is None else str(v) for v in keys.to_pylist()], pa.string())
    if pa.types.is_string(keys.type) or pa.types.is_large_string(keys.type):
        return pc.replace_substring_regex(pc.utf8_normalize(pc.utf8_lower(keys), "NFKD"), _MARKS, "")
    return keys


def find_row(table: pa.Table, column: str, part: str, after: int) -> int | None:
    """The next row whose column holds a part of text, whatever its case and accents; after the last comes the first."""
    if not table.num_rows:
        return None
    values = table[column]
    named = _key(values) if pa.types.is_nested(values.type) else _key(values.cast(pa.string()))
    keys, wanted = named, _key(pa.chunked_array([[part]]))[0].as_py()
    found = pc.indices_nonzero(pc.fill_null(pc.match_substring(keys, wanted), False)).to_pylist()
    return next((row for row in found if row > after), found[0] if found else None)
