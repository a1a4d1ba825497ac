"""What single models do to a pooled correlation."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from workbench.analysis.blocks import KINDS, MEASURES, Block, Fact, blocks
from workbench.analysis.correlation import Spearman, spearman
from workbench.analysis.frames import Values
from workbench.analysis.ranks import ResampledRanks
from workbench.analysis.resampling import LEAST_UNITS, Bootstrap, Interval, interval_of, resampled_columns

FEW = Spearman(rho=None, p=None, n=0, reason="not estimable: fewer than two models are left")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """A pooled correlation with one model left out."""

    perturbation: str
    kind: str
    covariate: str
    method: str
    measure: str
    left_out: str
    """The model left out; empty: none."""
    rho: float | None
    low: float | None
    """BCa bootstrap over references."""
    high: float | None
    p: float | None
    n: int
    change: float | None
    """Against none left out."""
    change_low: float | None
    """Paired BCa bootstrap over references; None where the two are over other references."""
    change_high: float | None
    reason: str | None


def stability(
    frame: pl.DataFrame, kinds: Sequence[str] = KINDS, *, bootstrap: Bootstrap | None = None
) -> list[Stability]:
    """Pool the models again with each of them left out.

    Args:
        frame: rows of query ``correlation_input``.
        kinds: which to give.
        bootstrap: how intervals are made.
    """
    chosen = bootstrap or Bootstrap()
    return [s for block in blocks(frame, kinds) for fact in sorted(block.facts) for s in _stable(block, fact, chosen)]


def _stable(block: Block, fact: Fact, bootstrap: Bootstrap) -> Iterator[Stability]:
    models, x = sorted({system.model_id for system in block.systems}), block.facts[fact]
    for measure in MEASURES:
        pooled = {left_out: block.pooled(measure, left_out or None) for left_out in ("", *models)}
        columns = {left_out: y for left_out, y in pooled.items() if y is not None}
        spans = _spans(x, columns, bootstrap)
        results = {left_out: spearman(x, y) for left_out, y in columns.items()}
        for left_out in pooled:
            whole, result = results.get("", FEW), results.get(left_out, FEW)
            yield _told(block, fact, measure, left_out, whole, result, spans.get(left_out))


def _told(
    block: Block, fact: Fact, measure: str, left_out: str, whole: Spearman, result: Spearman, span: "_Span | None"
) -> Stability:
    none = interval_of(np.nan, np.nan, result.n)
    rho, change = span if span is not None and result.rho is not None else (none, none)
    changed = bool(left_out) and result.rho is not None and whole.rho is not None
    return Stability(
        perturbation=block.perturbation,
        kind=block.kind,
        **fact._asdict(),
        measure=measure,
        left_out=left_out,
        rho=result.rho,
        low=rho.low,
        high=rho.high,
        p=result.p,
        n=result.n,
        change=(result.rho or 0) - (whole.rho or 0) if changed else None,
        change_low=change.low if changed else None,
        change_high=change.high if changed else None,
        reason=result.reason or rho.reason or (change.reason if changed else None),
    )


class _Span(NamedTuple):
    """Intervals of a pooled rho, and of its change."""

    rho: Interval
    change: Interval


def _spans(x: Values, columns: dict[str, Values], bootstrap: Bootstrap) -> dict[str, _Span]:
    """Of every column, against the first; those over the same references share their resamples."""
    groups: dict[bytes, list[str]] = {}
    for name, y in columns.items():
        groups.setdefault((np.isfinite(x) & np.isfinite(y)).tobytes(), []).append(name)
    found = {}
    for mask, names in groups.items():
        rows = np.frombuffer(mask, dtype=bool)
        n, ranks = int(rows.sum()), ResampledRanks(np.array([x[rows], *(columns[name][rows] for name in names)]).T)
        if n >= LEAST_UNITS:
            bounds = resampled_columns(functools.partial(_and_changes, ranks), n, bootstrap)
            for at, name in enumerate(names):
                rho, change = (
                    interval_of(float(bounds.low[i]), float(bounds.high[i]), n) for i in (at, at + len(names))
                )
                others = Interval(low=None, high=None, reason="no interval of the change: it is over other references")
                found[name] = _Span(rho, change if names[0] == "" else others)
    return found


def _and_changes(ranks: ResampledRanks, counts: Values) -> Values:
    """[b, 2 × K]: rho of the first column with each of the others, and each less the first of these."""
    rho = ranks.correlations(counts, 1)[:, 0]
    return np.hstack([rho, rho - rho[:, :1]])
