"""``wb tui``."""

from pathlib import Path
from typing import Any

import click

from workbench.commands.thresholds import settle_thresholds, threshold_options
from workbench.options import db_option
from workbench.store import Store
from workbench.tui.imagemode import MODES


@click.command()
@click.option("--image-mode", type=click.Choice(MODES), default="auto", show_default=True, help="How to draw pictures.")
@threshold_options
@db_option
def tui(db: Path, image_mode: str, **thresholds: Any) -> None:
    r"""Explore the study in the terminal.

    Filters, sorts and re-thresholds the measures, shows reference and generated images, correlates. Works while
    wb generate and wb score write, and waits for a file that is not there yet. ? lists the keys.

    \b
    Examples:
      wb tui
      wb tui --thresholds calibrated
      wb tui --db study.duckdb --image-mode halfcell
    """
    from workbench.tui.start import explore

    explore(db, image_mode, settle_thresholds(lambda: Store.open(db), thresholds))
