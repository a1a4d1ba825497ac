"""``wb analyze recognition``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import polars as pl

from workbench.commands.analyze.asked import (
    Asked,
    bootstrap_options,
    check_covariates,
    covariates_option,
    study_options,
)
from workbench.options import output_options, say, write_frame
from workbench.wording import counted

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap

NOTHING = "nothing to tell: it takes scored images, and two models, two conditions or a covariate"


@click.command()
@click.option(
    "--show",
    type=click.Choice(["odds-ratios", "fit", "calibration"]),
    default="odds-ratios",
    show_default=True,
    help="What each term does, how well all of them fit, or predicted against observed shares.",
)
@covariates_option
@study_options
@bootstrap_options
@output_options
def recognition(
    asked: Asked,
    bootstrap: "Bootstrap",
    show: str,
    covariates: tuple[str, ...],
    format_: str,
    output: Path | None,
) -> None:
    r"""Which references are recognised: a logistic regression on model, condition and all covariates together.

    \b
    Examples:
      wb analyze recognition
      wb analyze recognition --covariate popularity --covariate training_frequency:captions
      wb analyze recognition --show calibration --kind static --format csv -o calibration.csv

    Of recognised images (k of n per reference, model and condition) by a generalised estimating equation with
    references as clusters: marginal odds ratios whose intervals allow any resemblance of the images of a reference.
    Covariates enter in standard deviations, skewed counts as log(1 + x); references that lack one are left out and
    counted (--show fit). A term that tells recognised images without exception, or that others determine, is not
    estimable, and the rest is fitted without it. An odds ratio is no cause.
    """
    table = recognition_table(asked, bootstrap, show, covariates)
    if not table.height and show != "calibration":
        say(NOTHING)
    write_frame(table, format_, output)


def recognition_table(asked: Asked, bootstrap: "Bootstrap", show: str, covariates: Sequence[str] = ()) -> pl.DataFrame:
    """The table that ``--show`` names.

    Raises:
        ConfigError: If the study has no such covariate.
    """
    from workbench.analysis.frames import records_frame
    from workbench.analysis.goodness import Calibration, Fit, calibration, fit
    from workbench.analysis.recognition import OddsRatio, odds_ratios, regressions

    facts = asked.store.frame("covariate_values")
    check_covariates(facts, covariates)
    found = regressions(asked.frame("ref_scores"), facts, asked.kinds, covariates=covariates)
    for told in (one.told for one in found if one.told.n_refs_dropped):
        say(f"{told.kind}: {counted(told.n_refs_dropped, 'reference')} left out ({told.dropped}); see --covariate")
    if show == "calibration":
        for reason in [f"{one.told.kind}: {one.reason}" for one in found if one.reason] if found else [NOTHING]:
            say(reason)
    if show == "odds-ratios":
        return records_frame(odds_ratios(found, bootstrap.level), OddsRatio)
    if show == "fit":
        return records_frame([fit(one, bootstrap) for one in found], Fit)
    return records_frame([band for one in found for band in calibration(one, bootstrap)], Calibration)
