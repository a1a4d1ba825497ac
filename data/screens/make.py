"""Make the pictures of the README: ``python data/screens/make.py STUDY.duckdb`` writes them beside this file.

The study of the present ones is that of ``wb demo``, at calibrated thresholds. Those that are PNG are photographed by
Chromium, which has to be installed for it.
"""

import asyncio
import re
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

SCREENS: dict[str, list[str]] = {
    "tui.svg": ["down"] * 8,
    "correlations.svg": ["3", "G"],
    "look.png": [*["down"] * 8, "enter", "o", "l"],
}
"""Name of a picture → the keys that lead to it. One that is full of pictures is smaller as PNG."""
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
        picture = app.export_screenshot(title="wb tui")
    if target.suffix == ".svg":
        target.write_text(picture, encoding="utf-8")
        return
    width, height = (round(float(side)) for side in re.search(r'viewBox="0 0 (\S+) (\S+)"', picture).groups())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "screen.svg"
        page.write_text(picture, encoding="utf-8")
        photograph(page, (width, height), target)


def photograph(page: Path, size: tuple[int, int], target: Path) -> None:
    """Let Chromium draw a page, and keep it as a PNG of few colours."""
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size[0]},{size[1]}"]
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        command = ["chromium", *flags, f"--screenshot={shot}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True)
        Image.open(shot).convert("RGB").quantize(160, Image.Quantize.MAXCOVERAGE).save(target, optimize=True)


def take_report(db: Path, target: Path) -> None:
    """Write the report, and photograph its section on training frequency."""
    with tempfile.TemporaryDirectory() as folder:
        asked = ["--db", str(db), "--thresholds", "calibrated", "--out", folder, "--pictures", "none"]
        if run(["report", *asked]):
            raise SystemExit("the report could not be written")
        page = Path(folder) / "report.html"
        head, *sections = page.read_text(encoding="utf-8").split("<section ")
        kept = [part for part in sections if part.startswith(tuple(f'id="{key}"' for key in SHOWN))]
        page.write_text("<section ".join([head, *kept]), encoding="utf-8")
        photograph(page, PAGE, target)


if __name__ == "__main__":
    take_report(Path(sys.argv[1]), Path(__file__).with_name("report.png"))
    for name, keys in SCREENS.items():
        asyncio.run(take(Path(sys.argv[1]), keys, Path(__file__).with_name(name)))
