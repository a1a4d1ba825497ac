"""``wb analyze frequency``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import polars as pl

from workbench.commands.analyze.asked import Asked, bootstrap_options, check_covariates, study_options
from workbench.options import output_options, say, write_frame

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap


@click.command()
@click.option(
    "--show",
    type=click.Choice(["change-point", "curve"]),
    default="change-point",
    show_default=True,
    help="Where the level changes, or the points of a smooth curve.",
)
@click.option("--covariate", default="training_frequency", show_default=True, metavar="NAME", help="On log(1 + x).")
@click.option(
    "--measure",
    type=click.Choice(["cra", "vi", "crt", "mean_s"]),
    default="cra",
    show_default=True,
    help="What answers to it.",
)
@study_options
@bootstrap_options
@output_options
def frequency(
    asked: Asked,
    bootstrap: "Bootstrap",
    show: str,
    covariate: str,
    measure: str,
    format_: str,
    output: Path | None,
) -> None:
    r"""Recognition against training frequency: where it changes its level, and a smooth curve.

    \b
    Examples:
      wb analyze frequency --perturbation title
      wb analyze frequency --show curve --kind all --format csv -o curve.csv

    change-point: the frequency at which two levels fit best, the interval of those that a likelihood ratio does not
    reject (Hansen), and p from permutations (any data have a best split). curve: local linear regression with a
    pointwise band. Zero counts stay.
    """
    from workbench.analysis import frequency as response
    from workbench.analysis.frames import records_frame

    curve = show == "curve"
    find = response.smooth_curves if curve else response.change_points
    frame = asked.frame("correlation_input")
    check_covariates(asked.store.frame("covariate_values"), [covariate] if covariate != response.FREQUENCY else [])
    found = find(frame, asked.kinds, covariate=covariate, measure=measure, bootstrap=bootstrap)
    table = records_frame(found, response.SmoothPoint if curve else response.ChangePoint)
    if not table.height and not frame.filter(pl.col("covariate") == covariate).height:
        say(f"no reference has both a scored image and the covariate {covariate}; wb status lists the covariates")
    elif not table.height:
        say("no curve can be drawn: wb analyze frequency says why, in its column reason")
    write_frame(table, format_, output)
