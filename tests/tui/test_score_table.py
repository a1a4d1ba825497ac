"""The table draws rows by itself, faster than the library, and to the same effect."""

from dataclasses import replace

import pytest
from textual.strip import Strip
from textual_fastdatatable import DataTable

from workbench.store import Store, Write
from workbench.tui.widgets.score_table import ScoreTable

from .conftest import ROWS, Run
from .study import references
from .test_hostile import LABELS


def characters(strip: Strip) -> list[tuple[object, ...]]:
    """Each with its look, and the row that a click on it means."""
    found: list[tuple[object, ...]] = []
    for text, style, _ in strip:
        assert style is not None
        meta = style.meta if text.strip() else {}
        look = (style.color, style.bgcolor, style.bold, style.italic, style.reverse)
        found += [(c, *look, meta.get("row"), meta.get("column")) for c in text]
    return found


def assert_drawn_alike(table: ScoreTable) -> None:
    table._plain = table.rich_style
    for y in range(table.size.height):
        theirs = DataTable.render_line(table, y)
        assert characters(table.render_line(y)) == characters(theirs), (y, theirs.text)


@pytest.mark.parametrize("size", [(160, 48), (60, 24)])
async def test_rows_are_drawn_as_the_library_draws_them(tui: Run, study: Store, size: tuple[int, int]) -> None:
    async with tui(size=size) as t:
        await t.rows(ROWS)
        assert_drawn_alike(t.table)
        await t.press("j", "j", "l", "l")
        assert t.table.scroll_offset.x > 0 or size[0] == 160
        assert_drawn_alike(t.table)
        await t.press("G", "l")
        assert t.table.scroll_offset.y > 0
        await t.pilot.hover(ScoreTable, offset=(5, 4))
        assert t.table._show_hover_cursor
        assert_drawn_alike(t.table)
        await t.press("t")
        assert_drawn_alike(t.table)


async def test_hostile_labels_are_drawn_as_the_library_draws_them(tui: Run, store: Store) -> None:
    refs = [replace(r, label=label) for r, label in zip(references(len(LABELS)), LABELS, strict=False)]
    store.write(Write(query="upsert_refs", table="refs", records=refs))
    async with tui(size=(100, 30)) as t:
        await t.rows(len(LABELS))
        assert_drawn_alike(t.table)


async def test_a_click_finds_the_row_that_it_is_on(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        await t.pilot.click(ScoreTable, offset=(30, 6))
        assert t.table.cursor_row == 5
