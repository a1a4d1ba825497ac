"""``wb analyze cells``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.commands.analyze.asked import Asked, bootstrap_options, study_options
from workbench.options import output_options, say, write_frame

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap


@click.command()
@study_options
@bootstrap_options
@output_options
def cells(asked: Asked, bootstrap: "Bootstrap", format_: str, output: Path | None) -> None:
    r"""CRA, VR, VI and CRT of every reference, model and perturbation, each with a 95 % interval over its images.

    \b
    Examples:
      wb analyze cells --model sd15 --perturbation title
      wb analyze cells --kind static --format parquet -o cells.parquet

    CRA is k of n with Wilson's interval; VR, VI and CRT have BCa bootstrap intervals. Blocked, black and failed images
    are counted and never averaged in.
    """
    from workbench.analysis.cells import Cell
    from workbench.analysis.cells import cells as summarise
    from workbench.analysis.frames import records_frame

    found = [c for c in summarise(asked.frame("image_measures"), bootstrap=bootstrap) if asked.wants(c.kind)]
    if all(c.cra is None for c in found):
        say("no image is scored yet; wb status says what is missing")
    write_frame(records_frame(found, Cell), format_, output)
