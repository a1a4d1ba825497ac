"""``wb analyze agreement``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import polars as pl

from workbench.commands.analyze.asked import Asked, bootstrap_options, study_options
from workbench.options import output_options, say, write_frame

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap


@click.command()
@click.option(
    "--show",
    type=click.Choice(["kappa", "auc", "differences"]),
    default="kappa",
    show_default=True,
    help="People with one another, each measure with the people, or two measures with one another.",
)
@study_options
@bootstrap_options
@output_options
def agreement(asked: Asked, bootstrap: "Bootstrap", show: str, format_: str, output: Path | None) -> None:
    r"""Do people agree with one another, and do the measures agree with them?

    \b
    Examples:
      wb analyze agreement
      wb analyze agreement --show auc
      wb analyze agreement --show differences --format csv -o differences.csv

    kappa: Cohen's of every two annotators, Fleiss' of all. auc: s, vr and every other score of an image against the
    judgement of most annotators, once for recognised against not, once for replication against transformation; an AUC
    under 0.5 means that low scores go with the label. differences: paired, on the same resamples of references.
    """
    table = agreement_table(asked, bootstrap, show)
    if not table.height:
        say("nothing is judged yet: the annotations table is empty for this choice; wb tui is where people label")
    write_frame(table, format_, output)


def agreement_table(asked: Asked, bootstrap: "Bootstrap", show: str) -> pl.DataFrame:
    """The table that ``--show`` names."""
    from workbench.analysis import agreement as people
    from workbench.analysis.discrimination import Discrimination, DiscriminationDifference
    from workbench.analysis.frames import records_frame

    chosen = {name: asked.parameters[name] for name in ("models", "perturbations")}
    judgements = asked.store.frame("judgements", **chosen)
    judgements = judgements.filter(pl.col("kind").map_elements(asked.wants, return_dtype=pl.Boolean))
    if show == "kappa":
        return records_frame(people.agreements(judgements, bootstrap=bootstrap), people.Agreement)
    taus = {name: value for name, value in asked.parameters.items() if name not in chosen}
    tasks = people.label_tasks(judgements, asked.store.frame("image_values", **taus))
    record = Discrimination if show == "auc" else DiscriminationDifference
    parts = [records_frame([], record).select(pl.lit("").alias("task"), pl.all()).clear()]
    for task in tasks:
        found = task.discrimination(bootstrap) if show == "auc" else task.differences(bootstrap)
        parts.append(records_frame(found, record).select(pl.lit(task.task).alias("task"), pl.all()))
    return pl.concat(parts)
