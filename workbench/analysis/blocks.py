"""The rows of ``correlation_input`` as arrays over the same references: one block per perturbation and kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from workbench.analysis.frames import Values, by_kind, values

MEASURES = ("cra", "vi", "crt", "mean_s")
KINDS = ("static", "dynamic", "all")
POOLED = "pooled"
"""In the place of a model: all of them together."""
ALL_SETTINGS = "all"
QUALIFIERS = frozenset({"corroborated_share"})
"""Covariates that say how far to trust another, and are unknown where that is 0: with them go just these references."""


class Fact(NamedTuple):
    """A covariate, and how it is measured."""

    covariate: str
    method: str


class System(NamedTuple):
    """A model under its settings; or all of them, pooled."""

    model_id: str
    settings_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """References of one kind under one perturbation; every array has one value per reference, NaN where missing."""

    perturbation: str
    kind: str
    """``static``, ``dynamic`` or ``all``."""
    qids: Sequence[str]
    facts: dict[Fact, Values]
    systems: dict[System, dict[str, Values]]
    """Model → measure → values."""

    def pooled(self, measure: str, without: str | None = None) -> Values | None:
        """The measure of a reference over all models: each model's values less their mean, then averaged.

        What models differ by on the whole is taken out, so that it does not matter which of them has a value for which
        reference; where all have one, the ranks are those of the plain mean.

        Args:
            measure: of ``MEASURES``.
            without: a model to leave out.

        Returns:
            None: fewer than two models.
        """
        taken = [by_name[measure] for system, by_name in self.systems.items() if system.model_id != without]
        if len(taken) < 2:
            return None
        table = np.array(taken)
        counts = (~np.isnan(table)).sum(axis=1, keepdims=True)
        means = np.nansum(table, axis=1, keepdims=True) / np.maximum(counts, 1)
        have = (~np.isnan(table)).sum(axis=0)
        found: Values = np.where(have > 0, np.nansum(table - means, axis=0) / np.maximum(have, 1), np.nan)
        # Sums in another order differ in the last digits: references that are level must stay level.
        return np.round(found, 12)


def blocks(frame: pl.DataFrame, kinds: Sequence[str] = KINDS) -> Iterator[Block]:
    """Split rows of query ``correlation_input``; a kind without a reference is left out."""
    for part in frame.partition_by("perturbation", maintain_order=True):
        for kind, chosen in by_kind(part, kinds):
            yield _block(chosen, kind)


def one_method_each(facts: dict[Fact, Values]) -> dict[str, Fact]:
    """For each covariate the method that most references have a value of; of equals the first by name.

    Methods of one covariate are the same property twice: controlling one for the other would leave nothing.
    """
    chosen: dict[str, Fact] = {}
    for fact in sorted(facts):
        known = chosen.get(fact.covariate)
        if known is None or np.isfinite(facts[fact]).sum() > np.isfinite(facts[known]).sum():
            chosen[fact.covariate] = fact
    return chosen


def taken_together(facts: dict[Fact, Values], wanted: Sequence[str] = ()) -> list[Fact]:
    """The covariates that a model takes in together, one method of each.

    Args:
        facts: all of them, with their values.
        wanted: each by its name or as NAME:METHOD; empty: all but ``QUALIFIERS``.
    """
    if not wanted:
        return sorted(one_method_each({f: c for f, c in facts.items() if f.covariate not in QUALIFIERS}).values())
    chosen: dict[Fact, None] = {}
    for name, _, method in (asked.partition(":") for asked in wanted):
        named = {f: c for f, c in facts.items() if f.covariate == name and method in ("", f.method)}
        chosen |= dict.fromkeys(one_method_each(named).values())
    return list(chosen)


def _block(frame: pl.DataFrame, kind: str) -> Block:
    qids = frame["qid"].unique().sort()
    frame = frame.join(pl.DataFrame({"qid": qids, "at": np.arange(len(qids))}), on="qid")
    facts = {
        Fact(*map(str, key)): _spread(part.unique("at"), "value", len(qids))
        for key, part in frame.partition_by("covariate", "method", as_dict=True).items()
    }
    systems = {
        System(*map(str, key)): {measure: _spread(part.unique("at"), measure, len(qids)) for measure in MEASURES}
        for key, part in frame.partition_by("model_id", "settings_id", as_dict=True).items()
    }
    perturbation = str(frame["perturbation"][0])
    return Block(perturbation=perturbation, kind=kind, qids=qids.to_list(), facts=facts, systems=systems)


def _spread(part: pl.DataFrame, name: str, n: int) -> Values:
    found = np.full(n, np.nan)
    found[part["at"].to_numpy()] = values(part, name)
    return found
