"""The other tabs, by keys alone: images, models, runs, SQL; what leaves the screen and what is kept."""

import json
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from textual.widgets import Input, OptionList

from workbench.store import RunLog, Store
from workbench.tui.app import WorkbenchApp
from workbench.tui.completion import complete, vocabulary
from workbench.tui.filters import Filters
from workbench.tui.imagemode import find_image_mode
from workbench.tui.past import Past
from workbench.tui.screens.look import LookScreen
from workbench.tui.state import State
from workbench.tui.widgets.range_filter import RangeFilter
from workbench.tui.widgets.scatter import Scatter
from workbench.tui.widgets.slider import Slider
from workbench.tui.widgets.sql_editor import SqlEditor, SqlText
from workbench.tui.widgets.sql_view import SqlView

from .conftest import ROWS, Run, Tui

IMAGES = ROWS * 4


async def tab(t: Tui, key: str, rows: int) -> None:
    await t.rows(ROWS)
    await t.press(key)
    await t.until(lambda: t.table.row_count == rows and t.app.focused is t.table)


async def test_images_sorted_by_the_store(tui: Run, study: Store) -> None:
    async with tui() as t:
        await tab(t, "2", IMAGES)
        shown = t.column("s")
        known = sorted(study.sql("SELECT s FROM image_scores() WHERE s IS NOT NULL")["s"], reverse=True)
        assert shown[: len(known)] == known
        await t.press("S")
        await t.until(lambda: t.column("s")[0] == known[-1])
        frame = study.sql("SELECT label, seed, s, recognised, vr FROM image_scores()")
        held = pl.DataFrame(t.table.table).select(frame.columns).cast({"label": pl.String})
        order = ["label", "seed", "s"]
        assert_frame_equal(held.sort(order), frame.sort(order), check_dtypes=False)
        t.study.view.sort_by("label")
        await t.until(lambda: t.shown(0)[0] == "[bold]Untitled[/bold]")
        await t.press("Y")
        sql = t.study.query_one(SqlView)
        await t.until(lambda: sql.view.table.row_count == IMAGES)
        assert "ORDER BY" in sql.editor.text
        await t.press("escape", "2", "enter")
        assert isinstance(t.app.screen, LookScreen)


async def test_models_and_their_plane(tui: Run, study: Store) -> None:
    async with tui() as t:
        await tab(t, "4", 12)
        means = study.sql("FROM model_scores()")
        key = ["model_id", "perturbation", "kind"]
        columns = [*key, "n_refs", "n", "cra", "vr", "vi", "crt"]
        held = pl.DataFrame(t.table.table).select(columns)
        assert_frame_equal(held.sort(key), means.select(columns).sort(key), check_dtypes=False)
        assert "A sd15 · synonym" in t.text() and "CRA" in t.text()
        assert study.sql(t.study.sql()).height == 12
        await t.press("enter", "right", "enter")
        assert t.app.focused is t.table


async def test_points_lead_to_their_reference(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("3")
        await t.until(lambda: t.table.id == "correlations-view-table" and t.table.row_count > 0)
        t.study.view.sort_by("n")
        row = t.study.view.row
        assert row is not None
        await t.press("enter", "right", "right")
        scatter = t.study.query_one("#scatter", Scatter)
        assert scatter.point is not None and scatter.point.label[:10] in t.text()
        qid = scatter.point.key
        await t.press("enter")
        await t.until(lambda: t.table.id == "references-view-table")
        assert (t.study.view.row or {})["qid"] == qid
        assert row["model_id"] in ((t.study.view.row or {})["model_id"], "pooled")


async def test_runs_live_with_their_failures(tui: Run, study: Store) -> None:
    with RunLog(study, "score", {"encoder": "[red]x"}) as log:
        log.planned = 40
        study.write(log.step(done=10, failed=2))
        async with tui() as t:
            await tab(t, "5", 1)
            await t.until(lambda: "10 of 40, 2 failed" in t.text())
            assert "encoder: [red]x" in t.text() and "running" in t.text()
            study.write(log.step(done=20))
            await t.until(lambda: "30 of 40, 2 failed" in t.text(), seconds=20)


async def test_sql_runs_explains_cancels_and_remembers(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("6")
        sql = t.study.query_one(SqlView)
        await t.until(lambda: t.app.focused is t.study.query_one(SqlText))
        sql.editor.text = "SELECT kind, count(*) AS n FROM refs GROUP BY ALL ORDER BY ALL"
        await t.press("f5")
        await t.until(lambda: sql.view.table.row_count == 2)
        assert t.shown(0) == ["dynamic", "3"]
        assert "2 results" in t.text()
        await t.press("f6")
        await t.until(lambda: "Hash Group By" in t.text() and "Summary" not in t.text())
        await t.press("f8")
        await t.until(lambda: "Summary" in t.text() and sql.view.table.row_count > 2)
        sql.editor.text = "SELECT nothing FROM nowhere"
        await t.press("f5")
        await t.until(lambda: "nowhere does not exist" in t.text())
        sql.editor.text = "DELETE FROM refs"
        await t.press("f5")
        await t.until(lambda: "read-only" in t.text())
        sql.editor.text = "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b"
        await t.press("f5")
        await t.until(lambda: "running" in t.text())
        await t.press("escape")
        await t.until(lambda: "the query was cancelled" in t.text())
        await t.press("f7")
        await t.until(lambda: "Earlier queries" in t.text())
        t.app.screen.query_one(OptionList).highlighted = 3
        await t.press("enter")
        assert sql.editor.text.startswith("SELECT kind")
    assert study.frame("all_refs").height == 14


async def test_sql_completes_with_the_schemas_comments(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("6")
        editor = t.study.query_one(SqlEditor)
        await t.until(lambda: editor.words)
        editor.text = ""
        await t.until(lambda: t.app.focused is t.study.query_one(SqlText))
        await t.type("SELECT cr")
        await t.press("backspace", "r")
        await t.until(lambda: "creation_year" in t.text())
        await t.press("escape")
        await t.type(" FROM ref_s")
        await t.until(lambda: "One row per reference, model, settings" in t.text())
        await t.press("tab")
        assert editor.text == "SELECT cr FROM ref_scores()"


def test_columns_of_what_is_named_come_first() -> None:
    rows = [
        ("images", "", "table", "Images."),
        ("images", "seed", "BIGINT", "Its seed."),
        ("refs", "source", "VARCHAR", "From."),
    ]
    rows += [("ref_scores", "", "macro", "Measures."), ("ref_scores", "tau_reuse", "parameter", "Threshold.")]
    words = vocabulary(rows)
    assert [c.word for c in complete("SELECT s", "SELECT s FROM refs", words)] == [
        "source",
        "SELECT",
        "SUMMARIZE",
        "seed",
    ]
    assert [c.word for c in complete("FROM ref_scores(ta", "", words)] == ["tau_reuse := "]
    assert complete("SELECT ", "", words) == [] and complete("FROM images", "", words) == []


async def test_sliders_and_ranges_by_keys(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        slider = t.study.query_one("#tau_static-slider", Slider)
        slider.focus()
        await t.press("right", "L")
        await t.until(lambda: t.status.thresholds.tau_static == 0.76)
        assert t.study.query_one("#tau_static", Input).value == "0.76"
        await t.until(
            lambda: t.column("cra").count(0.0) == study.sql("FROM ref_scores(tau_static := 0.76) WHERE cra = 0").height
        )
        assert t.study.query_one("#cra", RangeFilter).display and not t.study.query_one("#uniqueness").display
        t.study.query_one("#cra_min", Input).value = "0.5"
        expected = study.sql("FROM ref_scores(tau_static := 0.76) WHERE cra >= 0.5").height
        await t.until(lambda: t.status.shown == expected)
        await t.press("escape", "3")
        await t.until(lambda: "filtered by a measure" in t.text())
        await t.press("1", "left_square_bracket")
        await t.until(lambda: t.status.shown == ROWS)
        await t.press("right_square_bracket")
        await t.until(lambda: t.status.shown == expected)


async def test_calibrated_thresholds_are_refused_in_one_line(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.pilot.click("#calibrated")
        await t.until(lambda: "wb calibrate" in t.status.error)


async def test_columns_groups_and_jumps(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("b")
        assert t.column("model_id") == sorted(t.column("model_id"))
        await t.press("colon")
        await t.type("nosfer")
        await t.press("enter")
        assert (t.study.view.row or {})["label"] == "Nosferatu"
        await t.press("colon", "7", "enter")
        assert t.table.cursor_row == 6
        await t.press("c", "space", "j", "space", "enter")
        assert t.study.view.columns[0].name == "perturbation"


async def test_what_is_on_screen_is_exported(
    tui: Run, study: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with tui() as t:
        await t.rows(ROWS)
        for n, suffix in enumerate(("csv", "parquet", "json", "svg")):
            await t.press("e")
            t.app.screen.query_one(OptionList).highlighted = n
            await t.press("enter")
            await t.until(lambda suffix=suffix: list(tmp_path.glob(f"wb-references-*.{suffix}")))  # type: ignore[misc]
        (parquet,) = tmp_path.glob("*.parquet")
        assert pl.read_parquet(parquet)["label"].to_list() == t.column("label")


async def test_what_was_on_screen_is_there_again(study: Store, tmp_path: Path) -> None:
    kept = tmp_path / "state" / "tui.json"

    def app() -> WorkbenchApp:
        return WorkbenchApp(study.path, find_image_mode("none"), state=kept)

    async with (first := app()).run_test(size=(160, 48)) as pilot:
        t = Tui(first, pilot)
        await t.rows(ROWS)
        t.study.query_one("#text", Input).value = "van gogh"
        await t.until(lambda: t.status.shown == 8)
        t.study.view.sort_by("crt")
        await t.press("escape", "w")
        await t.type("two nights")
        await t.press("enter", "t", "less_than_sign")
        width = t.study.references.pane.outer_size.width
        await t.press("4")
        await t.until(lambda: t.table.id == "models-view-table")
        await t.press("q")
    async with (again := app()).run_test(size=(160, 48)) as pilot:
        t = Tui(again, pilot)
        await t.until(lambda: t.table.id == "models-view-table" and t.table.row_count)
        await t.press("1")
        await t.rows(8)
        assert (t.study.view.sort.column, again.theme) == ("crt", "workbench-light")
        assert t.study.references.pane.outer_size.width == width
        await t.press("x")
        await t.until(lambda: t.status.shown == ROWS)
        await t.press("v", "enter")
        await t.until(lambda: t.status.shown == 8)


def test_a_state_that_cannot_be_read_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "tui.json"
    for content in ("", "{", "[]", '{"version": 99}', json.dumps({"version": 1, "person": 3, "studies": {}})):
        file.write_text(content)
        assert State(file, tmp_path / "s.duckdb").get("theme") is None
    state = State(file, tmp_path / "s.duckdb")
    state.put_of_study(filters=Filters(models=("a",), year_max=5).as_json())
    again = State(file, tmp_path / "s.duckdb").of_study("filters")
    assert Filters.of_json(again) == Filters(models=("a",), year_max=5)
    State(tmp_path / "no" / "\0bad", tmp_path / "s.duckdb")


def test_back_and_forward() -> None:
    a, b = Filters(text="a"), Filters(text="b")
    past = Past(Filters())
    past.add(a)
    past.add(b)
    assert past.go(-1) == a and past.go(-1) == Filters() and past.go(-1) is None
    assert past.go(1) == a
    past.add(Filters(text="c"))
    assert past.go(1) is None and past.go(-1) == a


def test_copying_says_by_which_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from workbench.tui.clipboard import local_command

    tool = tmp_path / "xclip"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    for name in ("SSH_CONNECTION", "SSH_TTY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":0")
    assert local_command() == ["xclip", "-selection", "clipboard"]
    monkeypatch.setenv("SSH_CONNECTION", "far away")
    assert local_command() is None  # the person's screen is another machine's
