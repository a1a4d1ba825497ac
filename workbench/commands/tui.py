"""``wb tui``."""

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from workbench.commands.thresholds import settle_thresholds, threshold_options
from workbench.options import db_option
from workbench.store import Store
from workbench.tui.imagemode import MODES
from workbench.tui.web import HOST, PORT


@click.command()
@click.option("--image-mode", type=click.Choice(MODES), default="auto", show_default=True, help="How to draw pictures.")
@click.option("--web", is_flag=True, help="Serve it to a browser instead.")
@click.option("--host", help=f"--web: address to listen on; {HOST}: this machine alone. There is no password.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"--web: port to listen on; {PORT}.")
@threshold_options
@db_option
@click.pass_context
def tui(
    context: click.Context, /, db: Path, image_mode: str, web: bool, host: str | None, port: int | None, **taus: Any
) -> None:
    r"""Explore the study in the terminal.

    Filters, sorts and re-thresholds the measures, shows reference and generated images, correlates. Works while
    wb generate and wb score write, and waits for a file that is not there yet. ? lists the keys. Where no threshold is
    named, it takes those of the last time, or the study's.

    \b
    Examples:
      wb tui
      wb tui --thresholds calibrated
      wb tui --db study.duckdb --image-mode halfcell
      wb tui --web --port 8080
    """
    if not web and (host or port):
        raise click.UsageError("--host and --port are for --web")
    asked = any(context.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in taus)
    settled = settle_thresholds(lambda: Store.open(db), taus)
    thresholds = settled if asked else None  # those of the last time
    if web:
        from workbench.tui.web.serve import serve

        serve(db, image_mode, thresholds, host or HOST, port or PORT)
    else:
        from workbench.tui.start import explore

        explore(db, image_mode, thresholds)
