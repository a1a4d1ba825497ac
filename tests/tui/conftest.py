"""The application on a study of its own, without a terminal."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from workbench.store import Store
from workbench.tui.app import WorkbenchApp
from workbench.tui.imagemode import find_image_mode
from workbench.tui.screens.study import StudyScreen
from workbench.tui.widgets.score_table import ScoreTable
from workbench.tui.widgets.status_bar import Status, StatusBar

from .study import Plan, fill


@dataclass
class Tui:
    """A running application."""

    app: WorkbenchApp
    pilot: Pilot[Any]

    @property
    def study(self) -> StudyScreen:
        """The main screen, whatever lies over it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, StudyScreen)
        return screen

    @property
    def table(self) -> ScoreTable:
        return self.study.view.table

    @property
    def status(self) -> Status:
        return self.study.query_one(StatusBar).status

    def column(self, name: str) -> list[Any]:
        """The values of a column, as they are sorted."""
        table = self.table.table
        return [] if table is None else table[name].to_pylist()

    def shown(self, row: int) -> list[str]:
        """What the cells of a row say."""
        assert self.table.backend is not None
        return [self.table.backend.get_cell_at(row, i).plain for i in range(self.table.column_count)]

    def text(self) -> str:
        """Everything on screen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    async def until(self, true: Callable[[], object], seconds: float = 15.0) -> None:
        """Wait for a condition; fails where it does not come."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"did not happen; the screen says:\n{self.text()}"
            await asyncio.sleep(0.01)
        await self.pilot.pause()

    async def rows(self, n: int) -> None:
        """Wait for that many rows."""
        await self.until(lambda: self.table.row_count == n and self.status.total is not None)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        await self.pilot.press(*text)


Run = Callable[..., AbstractAsyncContextManager[Tui]]


@pytest.fixture
def tui(db: Path) -> Run:
    """Runs the application on the study ``db``."""

    @asynccontextmanager
    async def run(size: tuple[int, int] = (160, 48), image_mode: str = "none", path: Path = db) -> AsyncIterator[Tui]:
        app = WorkbenchApp(path, find_image_mode(image_mode))
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Tui(app, pilot)

    return run


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a whole study, made once."""
    folder = tmp_path_factory.mktemp("filled")
    store = Store.create(folder / "study.duckdb")
    fill(store, Plan())
    store.settle()
    return folder


@pytest.fixture
def study(filled: Path, db: Path) -> Store:
    """Fourteen references, two models, two perturbations, four images each, all scored."""
    shutil.copytree(filled, db.parent, dirs_exist_ok=True)
    return Store.open(db)


ROWS = 14 * 2 * 2
