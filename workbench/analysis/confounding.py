"""What overlapping covariates do to a correlation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.special import stdtr

from workbench.analysis.blocks import (
    ALL_SETTINGS,
    KINDS,
    MEASURES,
    POOLED,
    Block,
    Fact,
    System,
    blocks,
    taken_together,
)
from workbench.analysis.correlation import spearman
from workbench.analysis.exact import with_adjusted
from workbench.analysis.frames import Values
from workbench.analysis.ranks import Partial, ResampledRanks, partial, partial_intervals, spearman_intervals
from workbench.analysis.resampling import LEAST_UNITS, Bootstrap, Interval, interval_of
from workbench.analysis.scales import looks_skewed, scaled, variance_inflation
from workbench.analysis.stability import Stability, stability

__all__ = ["Collinearity", "PartialCorrelation", "Stability", "collinearity", "partial_correlations", "stability"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialCorrelation:
    """Spearman's rho of a covariate with a measure, the other covariates held."""

    model_id: str
    """Or ``pooled``."""
    settings_id: str
    perturbation: str
    kind: str
    covariate: str
    method: str
    measure: str
    controls: str
    """The covariates held, each with its method."""
    rho: float | None
    """Without holding them, over the same references."""
    partial_rho: float | None
    low: float | None
    """Of the partial rho: BCa bootstrap over references."""
    high: float | None
    p: float | None
    """Of the partial rho: Student's t with n - 2 - controls degrees of freedom."""
    p_adjusted: float | None
    """By Benjamini and Hochberg, within the family."""
    family: int
    """Tests adjusted together: all of this kind and perturbation; pooled ones are a family of their own."""
    n: int
    """References with the measure and all of the covariates."""
    n_missing: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collinearity:
    """How far one covariate is told by another, and by all others."""

    kind: str
    covariate: str
    method: str
    other: str
    other_method: str
    rho: float | None
    """Spearman's, over the references with both."""
    low: float | None
    high: float | None
    p: float | None
    n: int
    vif: float | None
    """Variance inflation of ``covariate`` by all others together: 1 is none, from 5 on they are hard to tell apart."""
    scale: str
    """On which the VIF is: ``log1p`` for skewed counts, else ``plain``."""
    reason: str | None


def partial_correlations(
    frame: pl.DataFrame,
    kinds: Sequence[str] = KINDS,
    *,
    covariates: Sequence[str] = (),
    bootstrap: Bootstrap | None = None,
) -> list[PartialCorrelation]:
    """Correlate every covariate with every measure, holding all other covariates (one method of each).

    Args:
        frame: rows of query ``correlation_input``.
        kinds: which to give.
        covariates: only these, each by its name or as NAME:METHOD; empty: all but those that qualify another.
        bootstrap: how intervals are made.
    """
    chosen = bootstrap or Bootstrap()
    found = [p for block in blocks(frame, kinds) for p in _partials(block, covariates, chosen)]
    return with_adjusted(found, lambda c: (c.kind, c.perturbation, c.model_id == POOLED))


def collinearity(
    frame: pl.DataFrame,
    kinds: Sequence[str] = KINDS,
    *,
    covariates: Sequence[str] = (),
    bootstrap: Bootstrap | None = None,
) -> list[Collinearity]:
    """Correlate the covariates with one another, every ordered pair of them, one method of each.

    Args:
        frame: rows of query ``correlation_input``; references count once, whatever the models and perturbations.
        kinds: which to give.
        covariates: only these, each by its name or as NAME:METHOD; empty: all but those that qualify another.
        bootstrap: how intervals are made.
    """
    once = frame.with_columns(perturbation=pl.lit(""))
    return [c for block in blocks(once, kinds) for c in _collinear(block, covariates, bootstrap or Bootstrap())]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A partial correlation to be estimated."""

    fact: Fact
    held: list[Fact]
    system: System
    measure: str
    y: Values


def _partials(block: Block, covariates: Sequence[str], bootstrap: Bootstrap) -> Iterator[PartialCorrelation]:
    taken, asked = sorted(taken_together(block.facts, covariates)), []
    for fact in taken if covariates else sorted(block.facts):
        held = [other for other in taken if other.covariate != fact.covariate]
        for measure in MEASURES:
            for system, found in block.systems.items():
                asked.append(_Asked(fact, held, system, measure, found[measure]))
            if (together := block.pooled(measure)) is not None:
                asked.append(_Asked(fact, held, System(POOLED, ALL_SETTINGS), measure, together))
    plain = [_partial(block, one) for one in asked]
    intervals = _partial_intervals(block, [a for a, p in zip(asked, plain, strict=True) if p.reason is None], bootstrap)
    for one, told in zip(asked, plain, strict=True):
        interval = intervals.get((one.fact, one.system, one.measure), interval_of(np.nan, np.nan, told.n))
        known = told.reason is None
        yield replace(told, low=interval.low, high=interval.high, reason=interval.reason) if known else told


def _partial(block: Block, asked: _Asked) -> PartialCorrelation:
    """One partial correlation without its interval."""
    columns = np.array([block.facts[asked.fact], asked.y, *(block.facts[f] for f in asked.held)]).T
    columns = columns[np.isfinite(columns).all(axis=1)]
    n, k = columns.shape
    degrees, value, reason = n - k, np.nan, _no_partial(columns, asked.held)
    if reason is None:
        value = float(partial(ResampledRanks(columns).matrices(np.ones((n, 1)), k))[0])
        reason = None if np.isfinite(value) else "not estimable: the controls determine the covariate or the measure"
    known = reason is None
    t = abs(value) * np.sqrt(degrees / max(1 - value**2, 1e-15)) if known else np.nan
    return PartialCorrelation(
        **asked.system._asdict(),
        **asked.fact._asdict(),
        perturbation=block.perturbation,
        kind=block.kind,
        measure=asked.measure,
        controls=", ".join(f"{f.covariate} ({f.method})" for f in asked.held),
        rho=spearman(columns[:, 0], columns[:, 1]).rho,
        partial_rho=value if known else None,
        low=None,
        high=None,
        p=float(2 * stdtr(degrees, -t)) if known else None,
        p_adjusted=None,
        family=0,
        n=n,
        n_missing=len(asked.y) - n,
        reason=reason,
    )


def _partial_intervals(
    block: Block, asked: Sequence[_Asked], bootstrap: Bootstrap
) -> dict[tuple[Fact, System, str], Interval]:
    """Intervals of the estimable ones; those over the same references share their resamples."""
    groups: dict[bytes, list[_Asked]] = {}
    for one in asked:
        whole = np.isfinite([one.y, *(block.facts[f] for f in (one.fact, *one.held))]).all(axis=0)
        if whole.sum() >= LEAST_UNITS:
            groups.setdefault(whole.tobytes(), []).append(one)
    found = {}
    for mask, members in groups.items():
        rows = np.frombuffer(mask, dtype=bool)
        facts = list(dict.fromkeys(f for one in members for f in (one.fact, *one.held)))
        columns = {(one.system, one.measure): one.y[rows] for one in members}
        x, y = np.array([block.facts[f][rows] for f in facts]).T, np.array(list(columns.values())).T
        places = {key: at for at, key in enumerate(columns)}
        wanted = [
            Partial(facts.index(one.fact), places[one.system, one.measure], tuple(map(facts.index, one.held)))
            for one in members
        ]
        bounds = partial_intervals(x, y, wanted, bootstrap)
        for at, one in enumerate(members):
            interval = interval_of(float(bounds.low[at]), float(bounds.high[at]), len(x))
            found[one.fact, one.system, one.measure] = interval
    return found


def _no_partial(columns: Values, held: list[Fact]) -> str | None:
    """Why a partial correlation cannot be estimated."""
    if not held:
        return "not estimable: there is no other covariate to hold"
    if len(columns) < len(held) + 3:
        return f"not estimable: n = {len(columns)}, at least {len(held) + 3} needed to hold {len(held)}"
    names = ["the covariate", "the measure", *(f"{f.covariate} ({f.method})" for f in held)]
    constant = [name for name, column in zip(names, columns.T, strict=True) if np.ptp(column) == 0]
    return f"not estimable: {constant[0]} is the same for all {len(columns)}" if constant else None


def _collinear(block: Block, covariates: Sequence[str], bootstrap: Bootstrap) -> Iterator[Collinearity]:
    facts = sorted(taken_together(block.facts, covariates))
    if len(facts) < 2:
        return
    table = np.array([scaled(block.facts[f]) for f in facts]).T
    whole = np.isfinite(table).all(axis=1)
    vifs = variance_inflation(table[whole])
    for at, fact in enumerate(facts):
        for other in facts:
            if other != fact:
                yield _pair(block, fact, other, float(vifs[at]), bootstrap)


def _pair(block: Block, fact: Fact, other: Fact, vif: float, bootstrap: Bootstrap) -> Collinearity:
    x, y = block.facts[fact], block.facts[other]
    result = spearman(x, y)
    both = np.isfinite(x) & np.isfinite(y)
    low = high = np.nan
    if result.rho is not None and result.n >= LEAST_UNITS:
        bounds = spearman_intervals(x[both][:, None], y[both][:, None], bootstrap)
        low, high = float(bounds.low[0, 0]), float(bounds.high[0, 0])
    interval = interval_of(low, high, result.n)
    no_vif = (
        None if np.isfinite(vif) else "no VIF: too few references have all covariates, or these determine one another"
    )
    return Collinearity(
        kind=block.kind,
        **fact._asdict(),
        other=other.covariate,
        other_method=other.method,
        rho=result.rho,
        low=interval.low,
        high=interval.high,
        p=result.p,
        n=result.n,
        vif=vif if np.isfinite(vif) else None,
        scale="log1p" if looks_skewed(x) else "plain",
        reason=(result.reason or interval.reason or "").replace("the measure", "the other") or no_vif,
    )
