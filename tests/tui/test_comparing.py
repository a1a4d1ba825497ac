"""What is computed from rows: partial correlations, differences and drops, first without intervals, then with them."""

import json
import threading
from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from textual.widgets import Static

from tests.conftest import Outcome
from workbench.analysis.resampling import Bootstrap
from workbench.store import Store
from workbench.tui import comparing
from workbench.tui.charts import Axis
from workbench.tui.filters import Filters
from workbench.tui.reader import StudyReader
from workbench.tui.slow import Dropped, _with_intervals
from workbench.tui.widgets.filter_panel import FilterPanel
from workbench.tui.widgets.forest import Estimate, bar_of
from workbench.tui.widgets.models_view import name_of
from workbench.tui.widgets.scatter import Scatter

from .conftest import ROWS, Run, Tui

STATIC = ROWS * 11 // 14
KEYS = {
    "partial": ["covariate", "method", "measure", "model_id", "settings_id", "perturbation", "kind"],
    "models": ["model_a", "model_b", "perturbation", "kind", "measure"],
    "perturbations": ["model_id", "perturbation", "kind", "measure"],
}


async def with_intervals(t: Tui, table: str) -> pl.DataFrame:
    """The table, once its intervals are there."""
    note = t.study.tab.query_one(".note", Static)
    await t.until(
        lambda: t.table.id == f"{table}-view-table" and t.table.row_count and "follow" not in str(note.content)
    )
    return pl.DataFrame(t.table.table)


async def test_tables_are_those_of_the_commands(tui: Run, study: Store, wb: Callable[..., Outcome]) -> None:
    """Turned by keys; another tab before the intervals are there takes nothing away."""
    shown: dict[str, pl.DataFrame] = {}
    async with tui() as t:
        await t.rows(ROWS)
        t.study.query_one(FilterPanel).take(Filters(kinds=("static",)))
        await t.until(lambda: t.status.shown == STATIC)
        await t.press("3", "o")
        await t.until(lambda: t.table.id == "partial-view-table" and t.table.row_count > 0)
        assert "ρ held" in t.text() and "ranks, held: " in t.text()
        await t.press("4", "d")
        shown["models"] = await with_intervals(t, "differences")
        assert "sd15 → sdxl" in t.text() and "├" in t.text() and "●" in t.text()
        await t.press("3")
        shown["partial"] = await with_intervals(t, "partial")
        assert "wb analyze partial takes in" in t.study.sql()
        await t.press("4", "d")
        shown["perturbations"] = await with_intervals(t, "drops")
        assert "wb analyze perturbations takes in" in t.study.sql() and study.sql(t.study.sql()).height == STATIC
        await t.press("3", "o")
        assert [c.name for c in t.study.view.columns][5] == "rho"
    for command, table in shown.items():
        expected = pl.DataFrame(
            json.loads(wb("analyze", command, "--kind", "static", "--format", "json").out), schema=table.schema
        )
        assert_frame_equal(table.sort(KEYS[command]), expected.sort(KEYS[command]))


async def test_means_have_the_intervals_of_the_command_and_draw_them(
    tui: Run, study: Store, wb: Callable[..., Outcome]
) -> None:
    """The plane's cross goes through the letter of the row under the cursor."""
    key = ["model_id", "settings_id", "perturbation", "kind"]
    shown = ["cra", "cra_low", "cra_high", "vi", "vi_low", "vi_high", "crt", "crt_low", "crt_high", "reason"]
    async with tui(size=(200, 50)) as t:
        await t.rows(ROWS)
        await t.press("4")
        await t.until(lambda: t.table.id == "models-view-table" and t.table.row_count == 12)
        table = await with_intervals(t, "models")
        plane = t.study.query_one("#plane", Scatter)
        point = plane.point
        assert point is not None and point.label == name_of(t.study.view.row or {})
        assert "━" in t.text() and "┃" in t.text() and f"▶{point.key[0]} {point.label}" in t.text()
        assert f"{point.label}: CRA {point.x:.2f} [" in t.text()
        await t.press("j")
        await t.until(lambda: plane.point != point)
        sql = study.sql(t.study.sql())
    expected = json.loads(wb("analyze", "models", "--show", "plane", "--format", "json").out)
    found = pl.DataFrame(expected, schema_overrides={"reason": pl.String}).select(*key, *shown)
    assert_frame_equal(table.select(*key, *shown).sort(key), found.sort(key))
    assert_frame_equal(table.select(*key, "cra", "n").sort(key), sql.select(*key, "cra", "n").sort(key))


@pytest.fixture
def pairs(study: Store) -> Iterator[pl.DataFrame]:
    """What correlations take in."""
    reader = StudyReader(study.path)
    yield pl.DataFrame(reader.pairs(Filters()))
    reader.close()


def test_numbers_come_before_their_intervals(pairs: pl.DataFrame) -> None:
    quick = pl.DataFrame(comparing.quickly(comparing.correlations, pairs, "static", "rho"))
    whole = comparing.correlations(pairs, ["static"], Bootstrap())
    later = ["low", "high", "reason"]
    assert_frame_equal(quick.drop(later), whole.drop(later))
    assert quick["low"].is_null().all() and not whole["low"].is_null().all()
    assert quick.filter(pl.col("rho").is_not_null())["reason"].is_null().all()


def test_what_nobody_wants_any_more_ends(pairs: pl.DataFrame) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Dropped):
        _with_intervals(lambda bootstrap: comparing.correlations(pairs, ["all"], bootstrap), stop)


def test_the_points_behind_a_partial_correlation_have_it(pairs: pl.DataFrame) -> None:
    rows = comparing.partials(pairs, ["all", "static"], Bootstrap(resamples=0)).drop_nulls("partial_rho")
    assert {"pooled", "sd15"} <= set(rows["model_id"])
    for row in rows.iter_rows(named=True):
        left = comparing.held_ranks(pairs, row)
        assert left.height == row["n"]
        assert np.corrcoef(left["x"], left["y"])[0, 1] == pytest.approx(row["partial_rho"], abs=1e-9)


def test_a_bar_shows_its_interval() -> None:
    axis = Axis(low=-1.0, high=1.0)
    low = Estimate(label="", value=-0.5, low=-0.9, high=-0.1)
    assert "".join(bar_of(low, axis, 21)) == " ├───●───┤┊          "
    assert "".join(bar_of(Estimate(label="", value=0.0, low=None, high=None), axis, 5)) == "  ●  "
