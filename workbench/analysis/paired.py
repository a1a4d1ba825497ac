"""Two values of the same references: their mean difference with an interval, a signed-rank test and an effect size."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from workbench.analysis.frames import Values
from workbench.analysis.resampling import Bootstrap, interval_of, mean_intervals
from workbench.wording import counted

LEAST_PAIRS = 2
MOST_EXACT = 100
"""References: of more, the normal distribution is close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """What two columns differ by, or the reason why it is not known."""

    mean_a: float | None
    mean_b: float | None
    difference: float | None
    """Mean of b - a."""
    low: float | None
    """BCa bootstrap over references."""
    high: float | None
    p: float | None
    """Wilcoxon's signed-rank test, two-sided, exact up to 100 references; those without a difference are left out."""
    effect: float | None
    """Matched-pairs rank-biserial correlation, -1 to 1: 1 where b is the higher one for all references."""
    n: int
    """References with both."""
    reason: str | None


def paired(a: Values, b: Values, bootstrap: Bootstrap) -> Paired:
    """Compare two columns over the rows that have both.

    Args:
        a: [N] float64, NaN where missing.
        b: [N] float64, NaN where missing.
        bootstrap: how the interval is made.
    """
    both = np.isfinite(a) & np.isfinite(b)
    a, b, n = a[both], b[both], int(both.sum())
    if n < LEAST_PAIRS:
        return _nothing(n)
    # Sums of decimal fractions differ in the last digit where nothing differs: ties must stay ties.
    difference = np.round(b - a, 12)
    bounds = mean_intervals(difference[:, None], bootstrap)
    interval = interval_of(float(bounds.low[0]), float(bounds.high[0]), n)
    same = None if difference.any() else f"no test: the two are the same for all {n}"
    return Paired(
        mean_a=float(a.mean()),
        mean_b=float(b.mean()),
        difference=float(difference.mean()),
        low=interval.low,
        high=interval.high,
        p=signed_rank_p(difference),
        effect=rank_biserial(difference),
        n=n,
        reason=same or interval.reason,
    )


def signed_rank_p(difference: Values) -> float | None:
    """Wilcoxon's two-sided p, exact up to 100 references that differ, ties as they are; None where none does."""
    kept = difference[difference != 0]
    if not len(kept):
        return None
    if len(kept) > MOST_EXACT:
        return float(stats.wilcoxon(kept, method="asymptotic").pvalue)
    ranks = np.rint(2 * stats.rankdata(np.abs(kept))).astype(int)
    chances = np.ones(1)  # of every sum of the ranks that are positive, each so with a chance of a half
    for rank in ranks:
        halved, chances = chances / 2, np.zeros(len(chances) + rank)
        chances[: len(halved)] += halved
        chances[rank:] += halved
    reached = int(ranks[kept > 0].sum())
    return float(min(1.0, 2 * min(chances[: reached + 1].sum(), chances[reached:].sum())))


def rank_biserial(difference: Values) -> float | None:
    """Share of the ranks of absolute differences that are positive less the share that is negative."""
    kept = difference[difference != 0]
    if not len(kept):
        return None
    ranks = stats.rankdata(np.abs(kept))
    return float((ranks * np.sign(kept)).sum() / ranks.sum())


def _nothing(n: int) -> Paired:
    """Too few pairs."""
    reason = f"not estimable: {counted(n, 'reference')} with both, at least {LEAST_PAIRS} needed"
    return Paired(
        mean_a=None, mean_b=None, difference=None, low=None, high=None, p=None, effect=None, n=n, reason=reason
    )
