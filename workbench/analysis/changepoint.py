"""Where two levels fit a series best: in resamples and permutations at once, with an interval and a test.

The place of a change is no mean: resamples of references repeat the values beside it, and percentiles of their best
splits covered it in 82 to 92 % of simulated studies, in place of 95. The interval here is the set of splits that a
likelihood ratio does not reject (Hansen 2000, doi:10.1111/1468-0262.00124): 95 to 98 %, and narrower.
"""

from dataclasses import dataclass

import numpy as np

from workbench.analysis.frames import Values
from workbench.analysis.resampling import Bootstrap

LEAST_SIDE = 3
"""References that each side of a change point must have."""


@dataclass(frozen=True, slots=True)
class Split:
    """Best splits of resamples: position (references under it), and share of variance explained."""

    position: Values
    explained: Values


def best_split(x: Values, y: Values, counts: Values) -> Split:
    """Where two levels fit best, in every resample.

    Args:
        x: [n] sorted.
        y: [n] or [b, n] in the order of x.
        counts: [b, n] how often each is drawn.

    Returns:
        [b] each, NaN where no split is possible.
    """
    weighted = counts * y
    left_n, left_y = np.cumsum(counts, axis=1), np.cumsum(weighted, axis=1)
    total_n, total_y = left_n[:, -1:], left_y[:, -1:]
    right_n = total_n - left_n
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = left_n * right_n / total_n * (left_y / left_n - (total_y - left_y) / right_n) ** 2
        spread = (weighted * y).sum(axis=1) - total_y[:, 0] ** 2 / total_n[:, 0]
    apart = np.append(x[1:] > x[:-1], False)
    gain[:, ~apart] = -1
    gain[(left_n < LEAST_SIDE) | (right_n < LEAST_SIDE)] = -1
    best = gain.argmax(axis=1)
    top = gain[np.arange(len(gain)), best]
    possible = (top >= 0) & (spread > 1e-12)
    explained = np.where(possible, top / np.where(possible, spread, 1), np.nan)
    return Split(np.where(possible, best, np.nan), explained)


def split_interval(x: Values, y: Values, at: int, level: float) -> slice:
    """The splits that cannot be told from the best one.

    Args:
        x: [n] sorted.
        y: [n] in the order of x.
        at: the last place under the best split.
        level: nominal coverage.

    Returns:
        From the last place that is surely under the change to the first that is surely above it.
    """
    n, k = len(x), np.arange(1, len(x))
    sums, squares = np.cumsum(y), np.cumsum(y * y)
    within = squares[-1] - sums[:-1] ** 2 / k - (sums[-1] - sums[:-1]) ** 2 / (n - k)
    possible = (x[1:] > x[:-1]) & (k >= LEAST_SIDE) & (n - k >= LEAST_SIDE)
    residuals = np.where(np.arange(n) <= at, y - y[: at + 1].mean(), y - y[at + 1 :].mean())
    # What scatters near the change need not scatter as on the whole: weigh residuals there.
    width = max(1.06 * x.std() * n**-0.2, (x[at + 1] - x[at]) / 2)
    near = np.exp(-0.5 * ((x - (x[at] + x[at + 1]) / 2) / width) ** 2)
    scatter = float((near * residuals**2).sum() / near.sum())
    critical = -2 * np.log(1 - np.sqrt(level))
    kept = np.flatnonzero(possible & (within - within[at] <= critical * scatter + 1e-12))
    return slice(int(kept[0]), int(kept[-1]) + 1)


def permutation_p(x: Values, y: Values, explained: float, bootstrap: Bootstrap) -> float:
    """Chance that the best split of any place explains as much where x does not matter.

    Args:
        x: [n] sorted.
        y: [n] in the order of x.
        explained: by the best split.
        bootstrap: as many permutations, and their seed.
    """
    rng = np.random.default_rng(bootstrap.seed)
    size = max(1, 2**20 // len(x))
    reached = 0
    for start in range(0, bootstrap.resamples, size):
        rows = min(size, bootstrap.resamples - start)
        shuffled = rng.permuted(np.tile(y, (rows, 1)), axis=1)
        reached += int((best_split(x, shuffled, np.ones((rows, len(x)))).explained >= explained - 1e-12).sum())
    return (reached + 1) / (bootstrap.resamples + 1)
