"""Make the pictures of the README: ``python data/screens/make.py STUDY.duckdb`` writes them beside this file.

The study of the present ones is that of ``wb demo``, at calibrated thresholds. The page of the report is photographed
by Chromium, which has to be installed for it.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from workbench.cli import run
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
PAGE = (1180, 1330)
"""Of the report's page, pixels: what the picture shows."""
SHOWN = ("brief", "frequency")
"""Its sections."""


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


def photograph(db: Path, target: Path) -> None:
    """Write the report, and the section on training frequency as a PNG of few colours."""
    with tempfile.TemporaryDirectory() as folder:
        asked = ["--db", str(db), "--thresholds", "calibrated", "--out", folder, "--pictures", "none"]
        if run(["report", *asked]):
            raise SystemExit("the report could not be written")
        shot, page = Path(folder) / "shot.png", Path(folder) / "report.html"
        head, *sections = page.read_text(encoding="utf-8").split("<section ")
        kept = [part for part in sections if part.startswith(tuple(f'id="{key}"' for key in SHOWN))]
        page.write_text("<section ".join([head, *kept]), encoding="utf-8")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={shot}"]
        size = f"--window-size={PAGE[0]},{PAGE[1]}"
        subprocess.run(["chromium", *flags, size, page.as_uri()], check=True, capture_output=True)
        Image.open(shot).convert("RGB").quantize(160, Image.Quantize.MAXCOVERAGE).save(target, optimize=True)


if __name__ == "__main__":
    photograph(Path(sys.argv[1]), Path(__file__).with_name("report.png"))
    for name, keys in SCREENS.items():
        asyncio.run(take(Path(sys.argv[1]), keys, Path(__file__).with_name(f"{name}.svg")))
