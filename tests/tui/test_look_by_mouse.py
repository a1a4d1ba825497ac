"""The look screen by mouse, and what leaves it."""

from pathlib import Path

import pytest

from workbench.store import Store
from workbench.tui.looking import MODELS, ONE
from workbench.tui.screens.look import LookScreen
from workbench.tui.widgets.gallery import Gallery
from workbench.tui.widgets.picture import Picture
from workbench.tui.widgets.sql_view import SqlView

from .conftest import ROWS, Run


async def test_patches_and_images_by_mouse_and_what_leaves_the_screen(
    tui: Run, study: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with tui(size=(120, 40), image_mode="halfcell") as t:
        await t.rows(ROWS)
        await t.press("enter")
        await t.until(lambda: isinstance(t.app.screen, LookScreen) and t.app.screen.look.current)
        screen = t.app.screen
        assert isinstance(screen, LookScreen)
        gallery = screen.query_one(Gallery)
        await t.until(lambda: screen.query_one("Gallery .picture").display)
        region = screen.query_one("Gallery .picture").region
        await t.pilot.click(offset=(region.x + 1, region.y + 1))
        assert screen.patch == 0
        await t.pilot.hover(offset=(region.right - 2, region.bottom - 2))
        assert screen.patch == 15
        await t.press("o", "m")
        await t.until(lambda: screen.look.mode == MODELS and len(gallery.visible_images) == 2)
        other = list(screen.query(Picture))[2].region  # after that of the reference and the first model
        wanted = gallery.visible_images[1]
        await t.pilot.click(offset=(other.x + 2, other.y + 2))
        await t.until(lambda: screen.look.mode == ONE)
        assert screen.look.current == wanted
        await t.press("e")
        assert list(tmp_path.glob("wb-look-*.svg"))
        await t.press("y")
        copied = study.sql(t.app.clipboard)
        assert len(screen.look.images) == copied.height and wanted.image_id in copied["image_id"].to_list()
        await t.press("Y")
        await t.until(lambda: isinstance(t.study.tab, SqlView) and t.table.row_count == copied.height)
