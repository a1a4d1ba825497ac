"""Keys that act on the tab that is shown, and the help and the palette that say so."""

import gc

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from workbench.store import Store
from workbench.tui.screens.column_menu import ColumnMenu
from workbench.tui.screens.help import HelpScreen
from workbench.tui.screens.look import LookScreen
from workbench.tui.screens.sort_menu import SortMenu
from workbench.tui.widgets.detail_pane import DetailPane
from workbench.tui.widgets.filter_panel import FilterPanel
from workbench.tui.widgets.gallery import Gallery
from workbench.tui.widgets.picture import Picture
from workbench.tui.widgets.slider import Slider
from workbench.tui.widgets.sql_editor import SqlText
from workbench.tui.widgets.sql_view import SqlView

from .conftest import ROWS, Run, Tui

IMAGES = ROWS * 4


async def asked(t: Tui, sql: str, rows: int) -> SqlView:
    """The SQL tab, with an answer."""
    await t.rows(ROWS)
    await t.press("6")
    view = t.study.query_one(SqlView)
    await t.until(lambda: t.app.focused is t.study.query_one(SqlText))
    view.editor.text = sql
    await t.press("f5")
    await t.until(lambda: view.view.table.row_count == rows)
    return view


async def test_reversing_what_has_no_order_asks_for_one(tui: Run, study: Store) -> None:
    async with tui() as t:
        view = await asked(t, "SELECT qid FROM refs", 14)
        await t.press("escape", "S")
        await t.until(lambda: isinstance(t.app.screen, SortMenu))
        await t.press("enter")
        await t.until(lambda: view.view.sort.column == "qid")


async def test_a_result_of_one_row_is_one_row(tui: Run, study: Store) -> None:
    async with tui() as t:
        await asked(t, "SELECT 1 AS one", 1)
        await t.until(lambda: "1 row in" in t.text() and "1 result " in t.text())
        assert "τ_reuse" not in t.text(), "no thresholds are behind it"


async def test_the_editor_is_resized_from_the_results(tui: Run, study: Store) -> None:
    async with tui() as t:
        view = await asked(t, "SELECT 1", 1)
        height = view.editor.outer_size.height
        await t.press("escape", "greater_than_sign")
        await t.until(lambda: view.editor.outer_size.height == height + 2)
        await t.press("less_than_sign", "less_than_sign")
        await t.until(lambda: view.editor.outer_size.height == height - 2)


async def test_help_where_text_is_typed(tui: Run, study: Store) -> None:
    async with tui() as t:
        await asked(t, "SELECT 1", 1)
        await t.press("f1")
        assert isinstance(t.app.screen, HelpScreen) and "analyze" in t.text()
        await t.press("f1")
        assert not isinstance(t.app.screen, HelpScreen)


@pytest.mark.parametrize(("key", "has", "lacks"), [("2", "group by model", "partial"), ("5", "read the file", "/ ")])
async def test_help_says_the_keys_of_the_tab(tui: Run, study: Store, key: str, has: str, lacks: str) -> None:
    async with tui(size=(80, 60)) as t:
        await t.rows(ROWS)
        await t.press(key, "question_mark")
        await t.until(lambda: has in t.text() and lacks not in t.text())


async def test_filters_are_closed_where_they_say_nothing(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        assert t.study.query_one(FilterPanel).is_on_screen
        for key in ("5", "f", "slash"):
            await t.press(key)
            await t.until(lambda: not t.study.query_one(FilterPanel).is_on_screen)
        await t.press("1")
        await t.until(lambda: t.study.query_one(FilterPanel).is_on_screen)


async def test_the_pane_is_made_narrower_and_wider(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        pane = t.study.references.pane
        width = pane.outer_size.width
        await t.press("greater_than_sign")
        await t.until(lambda: pane.outer_size.width == width + 4)
        await t.press("less_than_sign", "less_than_sign")
        await t.until(lambda: pane.outer_size.width == width - 4)
        await t.press("3")
        right = t.study.query_one("#correlations-right")
        await t.until(lambda: right.outer_size.width > 40)
        await t.press("less_than_sign")
        await t.pilot.resize_terminal(120, 40)
        await t.until(lambda: right.outer_size.width == t.table.outer_size.width)  # below it


async def test_pages_of_images_are_turned_on_the_tab_of_images_too(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("2")
        await t.until(lambda: t.table.row_count == IMAGES)
        gallery = t.study.tab.query_one(DetailPane).query_one(Gallery)
        await t.until(lambda: gallery.visible_images)
        if len(gallery.visible_images) == 4:
            await t.pilot.resize_terminal(120, 30)
            await t.until(lambda: 0 < len(gallery.visible_images) < 4)
        first = gallery.range
        await t.press("n" if first.startswith("1–") else "p")
        await t.until(lambda: gallery.range != first)


async def test_images_stay_together_by_model_and_their_sql_says_so(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("2")
        await t.until(lambda: t.table.row_count == IMAGES)
        await t.press("b")
        await t.until(lambda: t.column("model_id") == sorted(t.column("model_id")))
        assert "Model≡" in t.text()
        scores = [s for s, model in zip(t.column("s"), t.column("model_id"), strict=True) if model == "sd15" and s]
        assert scores == sorted(scores, reverse=True)
        same = study.sql(t.study.sql()).select("model_id", "s")
        assert same["model_id"].to_list() == t.column("model_id")
        await t.press("b", "b")
        await t.until(lambda: t.column("model_id") != sorted(t.column("model_id")))


async def test_references_stay_together_in_their_sql_too(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("b", "b")
        await t.until(lambda: t.column("perturbation") == sorted(t.column("perturbation")))
        assert study.sql(t.study.sql())["perturbation"].to_list() == t.column("perturbation")


async def test_the_wheel_moves_a_slider_by_a_step(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        slider = t.study.query_one("#tau_static-slider", Slider)
        assert slider.size.width > 16
        from textual.events import MouseScrollDown, MouseScrollUp

        def wheel(event: type[MouseScrollUp] | type[MouseScrollDown]) -> None:
            slider.post_message(event(slider, 1, 0, 0, 0, 0, False, False, False))

        wheel(MouseScrollUp)
        await t.until(lambda: t.status.thresholds.tau_static == 0.71)
        wheel(MouseScrollDown)
        await t.until(lambda: t.status.thresholds.tau_static == 0.7)


async def test_saved_views_are_deleted(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        for name in ("one", "two"):
            await t.press("w")
            await t.type(name)
            await t.press("enter")
        await t.press("v", "d")
        assert t.app.screen.query_one(OptionList).option_count == 1
        await t.press("escape")
        assert list(t.study.state.views) == ["two"]


async def test_columns_are_marked_by_a_character(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("c")
        lines = [line for line in t.text().splitlines() if "Perturb." in line or "QID" in line]
        assert any("✓ Perturb." in line for line in lines) and not any("✓ QID" in line for line in lines)
        await t.press("escape")


async def test_the_palette_offers_what_can_be_done(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.press("6")
        await t.until(lambda: t.app.focused is t.study.query_one(SqlText))
        names = {command.title for command in t.app.get_system_commands(t.app.screen)}
        assert "Refresh" in names and not {"Thresholds", "Clear filters", "Back", "Filters"} & names
        await t.press("escape", "1")
        (columns,) = (c for c in t.app.get_system_commands(t.app.screen) if c.title == "Columns")
        await columns.callback()
        await t.until(lambda: isinstance(t.app.screen, ColumnMenu))


async def test_a_width_that_was_kept_leaves_room_for_the_table(tui: Run, study: Store) -> None:
    async with tui(size=(200, 48)) as t:
        await t.rows(ROWS)
        t.study.widths["detail"] = 150
        t.study.fit_panes()
        await t.until(lambda: t.study.references.pane.outer_size.width == 150)
        await t.pilot.resize_terminal(120, 40)
        await t.until(lambda: t.table.outer_size.width >= 38)
        await t.pilot.resize_terminal(100, 40)
        await t.press("greater_than_sign")
        assert t.study.widths["detail"] == 150, "of a pane that is not shown"


async def test_pictures_are_let_go_with_their_screen(tui: Run, study: Store) -> None:
    gc.collect()
    async with tui(image_mode="halfcell") as t:
        await t.rows(ROWS)
        gc.disable()
        try:
            await t.press("enter")
            await t.until(lambda: isinstance(t.app.screen, LookScreen))
            screen = t.app.screen
            await t.until(lambda: screen._asking.known())
            await t.press("escape")
            await t.until(lambda: t.app.screen is t.study)
            assert not screen._asking.known()
            assert all(picture._drawn is None for picture in screen.query(Picture))
        finally:
            gc.enable()


async def test_the_palette_finds_what_keys_do(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        names = {command.title for command in t.app.get_system_commands(t.app.screen)}
        assert {"Images tab", "Columns", "Group", "Jump", "Back"} <= names
        await t.press("enter")
        await t.until(lambda: t.app.screen is not t.study)
        found = [command.title for command in t.app.get_system_commands(t.app.screen)]
        assert {"Seeds", "Patches", "Zoom"} <= set(found) and found.count("Help") == 1
        await t.press("ctrl+p")
        await t.until(lambda: isinstance(t.app.screen, CommandPalette))
