"""Make the pictures of the README: ``python data/screens/make.py STUDY.duckdb`` writes them beside this file.

The study of the present ones is that of ``wb demo``, at calibrated thresholds.
"""

import asyncio
import sys
from pathlib import Path

from workbench.records import Thresholds
from workbench.store import Store
from workbench.store.thresholds import calibrate_thresholds
from workbench.tui.app import WorkbenchApp
from workbench.tui.imagemode import find_image_mode
from workbench.tui.widgets.status_bar import StatusBar

SCREENS: dict[str, list[str]] = {"tui": ["down"] * 8, "correlations": ["3", "G"]}
"""Name of a picture → the keys that lead to it."""
SETTLE = 1.5
"""Seconds in which a screen comes to rest."""


async def take(db: Path, keys: list[str], target: Path) -> None:
    """Press keys, wait, and write the screen down."""
    taus = calibrate_thresholds(Store.open(db), Thresholds())
    app = WorkbenchApp(db, find_image_mode("halfcell"), taus)
    async with app.run_test(size=(160, 42)) as pilot:
        while app.screen_stack[0].query_one(StatusBar).status.total is None:
            await asyncio.sleep(0.05)
        for key in keys:
            await pilot.pause(SETTLE)
            await pilot.press(key)
        await pilot.pause(2 * SETTLE)
        target.write_text(app.export_screenshot(title="wb tui"), encoding="utf-8")


if __name__ == "__main__":
    for name, keys in SCREENS.items():
        asyncio.run(take(Path(sys.argv[1]), keys, Path(__file__).with_name(f"{name}.svg")))
