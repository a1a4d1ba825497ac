"""``wb tui``."""

from pathlib import Path

import click

from workbench.options import db_option
from workbench.tui.imagemode import MODES


@click.command()
@click.option("--image-mode", type=click.Choice(MODES), default="auto", show_default=True, help="How to draw pictures.")
@db_option
def tui(db: Path, image_mode: str) -> None:
    r"""Explore the study in the terminal.

    Filters, sorts and re-thresholds the measures, shows reference and generated images, correlates. Works while
    wb generate and wb score write, and waits for a file that is not there yet. ? lists the keys.

    \b
    Examples:
      wb tui
      wb tui --db study.duckdb --image-mode halfcell
    """
    from workbench.tui.start import explore

    explore(db, image_mode)
