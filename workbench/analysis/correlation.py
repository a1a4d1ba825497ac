"""Rank correlation of the measures with the covariates; the unit is the reference."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import stats

MEASURES = ("cra", "vi", "crt", "mean_s")
KINDS = ("static", "dynamic", "all")
LEAST_REFERENCES = 3
"""Below this a rank correlation has no degree of freedom left."""

_CONDITION = ["model_id", "settings_id", "perturbation"]
_FACT = ["covariate", "method"]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spearman:
    """A rank correlation, or the reason why there is none."""

    rho: float | None
    """-1 to 1; None: not estimable."""
    p: float | None
    """Two-sided, of no association; None: not estimable."""
    n: int
    """Pairs with both values."""
    reason: str | None
    """Why it is not estimable; None where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Spearman's rho of one covariate with one measure, over the references of one model, condition and kind."""

    model_id: str
    settings_id: str
    perturbation: str
    kind: str
    """``static``, ``dynamic`` or ``all``."""
    covariate: str
    method: str
    """How the covariate is measured."""
    measure: str
    """``cra``, ``vi``, ``crt`` or ``mean_s``."""
    rho: float | None
    p: float | None
    n: int
    """References with both values."""
    reason: str | None
    """Why it is not estimable; None where it is."""


def spearman(x: Values, y: Values) -> Spearman:
    """Spearman's rho with its two-sided p value (t distribution, n - 2 degrees of freedom).

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
    result = stats.spearmanr(x, y)
    return Spearman(rho=float(result.statistic), p=float(result.pvalue), n=n, reason=None)


def correlations(frame: pl.DataFrame, kinds: Sequence[str] = KINDS) -> list[Correlation]:
    """Correlate every covariate with every measure, per model, settings and perturbation.

    Args:
        frame: rows of query ``correlation_input``: one per reference, condition, covariate and method.
        kinds: which to give; a kind of which the frame has no reference is left out.

    Returns:
        Ordered by covariate, method, measure, model, settings, perturbation and kind.
    """
    found: list[Correlation] = []
    for part in frame.partition_by(*_FACT, *_CONDITION, maintain_order=True):
        for kind in kinds:
            chosen = part if kind == "all" else part.filter(pl.col("kind") == kind)
            if chosen.height:
                found += [_of(chosen, kind, measure) for measure in MEASURES]
    return sorted(found, key=_order)


def as_frame(found: Sequence[Correlation]) -> pl.DataFrame:
    """The records as a frame, with the same columns and types whatever is estimable."""
    types = {str: pl.String, int: pl.Int64, float | None: pl.Float64, str | None: pl.String}
    schema = {name: types[type_] for name, type_ in Correlation.__annotations__.items()}
    return pl.DataFrame([[getattr(c, name) for name in schema] for c in found], schema=schema, orient="row")


def _of(part: pl.DataFrame, kind: str, measure: str) -> Correlation:
    """Correlate within one covariate, condition and kind: a frame with a row per reference."""
    keys = part.row(0, named=True)
    result = spearman(_values(part, "value"), _values(part, measure))
    return Correlation(
        **{name: keys[name] for name in [*_CONDITION, *_FACT]},
        kind=kind,
        measure=measure,
        rho=result.rho,
        p=result.p,
        n=result.n,
        reason=result.reason,
    )


def _values(part: pl.DataFrame, name: str) -> Values:
    return part[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _not_estimable(n: int, why: str) -> Spearman:
    return Spearman(rho=None, p=None, n=n, reason=f"not estimable: {why}")


def _order(c: Correlation) -> tuple[str, str, int, str, str, str, int]:
    measure, kind = MEASURES.index(c.measure), KINDS.index(c.kind)
    return (c.covariate, c.method, measure, c.model_id, c.settings_id, c.perturbation, kind)
