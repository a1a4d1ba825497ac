"""Rows as tables: which columns, how numbers are written, and what is said where there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.options import printable
from workbench.report.blocks import Heading, Said, Table

Row = dict[str, Any]
MEASURES = {"cra": "CRA", "vi": "VI", "crt": "CRT", "mean_s": "mean s"}
NONE = "–"
MINUS = "−"
MOST_ROWS = 200
"""A table of the report stops here; its command gives all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one column is made of a row."""

    title: str
    cell: Callable[[Row], str]
    numeric: bool = True
    meaning: str = ""
    optional: bool = False
    """It is left out where it is empty in every row."""


def text(name: str, title: str, meaning: str = "") -> Column:
    """A text as it is; control characters left out."""
    return Column(title=title, numeric=False, meaning=meaning, cell=lambda row: written(row[name]))


def measure() -> Column:
    """The measure that a row is about."""
    return Column(title="Measure", numeric=False, cell=lambda row: MEASURES.get(row["measure"], str(row["measure"])))


def count(name: str, title: str, meaning: str = "") -> Column:
    """A whole number."""
    return Column(title=title, meaning=meaning, cell=lambda row: NONE if row[name] is None else f"{row[name]:,}")


def figure(name: str, title: str, digits: int = 2, meaning: str = "") -> Column:
    """A number with so many decimals."""
    return Column(title=title, meaning=meaning, cell=lambda row: decimal(row[name], digits))


def general(name: str, title: str, meaning: str = "") -> Column:
    """A number of any size, to four digits."""
    return Column(title=title, meaning=meaning, cell=lambda row: NONE if row[name] is None else _general(row[name]))


def year(name: str, title: str) -> Column:
    """A year: astronomical ones before 1 as BCE."""
    return Column(title=title, cell=lambda row: _year(row[name]))


def estimate(name: str, title: str, low: str = "", high: str = "", meaning: str = "") -> list[Column]:
    """A number, and its interval in a column of its own, so that decimals stand under one another."""
    low, high = low or f"{name}_low", high or f"{name}_high"
    told = "95 % interval of the number before it."
    return [
        figure(name, title, meaning=meaning),
        Column(title="95 %", meaning=told, optional=True, cell=lambda row: bounds(row.get(low), row.get(high))),
    ]


def chance(name: str, title: str, meaning: str = "") -> Column:
    """A p value."""
    return Column(title=title, meaning=meaning, cell=lambda row: p_value(row[name]))


def share_of(part: str, whole: str, title: str, meaning: str = "") -> Column:
    """``k of n``."""
    return Column(title=title, meaning=meaning, cell=lambda row: f"{row[part]:,} of {row[whole]:,}")


def table(caption: str, rows: Sequence[Row], columns: Sequence[Column], *, note: str = "") -> Table:
    """A table of rows; what their ``reason`` says stands below it, with a number in the row."""
    shown = rows[:MOST_ROWS]
    if len(rows) > MOST_ROWS:
        note = f"{MOST_ROWS} of {len(rows):,} rows; the command below gives all. {note}".strip()
    reasons = list(dict.fromkeys(written(row["reason"]) for row in shown if row.get("reason")))
    columns = [c for c in columns if not c.optional or any(c.cell(row) for row in shown)]
    if reasons:
        columns.append(Column(title="Note", meaning="Below the table.", cell=lambda row: _numbered(row, reasons)))
    return Table(
        caption=caption,
        headings=[Heading(title=c.title, numeric=c.numeric, meaning=c.meaning) for c in columns],
        rows=[[c.cell(row) for c in columns] for row in shown],
        reasons=reasons,
        note=note,
    )


def _numbered(row: Row, reasons: Sequence[str]) -> str:
    return f"({1 + reasons.index(written(row['reason']))})" if row.get("reason") else ""


def nothing(why: str) -> Said:
    """What is said in the place of a table without rows."""
    return Said(text=f"Nothing here yet: {why}.", missing=True)


def rows_of(frame: pl.DataFrame) -> list[Row]:
    """The rows of a frame."""
    return frame.to_dicts()


def written(value: object) -> str:
    """A value from outside as one line without control characters."""
    return NONE if value is None else " ".join(printable(str(value)).split())


def decimal(value: float | None, digits: int = 2) -> str:
    """A number with so many decimals and a true minus."""
    if value is None:
        return NONE
    shown = f"{value:.{digits}f}"
    if not float(shown):
        shown = shown.lstrip("-")
    return shown.replace("-", MINUS)


def bounds(low: float | None, high: float | None, digits: int = 2) -> str:
    """An interval in brackets; empty where there is none."""
    return "" if low is None or high is None else f"[{decimal(low, digits)}, {decimal(high, digits)}]"


def interval(value: float | None, low: float | None, high: float | None) -> str:
    """An estimate with its interval, where it has one."""
    return f"{decimal(value)} {bounds(low, high)}".strip()


def p_value(value: float | None) -> str:
    """A p value: three decimals, or that it is below them."""
    if value is None:
        return NONE
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def equals(value: float | None) -> str:
    """A p value behind its letter: ``= 0.020``, ``< 0.001``."""
    shown = p_value(value)
    return shown if shown.startswith("<") else f"= {shown}"


def many(n: int, noun: str) -> str:
    """``1 image``, ``2 images``."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _general(value: float) -> str:
    shown = f"{value:,.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.4g}"
    return shown.replace("-", MINUS)


def _year(value: int | None) -> str:
    if value is None:
        return NONE
    return str(value) if value > 0 else f"{1 - value} BCE"
