"""``wb analyze``."""

from pathlib import Path
from typing import Any

import click

from workbench.commands.thresholds import settle_thresholds, threshold_options
from workbench.options import db_option, output_options, say, write_frame
from workbench.records import Facet
from workbench.registry import unknown_name
from workbench.store import Store


@click.group()
def analyze() -> None:
    r"""Statistics over references: the unit is the reference, never the image.

    \b
    Example:
      wb analyze correlations
    """


@analyze.command()
@threshold_options
@click.option("--encoder", metavar="ID", help="Encoder of s; without: as ref_scores() takes it.")
@click.option("--patch-encoder", metavar="ID", help="Encoder of the patches; without: as ref_scores() takes it.")
@click.option("--model", "models", metavar="ID", multiple=True, help="Only this model (repeatable).")
@click.option("--perturbation", "perturbations", metavar="NAME", multiple=True, help="Only this one (repeatable).")
@click.option("--kind", type=click.Choice(["static", "dynamic", "all"]), help="Only this kind; without: each and all.")
@db_option
@output_options
def correlations(db: Path, format_: str, output: Path | None, kind: str | None, **parameters: Any) -> None:
    r"""Spearman's rho of every covariate with every measure, with n and p.

    \b
    Examples:
      wb analyze correlations --kind static
      wb analyze correlations --model sd15 --tau-static 0.8 --format csv -o correlations.csv

    A rho that cannot be estimated is empty, and says why in the column reason. A correlation is no cause.
    """
    from workbench.analysis.correlation import KINDS, as_frame
    from workbench.analysis.correlation import correlations as correlate

    store = Store.open(db)
    names = {name: parameters.pop(name) for name in ("encoder", "patch_encoder")}
    taus = settle_thresholds(lambda: store, parameters, **names)
    asked = {name: list(value) or None for name, value in parameters.items()} | taus.parameters()
    check_names(store, asked)
    found = correlate(store.frame("correlation_input", **asked), [kind] if kind else KINDS)
    if all(c.rho is None for c in found):
        say("nothing can be correlated yet: it takes scored images and covariates; wb status says what is missing")
    write_frame(as_frame(found), format_, output)


def check_names(store: Store, asked: dict[str, Any]) -> None:
    """Refuse models, perturbations and encoders that the study does not have.

    Raises:
        ConfigError: If one is unknown: near names are offered.
    """
    facets = store.rows("facets", Facet)
    named = {"model": asked["models"], "perturbation": asked["perturbations"]}
    named |= {name: asked[name] and [asked[name]] for name in ("encoder", "patch_encoder")}
    for field, values in named.items():
        known = [f.value for f in facets if f.field == field]
        for value in values or ():
            if value not in known:
                raise unknown_name(field.replace("_", " "), value, known, "wb status lists those that have images")
