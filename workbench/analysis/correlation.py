"""Rank correlation of the measures with the covariates; the unit is the reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import stats

from workbench.analysis.blocks import ALL_SETTINGS, KINDS, MEASURES, POOLED, Block, Fact, System, blocks
from workbench.analysis.concordance import tau_intervals as tau_intervals_of
from workbench.analysis.exact import rank_p, with_adjusted
from workbench.analysis.frames import Values, records_frame
from workbench.analysis.ranks import spearman_intervals
from workbench.analysis.resampling import LEAST_UNITS, Bootstrap, Interval, interval_of

__all__ = ["KINDS", "MEASURES", "Correlation", "Spearman", "as_frame", "correlations", "spearman"]

LEAST_REFERENCES = 3
"""Below this a rank correlation has no degree of freedom left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spearman:
    """A rank correlation, or the reason why there is none."""

    rho: float | None
    """-1 to 1; None: not estimable."""
    p: float | None
    """Two-sided, of no association; None: not estimable. Up to nine pairs exact, from ten on by the t distribution."""
    n: int
    """Pairs with both values."""
    reason: str | None
    """Why it is not estimable; None where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Rank correlation of one covariate with one measure, over the references of one model, condition and kind."""

    model_id: str
    """``pooled``: each model's values less their mean, averaged per reference."""
    settings_id: str
    """``all`` where the models are pooled."""
    perturbation: str
    kind: str
    """``static``, ``dynamic`` or ``all``."""
    covariate: str
    method: str
    """How the covariate is measured."""
    measure: str
    """``cra``, ``vi``, ``crt`` or ``mean_s``."""
    rho: float | None
    """Spearman's, -1 to 1."""
    low: float | None
    """Of its interval: BCa bootstrap over references; None: none could be made."""
    high: float | None
    p: float | None
    """Two-sided, of no association, not adjusted."""
    p_adjusted: float | None
    """By Benjamini and Hochberg, within the family."""
    family: int
    """Tests adjusted together: all estimable ones of this kind and perturbation; pooled ones apart."""
    tau_b: float | None
    """Kendall's, -1 to 1."""
    tau_low: float | None
    """Of its interval; None: none was asked for, or none could be made."""
    tau_high: float | None
    n: int
    """References with both values."""
    n_missing: int
    """References of this kind that lack one of the two."""
    reason: str | None
    """Why there is no coefficient, or no interval; None where there is."""


def spearman(x: Values, y: Values) -> Spearman:
    """Spearman's rho with its two-sided p value.

    Args:
        x: [N] float64, NaN where missing.
        y: [N] float64, NaN where missing.

    Returns:
        Over the pairs with both values; never NaN.
    """
    both = ~(np.isnan(x) | np.isnan(y))
    x, y, n = x[both], y[both], int(both.sum())
    if n < LEAST_REFERENCES:
        return _not_estimable(n, f"n = {n}, at least {LEAST_REFERENCES} needed")
    if np.ptp(x) == 0:
        return _not_estimable(n, f"the covariate is {x[0]:.4g} for all {n}")
    if np.ptp(y) == 0:
        return _not_estimable(n, f"the measure is {y[0]:.4g} for all {n}")
    return Spearman(rho=float(stats.spearmanr(x, y).statistic), p=rank_p(x, y), n=n, reason=None)


def correlations(
    frame: pl.DataFrame,
    kinds: Sequence[str] = KINDS,
    *,
    bootstrap: Bootstrap | None = None,
    tau_intervals: bool = False,
) -> list[Correlation]:
    """Correlate every covariate with every measure, per model, settings and perturbation, and over all models pooled.

    Args:
        frame: rows of query ``correlation_input``: one per reference, condition, covariate and method.
        kinds: which to give; a kind of which the frame has no reference is left out.
        bootstrap: how intervals are made; None: as ``Bootstrap()``.
        tau_intervals: whether tau-b has one too, which takes several times as long.

    Returns:
        Ordered by covariate, method, measure, model, settings, perturbation and kind.
    """
    chosen = bootstrap or Bootstrap()
    found = [c for block in blocks(frame, kinds) for c in of_block(block, chosen, tau_intervals)]
    return sorted(with_adjusted(found, lambda c: (c.kind, c.perturbation, c.model_id == POOLED)), key=_order)


def as_frame(found: Sequence[Correlation]) -> pl.DataFrame:
    """The records as a frame, with the same columns and types whatever is estimable."""
    return records_frame(found, Correlation)


def of_block(block: Block, bootstrap: Bootstrap, tau_intervals: bool) -> Iterator[Correlation]:
    """The correlations within one block, of each model and pooled, not adjusted yet."""
    columns = {(system, measure): found for system, named in block.systems.items() for measure, found in named.items()}
    for measure in MEASURES:
        if (together := block.pooled(measure)) is not None:
            columns[System(POOLED, ALL_SETTINGS), measure] = together
    intervals = _intervals(block.facts, columns, bootstrap, tau_intervals)
    for fact, x in block.facts.items():
        for (system, measure), y in columns.items():
            plain = _plain(block, fact, system, measure, x, y)
            yield _with_intervals(plain, intervals.get((fact, system, measure)))


def _plain(block: Block, fact: Fact, system: System, measure: str, x: Values, y: Values) -> Correlation:
    """One correlation without its intervals."""
    result = spearman(x, y)
    both = np.isfinite(x) & np.isfinite(y)
    return Correlation(
        **system._asdict(),
        **fact._asdict(),
        perturbation=block.perturbation,
        kind=block.kind,
        measure=measure,
        rho=result.rho,
        low=None,
        high=None,
        p=result.p,
        p_adjusted=None,
        family=0,
        tau_b=None if result.rho is None else float(stats.kendalltau(x[both], y[both]).statistic),
        tau_low=None,
        tau_high=None,
        n=result.n,
        n_missing=len(x) - result.n,
        reason=result.reason,
    )


class _Found(NamedTuple):
    """The intervals of one pair."""

    rho: Interval
    tau: Interval


def _with_intervals(plain: Correlation, found: _Found | None) -> Correlation:
    if plain.rho is None:
        return plain
    none = interval_of(np.nan, np.nan, plain.n)
    rho, tau = found or _Found(none, none)
    return replace(plain, low=rho.low, high=rho.high, tau_low=tau.low, tau_high=tau.high, reason=rho.reason)


def _intervals(
    facts: dict[Fact, Values], columns: dict[tuple[System, str], Values], bootstrap: Bootstrap, tau_intervals: bool
) -> dict[tuple[Fact, System, str], _Found]:
    """Bounds of every pair; pairs over the same references share their resamples and ranks."""
    groups: dict[bytes, list[tuple[Fact, tuple[System, str]]]] = {}
    for fact, x in facts.items():
        for key, y in columns.items():
            both = np.isfinite(x) & np.isfinite(y)
            if both.sum() >= LEAST_UNITS and np.ptp(x[both]) > 0 and np.ptp(y[both]) > 0:
                groups.setdefault(both.tobytes(), []).append((fact, key))
    found = {}
    for mask, pairs in groups.items():
        rows = np.frombuffer(mask, dtype=bool)
        left, right = list(dict.fromkeys(f for f, _ in pairs)), list(dict.fromkeys(k for _, k in pairs))
        x, y = np.array([facts[f][rows] for f in left]).T, np.array([columns[k][rows] for k in right]).T
        bounds = [spearman_intervals(x, y, bootstrap)]
        bounds += [tau_intervals_of(x, y, bootstrap)] if tau_intervals else []
        for fact, key in pairs:
            at = left.index(fact), right.index(key)
            told = [interval_of(float(b.low[at]), float(b.high[at]), len(x)) for b in bounds]
            found[(fact, *key)] = _Found(told[0], told[-1] if tau_intervals else Interval(low=None, high=None))
    return found


def _not_estimable(n: int, why: str) -> Spearman:
    return Spearman(rho=None, p=None, n=n, reason=f"not estimable: {why}")


def _order(c: Correlation) -> tuple[str, str, int, str, str, str, int]:
    measure, kind = MEASURES.index(c.measure), KINDS.index(c.kind)
    return (c.covariate, c.method, measure, c.model_id, c.settings_id, c.perturbation, kind)
