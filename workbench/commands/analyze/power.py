"""``wb analyze power``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl

from workbench.commands.analyze.asked import Asked, bootstrap_options, study_options
from workbench.options import FiniteRange, output_options, say, write_frame

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap

CHANCE = FiniteRange(0, 1, min_open=True, max_open=True)


@click.command()
@click.option(
    "--show",
    type=click.Choice(["correlations", "references", "images"]),
    default="correlations",
    show_default=True,
    help="What this study's references detect, how many a correlation takes, or what more images of a prompt buy.",
)
@click.option("--alpha", type=CHANCE, default=0.05, show_default=True, help="Two-sided chance of a false claim.")
@click.option("--power", type=CHANCE, default=0.8, show_default=True, help="Chance to find what is there.")
@click.option("--rho", "rhos", type=CHANCE, multiple=True, help="For references: this correlation (repeatable).")
@click.option(
    "--images-per-prompt", "images", type=click.IntRange(1), multiple=True, help="For images: so many (repeatable)."
)
@study_options
@bootstrap_options
@output_options
def power(asked: Asked, bootstrap: "Bootstrap", show: str, format_: str, output: Path | None, **options: Any) -> None:
    r"""What a study can find: with so many references, and with so many images of each prompt.

    \b
    Examples:
      wb analyze power
      wb analyze power --show references --rho 0.25 --power 0.9
      wb analyze power --show images --perturbation title --images-per-prompt 4 --images-per-prompt 50

    correlations: the weakest Spearman's rho that a test at alpha finds with this power (Fisher's z, variance by Bonett
    and Wright); rho_family the same at alpha over all tests of the kind. images: from the intra-class correlation of
    recognised images, the design effect of k images, the reliability of a reference's CRA, and what is left of a
    correlation with it (attenuation).
    """
    table = power_table(asked, bootstrap, show, **options)
    if not table.height:
        say(
            "nothing to go by: it takes scored images, and for correlations a covariate; wb status says what is missing"
        )
    write_frame(table, format_, output)


def power_table(
    asked: Asked,
    bootstrap: "Bootstrap",
    show: str,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    rhos: Sequence[float] = (),
    images: Sequence[int] = (),
) -> pl.DataFrame:
    """The table that ``--show`` names."""
    from workbench.analysis import power as found_in
    from workbench.analysis.frames import records_frame

    chances = {"alpha": alpha, "power": power}
    if show == "references":
        told = found_in.needed_references(rhos or found_in.RHOS, **chances)
        return records_frame(told, found_in.NeededReferences)
    if show == "correlations":
        weakest = found_in.detectable(asked.frame("correlation_input"), asked.kinds, **chances)
        return records_frame(weakest, found_in.Detectable)
    buy = found_in.images_buy(
        asked.frame("ref_scores"), asked.kinds, images=images or found_in.IMAGES, bootstrap=bootstrap, **chances
    )
    return records_frame(buy, found_in.ImagesBuy)
