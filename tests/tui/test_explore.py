"""What a person does: filter, sort, select, re-threshold, copy, correlate; always what SQL gives."""

import json
import re
from collections.abc import Callable

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from textual.widgets import Input, OptionList, Static

from tests.conftest import Outcome
from workbench.records import RefScore
from workbench.store import Store
from workbench.tui.screens.help import HelpScreen
from workbench.tui.screens.look import LookScreen
from workbench.tui.screens.sort_menu import SortMenu
from workbench.tui.widgets.choices import ChoiceList, Choices
from workbench.tui.widgets.detail_pane import DetailPane
from workbench.tui.widgets.facts import number
from workbench.tui.widgets.filter_panel import FilterPanel

from .conftest import ROWS, Run, Tui
from .study import CLIP, DINO

SHARED = ["qid", "label", "kind", "type", "model_id", "settings_id", "perturbation", "n", "n_images", "n_excluded"]
SHARED += ["n_recognised", "mean_s", "cra", "vr", "vi", "crt"]
KEY = ["qid", "model_id", "settings_id", "perturbation"]


def on_screen(tui: Tui) -> pl.DataFrame:
    assert tui.table.table is not None
    frame = pl.DataFrame(tui.table.table)
    assert isinstance(frame, pl.DataFrame)
    return frame


async def test_the_table_is_exactly_what_ref_scores_gives(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        expected = study.sql("FROM ref_scores()").select(SHARED).sort(KEY)
        assert_frame_equal(on_screen(t).select(SHARED).sort(KEY), expected)
        assert t.column("popularity") == sorted(
            t.column("popularity"), key=lambda v: (v is None, -(v or 0))
        )  # best known first
        row = RefScore(**{k: v for k, v in t.table.row(0).items() if k != "cell"})  # type: ignore[union-attr]
        assert t.shown(0)[0] == row.label
        assert t.shown(0)[4] == f"{row.cra:.2f}"
        assert t.status.shown == t.status.total == ROWS
        assert (t.status.encoder, t.status.patch_encoder) == (CLIP, DINO)


async def set_value(t: Tui, name: str, value: str) -> None:
    t.study.query_one(f"#{name}", Input).value = value


async def test_other_thresholds_recompute_every_number(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        before = t.column("cra")
        for name, value in (("tau_static", "0.85"), ("tau_dynamic", "0.55"), ("tau_reuse", "0.5")):
            await set_value(t, name, value)
        await t.until(lambda: t.status.thresholds.tau_reuse == 0.5)
        assert t.column("cra") != before
        sql = "FROM ref_scores(tau_static := 0.85, tau_dynamic := 0.55, tau_reuse := 0.5)"
        assert_frame_equal(on_screen(t).select(SHARED).sort(KEY), study.sql(sql).select(SHARED).sort(KEY))
        t.study.query_one("#study").press()  # type: ignore[attr-defined]
        await t.until(lambda: t.column("cra") == before)


TYPED = [
    ("text", "cafe", "label = 'Café Terrace at Night'"),
    ("text", "VAN GOGH", "list_contains(creators, 'Vincent van Gogh')"),
    ("text", "q1003", "qid = 'Q1003'"),
    ("text", "神奈", "label = '神奈川沖浪裏'"),
    ("text", "100%'; DROP TABLE refs --", "false"),
    ("year_max", "1 BCE", "creation_year <= 0"),
    ("year_max", "-24999", "creation_year <= -24999"),
    ("year_min", "1900", "creation_year >= 1900"),
    ("popularity_min", "50", "popularity >= 50"),
    ("popularity_max", "50", "popularity <= 50"),
]


async def test_typed_filters(tui: Run, study: Store) -> None:
    popularity = "covariates AS c ON c.qid = r.qid AND c.name = 'popularity'"
    refs = f"SELECT r.*, c.value AS popularity FROM refs AS r LEFT JOIN {popularity}"
    async with tui() as t:
        await t.rows(ROWS)
        for name, value, where in TYPED:
            expected = sorted(study.sql(f"SELECT qid FROM ({refs}) WHERE {where}")["qid"].to_list() * 4)
            await set_value(t, name, value)
            await t.until(lambda: t.status.filters == 1)
            assert sorted(t.column("qid")) == expected, value
            assert t.status.shown == len(expected)
            assert ("No row passes the filters" in t.text()) == (not expected)
            t.study.set_focus(t.table)
            await t.press("x")
            await t.rows(ROWS)
            assert t.status.filters == 0


CHOSEN = [
    ("models", "sdxl", "model_id"),
    ("perturbations", "title", "perturbation"),
    ("kinds", "dynamic", "kind"),
    ("types", "print", "type"),
]


async def test_chosen_filters(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        for choices, value, column in CHOSEN:
            expected = t.column(column).count(value)
            widget = t.study.query_one(f"#{choices}", Choices)
            names = [f.value for f in widget._facets]
            widget.query_one(ChoiceList).focus()
            await t.press(*["down"] * names.index(value), "space")
            await t.until(lambda: t.status.filters == 1)
            assert set(t.column(column)) == {value}
            assert t.status.shown == expected
            assert widget.chosen == (value,)
            assert "[x] " + value in t.text()
            await t.press("space")
            await t.rows(ROWS)


async def test_counts_beside_the_choices(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        counts = {f.value: f.n for f in t.study.query_one("#types", Choices)._facets}
        expected = dict(study.sql("SELECT type, count(*) FROM refs GROUP BY type").iter_rows())
        assert counts == expected
        assert re.search(r"\[ \] painting +7", t.text())


async def test_what_is_typed_last_counts(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        asked: list[object] = []
        panel = t.study.query_one(FilterPanel)
        post = panel.post_message
        panel.post_message = lambda m: asked.append(m) or post(m)  # type: ignore[func-returns-value, method-assign]
        await t.press("slash")
        await t.type("mona")
        await t.until(lambda: t.status.shown == 4)
        changes = [m.filters.text for m in asked if type(m).__name__ == "FiltersChanged"]
        assert changes[-1] == "mona" and len(changes) <= len("mona")


NONSENSE = [
    ("year_min", "soon", "a year is 1889"),
    ("tau_static", "7", "from -1 to 1"),
    ("popularity_min", "many", "whole number"),
]


async def test_what_makes_no_sense_is_said_and_changes_nothing(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        for name, value, says in NONSENSE:
            await set_value(t, name, value)
            await t.until(lambda says=says: says in t.status.refused)  # type: ignore[misc]
            assert says in t.text()
            assert t.study.query_one(f"#{name}").has_class("-invalid")
            assert t.table.row_count == ROWS
            await set_value(t, name, "")
            await t.until(lambda: not t.status.refused)
            assert not t.study.query_one(f"#{name}").has_class("-invalid")


async def test_an_empty_range_is_said(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await set_value(t, "year_min", "1900")
        await set_value(t, "year_max", "460 BCE")
        await t.until(lambda: "the range is empty" in t.status.refused)


async def test_a_year_is_written_out_when_its_input_is_left(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        year = t.study.query_one("#year_max", Input)
        year.focus()
        await t.type("-459")
        await t.until(lambda: t.status.filters == 1)
        await t.press("escape")
        assert year.value == "460 BCE"
        assert t.app.focused is t.table


async def test_sorting_by_the_menu_and_both_ways(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        names = [c.name for c in t.study.view.all_columns]
        for name in ("cra", "vr", "label", "creation_year"):
            await t.press("s")
            assert isinstance(t.app.screen, SortMenu)
            t.app.screen.query_one(OptionList).highlighted = names.index(name)
            await t.press("enter")
            first = [v for v in t.column(name) if v is not None]
            sort = t.study.view.sort
            assert (sort.column, sort.descending) == (name, name in ("cra", "vr"))
            if name != "label":
                assert first == sorted(first, reverse=sort.descending)
            await t.press("S")
            again = [v for v in t.column(name) if v is not None]
            assert t.study.view.sort.descending is not sort.descending
            assert sorted(map(str, again)) == sorted(map(str, first)) and again != first
            nulls = t.column(name).count(None)
            assert t.column(name)[ROWS - nulls :] == [None] * nulls
            assert ("▼" if t.study.view.sort.descending else "▲") in t.text()


async def test_sorting_by_a_click_on_the_header(tui: Run, study: Store) -> None:
    async with tui(size=(200, 50)) as t:
        await t.rows(ROWS)
        line = next(line for line in t.text().splitlines() if "Perturb." in line)
        y = t.text().splitlines().index(line)
        x = line.index("CRA")
        await t.pilot.click(offset=(x, y))
        assert t.study.view.sort.column == "cra" and t.study.view.sort.descending
        await t.pilot.click(offset=(x, y))
        assert t.study.view.sort.column == "cra" and not t.study.view.sort.descending
        assert [v for v in t.column("cra") if v is not None] == sorted(v for v in t.column("cra") if v is not None)


async def test_the_cursor_stays_on_its_row(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("j", "j", "j")
        key = {k: t.study.view.row[k] for k in KEY}  # type: ignore[index]
        assert t.table.cursor_row == 3
        t.study.view.sort_by("label")
        assert {k: t.study.view.row[k] for k in KEY} == key  # type: ignore[index]
        await set_value(t, "tau_static", "0.9")
        await t.until(lambda: t.status.thresholds.tau_static == 0.9)
        assert {k: t.study.view.row[k] for k in KEY} == key  # type: ignore[index]


async def test_vi_keys_and_arrows(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        for keys, row in ((["j"], 1), (["down"], 2), (["k"], 1), (["up"], 0), (["G"], ROWS - 1), (["g"], 0)):
            await t.press(*keys)
            assert t.table.cursor_row == row, keys
        await t.press("ctrl+d")
        assert t.table.cursor_row > 10
        await t.press("ctrl+u")
        assert t.table.cursor_row == 0


async def test_the_detail_follows_the_cursor(tui: Run, study: Store) -> None:
    async with tui(image_mode="halfcell") as t:
        await t.rows(ROWS)
        await set_value(t, "text", "discobolus")
        await t.until(lambda: t.status.shown == 4)
        pane = t.study.query_one(DetailPane)
        await t.until(lambda: pane.detail is not None and pane.detail.score.label == "Discobolus")
        await t.until(lambda: "s ." in t.text())
        text = t.text()
        assert "460 BCE · Myron" in text
        assert "sculpture, static · Q1003" in text
        row = t.study.query_one("#references-tab").score  # type: ignore[attr-defined]
        assert f"CRA {number(row.cra)}" in text and f"CRT {number(row.crt)}" in text
        assert f"{row.n_recognised} of {row.n} recognised" in text
        where = "qid = 'Q1003' AND model_id = $model AND perturbation = $condition"
        parameters = {"model": row.model_id, "condition": row.perturbation}
        scores = study.sql(f"FROM image_scores() WHERE {where}", parameters)
        for seed, s, recognised in scores.select("seed", "s", "recognised").iter_rows():
            if s is not None:
                assert f"#{seed} {'✓' if recognised else '✗'} s {s:.2f}".replace("0.", ".") in text


async def test_enter_opens_the_row_on_a_screen_of_its_own_where_there_is_no_room(tui: Run, study: Store) -> None:
    async with tui(size=(80, 24)) as t:
        await t.rows(ROWS)
        label = t.study.view.row["label"]  # type: ignore[index]
        await t.press("enter")
        assert isinstance(t.app.screen, LookScreen)
        await t.until(lambda: label[:20] in t.text() and "(1 of 4)" in t.text())
        await t.press("escape")
        assert t.app.screen is t.study
        assert t.app.focused is t.table


async def test_generated_images_are_paged(tui: Run, study: Store) -> None:
    async with tui(size=(120, 30)) as t:
        await t.rows(ROWS)
        title = t.study.query_one("#generated-title", Static)
        await t.until(lambda: "1–2 of 4" in str(title.content))
        await t.press("n")
        await t.until(lambda: "3–4 of 4" in str(title.content))
        await t.press("n")
        assert "3–4 of 4" in str(title.content)
        await t.press("p")
        await t.until(lambda: "1–2 of 4" in str(title.content))


async def test_correlations_are_those_of_the_command(tui: Run, study: Store, wb: Callable[..., Outcome]) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("3")
        await t.until(lambda: t.table.id == "correlations-view-table" and any(t.column("low")))
        shown = pl.DataFrame(t.table.table)
        assert "no cause" in t.text()
        assert any(v and v.startswith("not estimable") for v in t.column("reason"))
        t.study.view.sort_by("rho")
        known = [v for v in t.column("rho") if v is not None]
        assert known == sorted(known, reverse=True)
    outcome = wb("analyze", "correlations", "--no-tau-intervals", "--format", "json")
    assert outcome.code == 0
    order = ["covariate", "method", "measure", "model_id", "settings_id", "perturbation", "kind"]
    assert isinstance(shown, pl.DataFrame)
    command = pl.DataFrame(json.loads(outcome.out), schema=shown.schema)
    assert_frame_equal(shown.sort(order), command.sort(order))  # sums in another order


async def test_correlations_follow_filters_and_thresholds(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("3")
        await t.until(lambda: t.table.row_count > 0)
        before = t.column("rho")
        await set_value(t, "tau_static", "0.8")
        await t.until(lambda: t.column("rho") != before)
        kinds = t.study.query_one("#kinds", Choices)
        kinds.query_one(ChoiceList).focus()
        await t.press("space")
        await t.until(lambda: len(set(t.column("kind"))) == 1)
        await t.press("escape", "1")
        await t.until(lambda: t.table.id == "references-view-table" and set(t.column("kind")) == set(kinds.chosen))


async def test_the_copied_sql_gives_the_table(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await set_value(t, "text", "van gogh")
        await set_value(t, "tau_static", "0.8")
        await t.until(lambda: t.status.shown == 8 and t.status.thresholds.tau_static == 0.8)
        t.study.view.sort_by("cra")
        t.study.set_focus(t.table)
        await t.press("y")
        await t.until(lambda: "OSC 52" in t.text())
        again = study.sql(t.app.clipboard)
        assert_frame_equal(again.sort(KEY), on_screen(t).drop("cell").sort(KEY))
        assert again["cra"].to_list() == t.column("cra")
        await t.press("3")
        await t.until(lambda: t.table.id == "correlations-view-table")
        await t.press("y")
        assert study.sql(t.app.clipboard).height > 0


async def test_help_theme_and_quit(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("question_mark")
        assert isinstance(t.app.screen, HelpScreen)
        assert "copy the SQL of" in t.text() and "A correlation is no cause" in t.text()
        await t.press("escape")
        theme = t.app.theme
        await t.press("t")
        assert t.app.theme != theme
        await t.press("t")
        assert t.app.theme == theme
        await t.press("q")
        assert t.app.return_code == 0


async def test_the_panel_opens_where_there_is_room_and_by_key(tui: Run, study: Store) -> None:
    async with tui(size=(80, 24)) as t:
        await t.rows(ROWS)
        panel = t.study.query_one(FilterPanel)
        assert not panel.display
        await t.press("f")
        assert panel.display and t.app.focused is t.study.query_one("#text")
        await t.press("escape")
        assert not panel.display and t.app.focused is t.table
        await t.pilot.resize_terminal(160, 48)
        await t.pilot.pause()
        assert not panel.display  # the person has decided
    async with tui(size=(160, 48)) as t:
        await t.rows(ROWS)
        assert t.study.query_one(FilterPanel).display
        await t.press("f")
        assert not t.study.query_one(FilterPanel).display


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (160, 48), (240, 70)])
async def test_it_fits_every_size(tui: Run, study: Store, size: tuple[int, int]) -> None:
    async with tui(size=size) as t:
        await t.rows(ROWS)
        for name in ("CRA", "VR", "VI", "CRT", f"{ROWS} of {ROWS} rows"):
            assert name in t.text(), name


async def test_resizing_while_it_runs(tui: Run, study: Store) -> None:
    async with tui(size=(200, 60)) as t:
        await t.rows(ROWS)
        for size in ((80, 24), (120, 30), (60, 15), (240, 70), (160, 48)):
            await t.pilot.resize_terminal(*size)
            await t.pilot.pause()
        await t.press("j")
        assert t.table.cursor_row == 1
        assert f"{ROWS} of {ROWS} rows" in t.text()
