"""Cells, widths and sorting of the tables."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from workbench.analysis.confounding import PartialCorrelation
from workbench.analysis.correlation import Correlation
from workbench.analysis.models import ModelDifference
from workbench.analysis.perturbations import PerturbationEffect
from workbench.records import RefScore
from workbench.tui.columns import (
    Column,
    Sort,
    anything,
    cell,
    coefficient,
    find_row,
    header,
    probability,
    sort_table,
    text,
    widths,
)
from workbench.tui.tables import CORRELATIONS, DIFFERENCES, DROPS, PARTIALS, REFERENCES
from workbench.tui.widgets.sql_view import columns_of

BY_NAME = {c.name: c for c in REFERENCES}


def test_every_column_exists_in_what_the_query_gives() -> None:
    assert {c.name for c in REFERENCES} <= set(RefScore.__annotations__)
    assert {c.name for c in CORRELATIONS} <= set(Correlation.__annotations__)
    assert {c.name for c in PARTIALS} <= set(PartialCorrelation.__annotations__)
    assert {c.name for c in DIFFERENCES} <= set(ModelDifference.__annotations__)
    assert {c.name for c in DROPS} <= set(PerturbationEffect.__annotations__)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("cra", 0.25, "0.25"),
        ("cra", 1.0, "1.00"),
        ("cra", None, "–"),
        ("creation_year", -459, "460 BCE"),
        ("creation_year", None, "–"),
        ("popularity", 1234.0, "1,234"),
        ("n", 0, "0"),
        ("label", "[bold]x[/bold]", "[bold]x[/bold]"),
        ("label", "a\x1b[31mb\nc\u202ed", "a [31mb c d"),
    ],
)
def test_cells(name: str, value: Any, shown: str) -> None:
    assert cell(BY_NAME[name], value).plain == shown


def test_p_and_rho() -> None:
    assert [probability(p) for p in (0.0004, 0.001, 0.05)] == ["<.001", "0.001", "0.050"]
    assert [coefficient(r) for r in (0.5, -0.5, 0.0)] == ["+0.50", "-0.50", "+0.00"]


def test_a_header_says_how_it_is_sorted() -> None:
    assert header(BY_NAME["cra"], None).plain == "CRA"
    assert header(BY_NAME["cra"], Sort(column="cra", descending=True)).plain == "▼CRA"
    assert header(BY_NAME["label"], Sort(column="label", descending=False)).plain == "Reference▲"
    assert header(BY_NAME["label"], Sort(column="cra", descending=False)).plain == "Reference"


VALUES = st.lists(st.one_of(st.none(), st.floats(-1, 1)), max_size=30)


@settings(deadline=None)  # the first sorting imports its library
@given(VALUES, st.booleans())
def test_sorting_keeps_every_row_and_puts_nulls_last(values: list[float | None], descending: bool) -> None:
    table = pa.table({"cra": pa.array(values, pa.float64()), "i": list(range(len(values)))})
    found = sort_table(table, Sort(column="cra", descending=descending))
    known = [(v, i) for i, v in enumerate(values) if v is not None]
    expected = sorted(known, key=lambda p: -p[0] if descending else p[0])  # sorted() is stable: ties keep their order
    assert found["i"].to_pylist() == [i for _, i in expected] + [i for i, v in enumerate(values) if v is None]


def test_text_sorts_whatever_its_case_and_accents() -> None:
    table = pa.table({"label": ["Zoo", "éclair", "Eden", "apple", None, "Écume"]})
    ascending = sort_table(table, Sort(column="label", descending=False))["label"].to_pylist()
    assert ascending == ["apple", "éclair", "Écume", "Eden", "Zoo", None]
    descending = sort_table(table, Sort(column="label", descending=True))["label"].to_pylist()
    assert descending == ["Zoo", "Eden", "Écume", "éclair", "apple", None]


def test_widths_fill_the_room_and_know_wide_characters() -> None:
    columns = [
        Column(name="label", header="Reference", meaning="", show=text, stretches=True),
        Column(name="type", header="Type", meaning="", show=text, most=12),
    ]
    table = pa.table({"label": ["x"], "type": ["浮世絵"]})
    assert cell_len("浮世絵") == 6
    assert widths(columns, table, 80) == [60, 6]
    assert widths(columns, table, 50) == [40, 6]
    assert widths(columns, table, 10) == [18, 6]  # never unreadably narrow: the rest is scrolled to
    assert widths(columns, pa.table({"label": ["x"], "type": ["a" * 99]}), 50)[1] == 12


@pytest.mark.parametrize(
    "values",
    [
        [[1.5, 2.0], None, []],
        [{"a": 1}, None, {"a": 0}],
        [b"x", None, b""],
        [timedelta(seconds=3), None, timedelta(0)],
        [None, None, None],
        [Decimal("1.5"), None, Decimal(0)],
    ],
)
def test_results_of_any_type_are_measured_sorted_and_found(values: list[Any]) -> None:
    table = pa.table({"any": values})
    column = columns_of(table)[0]
    assert widths([column], table, 80)[0] > 0
    assert [cell(column, value).plain for value in values][1] == "–"
    for descending in (False, True):
        found = sort_table(table, Sort(column="any", descending=descending))["any"].to_pylist()
        assert found[-1] is None and len(found) == 3
    find_row(table, "any", "1", 0)


def test_values_of_a_query_are_written_as_duckdb_does() -> None:
    assert anything([1, None, [True], 0.125]) == "[1, NULL, [true], 0.125]"
    assert anything({"name": "Van\x1bGogh", "of": [b"\x01"]}) == "{name: Van Gogh, of: [01]}"
