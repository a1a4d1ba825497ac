"""``wb analyze correlations``, ``partial``, ``collinearity`` and ``stability``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.commands.analyze.asked import (
    Asked,
    bootstrap_options,
    check_covariates,
    covariates_option,
    study_options,
)
from workbench.options import output_options, say, write_frame

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap

NOTHING = "nothing can be correlated yet: it takes scored images and covariates; wb status says what is missing"
NOTHING_ESTIMABLE = "nothing can be estimated yet: the column reason says why"


@click.command()
@click.option(
    "--tau-intervals/--no-tau-intervals",
    default=True,
    show_default=True,
    help="Intervals of Kendall's tau-b too: without them it takes a fraction of the time.",
)
@study_options
@bootstrap_options
@output_options
def correlations(asked: Asked, bootstrap: "Bootstrap", tau_intervals: bool, format_: str, output: Path | None) -> None:
    r"""Spearman's rho and Kendall's tau-b of every covariate with every measure, per model and pooled.

    \b
    Examples:
      wb analyze correlations --kind static
      wb analyze correlations --model sd15 --tau-static 0.8 --format csv -o correlations.csv

    low and high: 95 % interval of rho by a BCa bootstrap over references; tau_low and tau_high likewise. p is exact up
    to 9 references. p_adjusted is by Benjamini and Hochberg; the family is all estimable tests of one kind and
    perturbation that are asked for (the pooled ones apart). Ranks are the same on any scale, so that skewed counts need
    no logarithm here. What cannot be estimated is empty, and says why in the column reason. A correlation is no cause.
    """
    from workbench.analysis.correlation import as_frame
    from workbench.analysis.correlation import correlations as correlate

    frame = asked.frame("correlation_input")
    found = correlate(frame, asked.kinds, bootstrap=bootstrap, tau_intervals=tau_intervals)
    if all(c.rho is None for c in found):
        say(NOTHING_ESTIMABLE if any(c.n for c in found) else NOTHING)
    write_frame(as_frame(found), format_, output)


@click.command()
@covariates_option
@study_options
@bootstrap_options
@output_options
def partial(
    asked: Asked, bootstrap: "Bootstrap", covariates: tuple[str, ...], format_: str, output: Path | None
) -> None:
    r"""Spearman's rho of every covariate with every measure, all other covariates held.

    \b
    Examples:
      wb analyze partial --kind static
      wb analyze partial --covariate popularity:sitelinks --covariate training_frequency

    Of a covariate with several methods, the one that most references have is held. Only references that have the
    measure and all covariates count; rho is over the same ones, without holding any. corroborated_share says how far
    to trust a frequency and is unknown where that is 0: it is held only where it is named.
    """
    from workbench.analysis.confounding import PartialCorrelation, partial_correlations
    from workbench.analysis.frames import records_frame

    check_covariates(asked.store.frame("covariate_values"), covariates)
    frame = asked.frame("correlation_input")
    found = partial_correlations(frame, asked.kinds, covariates=covariates, bootstrap=bootstrap)
    if all(c.partial_rho is None for c in found):
        say(NOTHING_ESTIMABLE if any(c.n for c in found) else NOTHING)
    write_frame(records_frame(found, PartialCorrelation), format_, output)


@click.command()
@covariates_option
@study_options
@bootstrap_options
@output_options
def collinearity(
    asked: Asked, bootstrap: "Bootstrap", covariates: tuple[str, ...], format_: str, output: Path | None
) -> None:
    r"""Rank correlation of the covariates with one another, and the variance inflation of each.

    \b
    Examples:
      wb analyze collinearity
      wb analyze collinearity --covariate popularity --covariate training_frequency

    The VIF is over the references that have all covariates; skewed counts enter it as log(1 + x).
    """
    from workbench.analysis.confounding import Collinearity
    from workbench.analysis.confounding import collinearity as collinear
    from workbench.analysis.frames import records_frame

    check_covariates(asked.store.frame("covariate_values"), covariates)
    found = collinear(asked.frame("correlation_input"), asked.kinds, covariates=covariates, bootstrap=bootstrap)
    if not found:
        say("fewer than two covariates: nothing can overlap")
    write_frame(records_frame(found, Collinearity), format_, output)


@click.command()
@study_options
@bootstrap_options
@output_options
def stability(asked: Asked, bootstrap: "Bootstrap", format_: str, output: Path | None) -> None:
    r"""The pooled correlations again, with each model left out.

    \b
    Example:
      wb analyze stability --kind all

    change: what leaving the model out changes, with a paired interval over references.
    """
    from workbench.analysis.confounding import Stability
    from workbench.analysis.confounding import stability as leave_one_out
    from workbench.analysis.frames import records_frame

    found = leave_one_out(asked.frame("correlation_input"), asked.kinds, bootstrap=bootstrap)
    if all(s.rho is None for s in found):
        say("nothing can be pooled: it takes at least two models")
    write_frame(records_frame(found, Stability), format_, output)
