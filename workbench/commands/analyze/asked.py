"""What every analysis is asked with: a study, thresholds, encoders, a choice of models, perturbations and kinds."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import polars as pl

from workbench.commands.thresholds import names_thresholds, settle_thresholds, threshold_options
from workbench.options import db_option, say
from workbench.records import Facet, StudyFacts
from workbench.registry import unknown_name
from workbench.store import Store

KINDS = ("static", "dynamic", "all")
STUDYS = 0
"""``encoders.preference`` of the study's encoders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A study and which part of it is meant."""

    store: Store
    parameters: dict[str, Any]
    """Thresholds, encoders, models and perturbations, as queries take them."""
    kinds: Sequence[str]

    def frame(self, query: str) -> pl.DataFrame:
        """Rows of a query that takes these parameters."""
        return self.store.frame(query, **self.parameters)

    def with_perturbation(self, name: str) -> "Asked":
        """The same, and this perturbation in any case."""
        named = self.parameters["perturbations"]
        return replace(self, parameters=self.parameters | {"perturbations": named and [*named, name]})

    def with_encoders(self) -> "Asked":
        """The same, naming the encoders that the measures choose, so that its SQL gives the same rows ever after."""
        facts = self.store.rows("study_facts", StudyFacts)[0]
        chosen = {"encoder": facts.encoder_id, "patch_encoder": facts.patch_encoder_id}
        named = {name: self.parameters[name] or found for name, found in chosen.items()}
        return replace(self, parameters=self.parameters | named)

    def wants(self, kind: str) -> bool:
        """Whether references of this kind are meant."""
        return kind in self.kinds or "all" in self.kinds


def study_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose a part of a study; the command takes them as ``asked``."""

    @functools.wraps(command)
    def wrapper(db: Path, kind: str | None, **options: Any) -> Any:
        store = Store.open(db)
        names = {name: options.pop(name) for name in ("encoder", "patch_encoder")}
        if not names_thresholds(options):
            _note_foreign_thresholds(store)
        taus = settle_thresholds(lambda: store, options, **names)
        chosen = {name: list(options.pop(name)) or None for name in ("models", "perturbations")}
        parameters = chosen | taus.parameters()
        check_names(store, parameters)
        return command(Asked(store=store, parameters=parameters, kinds=[kind] if kind else KINDS), **options)

    kinds = click.Choice(KINDS)
    for option in (
        click.option("--kind", type=kinds, help="Only this kind; without: each and all."),
        click.option("--perturbation", "perturbations", metavar="NAME", multiple=True, help="Only this (repeatable)."),
        click.option("--model", "models", metavar="ID", multiple=True, help="Only this model (repeatable)."),
        click.option(
            "--patch-encoder", metavar="ID", help="Encoder of the patches; without: as ref_scores() takes it."
        ),
        click.option("--encoder", metavar="ID", help="Encoder of s; without: as ref_scores() takes it."),
    ):
        wrapper = option(wrapper)
    return db_option(threshold_options(wrapper))


def _note_foreign_thresholds(store: Store) -> None:
    """Say so where the study's thresholds are taken for scores of other encoders than the study's alone."""
    preferences = store.table("encoders")["preference"]
    if len(preferences) and preferences.min() != STUDYS:
        say("note: the study's thresholds were chosen for other encoders than these scores are by")
        say("hint: wb calibrate finds some, --thresholds calibrated takes them")


def bootstrap_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--resamples`` and ``--seed``; the command takes them as ``bootstrap``."""

    @functools.wraps(command)
    def wrapper(*arguments: Any, resamples: int, seed: int, **options: Any) -> Any:
        from workbench.analysis.resampling import Bootstrap

        return command(*arguments, bootstrap=Bootstrap(resamples=resamples, seed=seed), **options)

    many = click.IntRange(200, 1_000_000)
    text = "Bootstrap samples behind each interval."
    resamples = click.option("--resamples", type=many, default=2000, show_default=True, metavar="N", help=text)
    text = "Of the bootstrap: the same seed gives the same intervals."
    seed = click.option("--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N", help=text)
    return resamples(seed(wrapper))


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


def covariates_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--covariate``, of several that a model takes together; the command takes them as ``covariates``."""
    text = "Only these together (repeatable). [all that do not qualify another]"
    return click.option("--covariate", "covariates", metavar="NAME[:METHOD]", multiple=True, help=text)(command)


def check_covariates(facts: pl.DataFrame, covariates: Sequence[str]) -> None:
    """Refuse covariates that the study does not have.

    Args:
        facts: has the columns covariate and method.
        covariates: each by its name or as NAME:METHOD.

    Raises:
        ConfigError: If one is unknown: near names are offered.
    """
    methods = facts.select("covariate", "method").unique().sort("covariate", "method")
    known = [*methods["covariate"].unique(maintain_order=True), *(f"{c}:{m}" for c, m in methods.iter_rows())]
    for name in covariates:
        if name not in known:
            raise unknown_name("covariate", name, known, "wb status lists those that are measured")
