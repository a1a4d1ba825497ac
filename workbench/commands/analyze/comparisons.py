"""``wb analyze perturbations`` and ``wb analyze models``: paired within reference."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.commands.analyze.asked import Asked, bootstrap_options, study_options
from workbench.options import output_options, say, write_frame

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap


@click.command()
@click.option(
    "--show",
    type=click.Choice(["effects", "references", "survival"]),
    default="effects",
    show_default=True,
    help="Means over references, each reference, or recognition by number of substituted words.",
)
@study_options
@bootstrap_options
@output_options
def perturbations(asked: Asked, bootstrap: "Bootstrap", show: str, format_: str, output: Path | None) -> None:
    r"""What other words do: every perturbation against the title, paired within reference.

    \b
    Examples:
      wb analyze perturbations
      wb analyze perturbations --show references --format csv -o kept.csv
      wb analyze perturbations --show survival

    The title is compared with whatever --perturbation says. effects: difference of the mean measures with its
    interval, Wilcoxon's signed-rank test, and the rank-biserial correlation as effect size. references: which ones
    keep their iconic structure; kept or lost is said only where Wilson's interval lies wholly above or below half of
    the title's CRA. survival: the share of references that keep at least half of it, by the number of words that a
    synonym prompt substitutes.
    """
    from workbench.analysis import perturbations as found_in
    from workbench.analysis.frames import records_frame

    asked = asked.with_perturbation(found_in.TITLE)
    if show == "effects":
        frame = asked.frame("ref_scores")
        told = found_in.perturbation_effects(frame, asked.kinds, bootstrap=bootstrap)
        table = records_frame(told, found_in.PerturbationEffect)
    elif show == "references":
        table = records_frame(found_in.retentions(asked.frame("ref_scores"), asked.kinds), found_in.Retention)
    else:
        frame = asked.frame("substitutions")
        table = records_frame(found_in.survival(frame, asked.kinds, bootstrap=bootstrap), found_in.Survival)
    if not table.height:
        say("nothing to compare: it takes scored images of titles and of another prompt of the same references")
    write_frame(table, format_, output)


@click.command()
@click.option(
    "--show",
    type=click.Choice(["differences", "plane"]),
    default="differences",
    show_default=True,
    help="Every two models, or each model's place between recognition and realization.",
)
@study_options
@bootstrap_options
@output_options
def models(asked: Asked, bootstrap: "Bootstrap", show: str, format_: str, output: Path | None) -> None:
    r"""Models beside one another over the same references.

    \b
    Examples:
      wb analyze models --perturbation title
      wb analyze models --show plane --kind static

    differences: b less a with a paired bootstrap interval, Wilcoxon's test and the rank-biserial correlation.
    plane: mean CRA against mean VI, with CRT, and intervals over references. VI is over the references that the model
    recognises, which another model need not.
    """
    from workbench.analysis import models as found_in
    from workbench.analysis.frames import records_frame

    frame = asked.frame("ref_scores")
    if show == "differences":
        told = found_in.model_differences(frame, asked.kinds, bootstrap=bootstrap)
        table = records_frame(told, found_in.ModelDifference)
    else:
        table = records_frame(found_in.model_places(frame, asked.kinds, bootstrap=bootstrap), found_in.ModelPlace)
    if not table.height:
        say("nothing to compare: it takes scored images" + (" of two models" if show == "differences" else ""))
    write_frame(table, format_, output)
