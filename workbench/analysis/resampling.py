"""The bootstrap: how often each row is drawn, seeded, in chunks of bounded memory; and its intervals.

A resample is told by its counts alone: a statistic that takes weights is computed for thousands of them at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from workbench.analysis.frames import Values

CHUNK_BYTES = 32 * 2**20
"""About what the arrays of one chunk of resamples may take."""
CACHE_BYTES = 2**17
"""What one array of a chunk of columns may take, so that a handful of them stay in a core's cache."""
LEAST_UNITS = 6
"""Below this the resamples of so few units say nothing on their scatter."""
MOST_UNDEFINED = 0.05
"""Share of the resamples in which the statistic may be undefined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """How intervals are made."""

    resamples: int = 2000
    """0: no interval is made."""
    seed: int = 0
    level: float = 0.95
    """Nominal coverage, 0 to 1."""
    before_chunk: Callable[[], None] | None = None
    """Called before each chunk of resamples: what it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Low and high of many statistics, NaN where there is no interval."""

    low: Values
    high: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Bounds, or the reason why there are none."""

    low: float | None
    high: float | None
    reason: str | None = None
    """Why there is none; None where there is one."""


def drawn_counts(n: int, bootstrap: Bootstrap, width: int = 1) -> Iterator[Values]:
    """How often each of n units is drawn in each resample, chunk after chunk.

    Args:
        n: units: references, or images of one cell.
        bootstrap: resamples and seed; the same ones give the same draws, whatever the chunks.
        width: float64 numbers that the caller keeps per unit and resample.

    Yields:
        [b, n] float64, each row adding up to n.
    """
    rng = np.random.default_rng(bootstrap.seed)
    for rows in _chunks(bootstrap.resamples, n, width):
        if bootstrap.before_chunk is not None:
            bootstrap.before_chunk()
        picked = rng.integers(0, n, size=(rows, n))
        picked += np.arange(rows)[:, None] * n
        yield np.bincount(picked.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)


def drawn_columns(n: int, bootstrap: Bootstrap) -> Iterator[Values]:
    """The same draws as ``drawn_counts``, a column each, in chunks that stay in the cache.

    Yields:
        [n, b] float64, each column adding up to n.
    """
    rng = np.random.default_rng(bootstrap.seed)
    for size in _columns(bootstrap.resamples, n):
        if bootstrap.before_chunk is not None:
            bootstrap.before_chunk()
        picked = rng.integers(0, n, size=(size, n))
        picked *= size
        picked += np.arange(size)[:, None]
        yield np.bincount(picked.ravel(), minlength=size * n).reshape(n, size).astype(np.float64)


def left_out_columns(n: int) -> Iterator[Values]:
    """The same as ``left_out_counts``, a column each, in chunks that stay in the cache."""
    start = 0
    for size in _columns(n, n):
        counts = np.ones((n, size))
        counts[start + np.arange(size), np.arange(size)] = 0
        start += size
        yield counts


def left_out_counts(n: int, width: int = 1) -> Iterator[Values]:
    """Counts of the n samples that lack one unit each, chunk after chunk: what the jackknife takes."""
    start = 0
    for rows in _chunks(n, n, width):
        counts = np.ones((rows, n))
        counts[np.arange(rows), start + np.arange(rows)] = 0
        start += rows
        yield counts


def resampled(
    statistic: Callable[[Values], Values], n: int, bootstrap: Bootstrap, width: int = 1, *, expanded: bool = False
) -> Bounds:
    """BCa intervals of statistics that are computed from how often each unit is drawn.

    Args:
        statistic: takes [b, n] counts, gives [b, K], NaN where undefined.
        n: units.
        bootstrap: how.
        width: float64 numbers that the statistic keeps per unit and resample.
        expanded: whether the statistic is a ratio of means, whose resamples scatter too little (``expanded_level``).

    Returns:
        [K] each; NaN where there are none.
    """
    estimate = statistic(np.ones((1, n)))[0]
    if not bootstrap.resamples:
        return Bounds(np.full(estimate.shape, np.nan), np.full(estimate.shape, np.nan))
    drawn = np.concatenate([statistic(counts) for counts in drawn_counts(n, bootstrap, width)])
    left_out = np.concatenate([statistic(counts) for counts in left_out_counts(n, width)])
    level = expanded_level(n, bootstrap.level) if expanded else bootstrap.level
    return bca(estimate, drawn, left_out, level)


def resampled_columns(statistic: Callable[[Values], Values], n: int, bootstrap: Bootstrap) -> Bounds:
    """As ``resampled``, of statistics that take [n, b] counts."""
    estimate = statistic(np.ones((n, 1)))[0]
    if not bootstrap.resamples:
        return Bounds(np.full(estimate.shape, np.nan), np.full(estimate.shape, np.nan))
    drawn = np.concatenate([statistic(counts) for counts in drawn_columns(n, bootstrap)])
    left_out = np.concatenate([statistic(counts) for counts in left_out_columns(n)])
    return bca(estimate, drawn, left_out, bootstrap.level)


def bca(estimate: Values, drawn: Values, left_out: Values, level: float) -> Bounds:
    """Bias-corrected and accelerated bootstrap intervals of many statistics at once.

    Args:
        estimate: [K] the statistics of the sample.
        drawn: [B, K] those of the resamples, NaN where undefined.
        left_out: [n, K] those of the samples without one unit each.
        level: nominal coverage.

    Returns:
        [K] each; NaN where too many resamples are undefined or all are equal.
    """
    drawn = np.sort(drawn, axis=0)
    defined = np.isfinite(drawn).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        below = ((drawn < estimate).sum(axis=0) + 0.5 * (drawn == estimate).sum(axis=0)) / defined
        bias = ndtri(np.clip(below, 0.5 / drawn.shape[0], 1 - 0.5 / drawn.shape[0]))
        known = np.maximum(np.isfinite(left_out).sum(axis=0), 1)
        deviation = np.nansum(left_out, axis=0) / known - left_out
        spread = np.nansum(deviation**2, axis=0) ** 1.5
        acceleration = np.where(spread > 0, np.nansum(deviation**3, axis=0) / (6 * spread), 0.0)
        bounds = []
        for tail in ((1 - level) / 2, (1 + level) / 2):
            shifted = bias + ndtri(tail)
            at = ndtr(bias + shifted / np.maximum(1 - acceleration * shifted, 0.1))
            bounds.append(_quantile(drawn, defined, at))
    usable = (defined >= (1 - MOST_UNDEFINED) * drawn.shape[0]) & (bounds[1] > bounds[0])
    return Bounds(np.where(usable, bounds[0], np.nan), np.where(usable, bounds[1], np.nan))


def interval_of(low: float, high: float, n: int, unit: str = "reference") -> Interval:
    """Bounds as a record, or why there are none."""
    units = unit if n == 1 else f"{unit}s"
    if n < LEAST_UNITS:
        return Interval(low=None, high=None, reason=f"no interval: {n} {units}, at least {LEAST_UNITS} needed")
    if not (np.isfinite(low) and np.isfinite(high)):
        return Interval(low=None, high=None, reason=f"no interval: too little variation among the {n} {units}")
    return Interval(low=float(low), high=float(high))


def expanded_level(n: int, level: float) -> float:
    """The level to ask a bootstrap of a mean of n units for, so that it covers at ``level``.

    Resamples scatter less than samples by the root of (n - 1) / n, and know no Student's t: of 30 units a plain 95 %
    interval covers about 93 % (Hesterberg 2015, doi:10.1080/00031305.2015.1089789).
    """
    return float(1 - 2 * ndtr(np.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 - level) / 2)))


def mean_intervals(rows: Values, bootstrap: Bootstrap) -> Bounds:
    """BCa intervals of the means of the columns, expanded for few units.

    Args:
        rows: [n, K] one row per unit, without NaN.
        bootstrap: how.

    Returns:
        [K] each; NaN where there are none.
    """
    n = rows.shape[0]
    if n < LEAST_UNITS or not bootstrap.resamples:
        return Bounds(np.full(rows.shape[1], np.nan), np.full(rows.shape[1], np.nan))
    drawn = np.concatenate([counts @ rows / n for counts in drawn_counts(n, bootstrap)])
    left_out = (rows.sum(axis=0) - rows) / (n - 1)
    constant = np.ptp(rows, axis=0) == 0
    drawn[:, constant] = np.nan  # sums in another order differ in the last digit, which is no variation
    return bca(rows.mean(axis=0), drawn, left_out, expanded_level(n, bootstrap.level))


def _chunks(rows: int, n: int, width: int) -> Iterator[int]:
    """Rows of the chunks that together have so many."""
    return _parts(rows, CHUNK_BYTES // (8 * max(n, 1) * width))


def _columns(columns: int, n: int) -> Iterator[int]:
    """Columns of the chunks that together have so many; of very few, calls would cost more than numbers."""
    return _parts(columns, max(16, CACHE_BYTES // (8 * max(n, 1))))


def _parts(whole: int, size: int) -> Iterator[int]:
    size = max(1, size)
    for start in range(0, whole, size):
        yield min(size, whole - start)


def _quantile(ordered: Values, defined: Values, at: Values) -> Values:
    """Quantile ``at[k]`` of the first ``defined[k]`` rows of each column k, between neighbours linearly."""
    place = np.clip(np.nan_to_num(at), 0, 1) * np.maximum(defined - 1, 0)
    lower = np.floor(place).astype(np.intp)
    upper = np.minimum(lower + 1, np.maximum(defined - 1, 0)).astype(np.intp)
    columns = np.arange(ordered.shape[1])
    part = place - lower
    found: Values = ordered[lower, columns] * (1 - part) + ordered[upper, columns] * part
    return found
