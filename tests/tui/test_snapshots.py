"""A few pictures of the screen, of what does not depend on time or place."""

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import TabbedContent

from workbench.options import DEFAULT_DB
from workbench.store import Store
from workbench.tui.app import WorkbenchApp
from workbench.tui.imagemode import find_image_mode
from workbench.tui.widgets.status_bar import StatusBar

from .conftest import ROWS, Tui
from .study import Plan, fill

Compare = Any


async def shown(app: WorkbenchApp, pilot: Pilot[Any]) -> Tui:
    """The application, once its screen is there."""
    t = Tui(app, pilot)
    await t.until(lambda: t.study.is_mounted and t.study.query(TabbedContent))
    return t


async def settled(t: Tui) -> None:
    """Nothing is under way, and nothing tells how long it took."""
    await t.until(lambda: not (t.study._lane.busy or t.study._loading.busy))
    await t.pilot.pause(0.3)
    await t.until(lambda: not (t.study._lane.busy or t.study._loading.busy))
    t.study.query_one(StatusBar).update(seconds=None, activity="")
    await t.pilot.pause()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkbenchApp:
    """On the default file of an empty folder."""
    monkeypatch.chdir(tmp_path)
    return WorkbenchApp(DEFAULT_DB, find_image_mode("none"))


def test_a_study_without_references(app: WorkbenchApp, snap_compare: Compare) -> None:
    Store.create(DEFAULT_DB)

    async def ready(pilot: Pilot[Any]) -> None:
        t = await shown(app, pilot)
        await t.until(lambda: "No references yet" in t.text())

    assert snap_compare(app, terminal_size=(80, 24), run_before=ready)


@pytest.mark.parametrize(
    ("theme", "size"),
    [("workbench-dark", (80, 24)), ("workbench-light", (100, 30))],
    ids=["small", "medium"],
)
def test_the_table(app: WorkbenchApp, snap_compare: Compare, theme: str, size: tuple[int, int]) -> None:
    fill(Store.create(DEFAULT_DB), Plan(files=False))

    async def ready(pilot: Pilot[Any]) -> None:
        t = await shown(app, pilot)
        app.theme = theme
        await t.rows(ROWS)
        await settled(t)

    assert snap_compare(app, terminal_size=size, run_before=ready)


def test_the_models(app: WorkbenchApp, snap_compare: Compare) -> None:
    fill(Store.create(DEFAULT_DB), Plan(files=False))

    async def ready(pilot: Pilot[Any]) -> None:
        t = await shown(app, pilot)
        await t.rows(ROWS)
        await t.press("4")
        await t.until(lambda: t.table.row_count == 12 and "Recognition × realization" in t.text())
        await settled(t)

    assert snap_compare(app, terminal_size=(160, 40), run_before=ready)
