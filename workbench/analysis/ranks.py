"""Rank correlation of many pairs of columns in thousands of resamples at once.

Mid-ranks within a resample follow from how often each value is drawn, by one cumulative sum: nothing is sorted twice.
A resample is a column, so that sums run along rows of numbers that lie side by side.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from workbench.analysis.frames import Values
from workbench.analysis.resampling import Bootstrap, Bounds, resampled_columns


class ResampledRanks:
    """Mid-ranks of columns in resamples of their rows.

    Args:
        columns: [n, K] float64 without NaN.
    """

    def __init__(self, columns: Values) -> None:
        self.n, self.k = columns.shape
        self._orders = np.argsort(columns, axis=0, kind="stable").T.copy()
        self._ends = []
        """Of each column: place of the last of each value, in order."""
        self._values = np.empty((self.k, self.n), dtype=np.intp)
        """Of each column: number of the value that each row has, in order."""
        for j, order in enumerate(self._orders):
            ordered = columns[order, j]
            last = np.append(ordered[1:] != ordered[:-1], True)
            self._ends.append(np.flatnonzero(last))
            self._values[j, order] = np.cumsum(last) - last

    def correlations(self, counts: Values, left: int) -> Values:
        """Spearman's rho of each of the first columns with each of the others, within resamples.

        Args:
            counts: [n, b] how often each row is drawn.
            left: how many columns are the first ones.

        Returns:
            [b, left, K - left], NaN where a column has one value only.
        """
        pairs = [(i, j) for i in range(left) for j in range(left, self.k)]
        return self._of_pairs(counts, pairs)[:, :left, left:]

    def matrices(self, counts: Values, left: int) -> Values:
        """[b, left, K]: the same of each of the first columns with all columns."""
        pairs = [(i, j) for i in range(left) for j in range(i, self.k)]
        return self._of_pairs(counts, pairs)[:, :left]

    def _of_pairs(self, counts: Values, pairs: Sequence[tuple[int, int]]) -> Values:
        """[b, K, K], filled in for the pairs, which are in order of their first, and for their reverse."""
        ranks = [self._ranks(j, counts) for j in range(self.k)]
        found = np.empty((counts.shape[1], self.k, self.k))
        weighted, of = counts, -1
        for i, j in pairs:
            if i != of:
                weighted, of = counts * ranks[i].centred, i
            product = np.einsum("nb,nb->b", weighted, ranks[j].centred)
            found[:, i, j] = found[:, j, i] = product * ranks[i].scale * ranks[j].scale
        return found

    def _ranks(self, j: int, counts: Values) -> "_Ranks":
        upto = np.cumsum(np.take(counts, self._orders[j], axis=0), axis=0)
        if len(self._ends[j]) < self.n:
            upto = np.take(upto, self._ends[j], axis=0)
        # Twice the mid-rank of a value: rows up to it, and rows below it.
        ranks = upto - upto[-1]
        ranks[1:] += upto[:-1]
        upto[1:] -= upto[:-1].copy()
        squares = np.einsum("gb,gb,gb->b", upto, ranks, ranks)
        with np.errstate(divide="ignore"):
            scale = np.where(squares > 0, 1 / np.sqrt(squares), np.nan)
        return _Ranks(np.take(ranks, self._values[j], axis=0), scale)


class _Ranks(NamedTuple):
    """Ranks of a column in resamples."""

    centred: Values
    """[n, b] twice the mid-ranks, less their mean."""
    scale: Values
    """[b] one over their length, as weighted by the counts; NaN where all are the same."""


class Partial(NamedTuple):
    """Which correlation, given which others."""

    x: int
    """Column of x."""
    y: int
    """Column of y."""
    held: tuple[int, ...]
    """Columns of x."""


def spearman_intervals(x: Values, y: Values, bootstrap: Bootstrap) -> Bounds:
    """BCa intervals of Spearman's rho of every column of x with every column of y, over resampled rows.

    Args:
        x: [n, P] float64 without NaN.
        y: [n, Q] likewise, of the same units.
        bootstrap: how.

    Returns:
        [P, Q] each.
    """
    n, p, q = x.shape[0], x.shape[1], y.shape[1]
    ranks = ResampledRanks(np.hstack([x, y]))
    flat = resampled_columns(lambda counts: ranks.correlations(counts, p).reshape(-1, p * q), n, bootstrap)
    return Bounds(flat.low.reshape(p, q), flat.high.reshape(p, q))


def partial(matrices: Values) -> Values:
    """Partial correlation of the first two of K variables, given the others.

    Args:
        matrices: [b, K, K] correlations (see ``ResampledRanks.matrices``).

    Returns:
        [b], NaN where the others determine one of the two, or a variable is constant.
    """
    defined = np.isfinite(matrices).all(axis=(1, 2))
    known = matrices[defined]
    regular = np.linalg.cond(known) < 1e10 if len(known) else np.zeros(0, dtype=bool)
    inverse = np.linalg.inv(known[regular])
    found = np.full(len(matrices), np.nan)
    found[np.flatnonzero(defined)[regular]] = -inverse[:, 0, 1] / np.sqrt(inverse[:, 0, 0] * inverse[:, 1, 1])
    return found


def partial_intervals(x: Values, y: Values, wanted: Sequence[Partial], bootstrap: Bootstrap) -> Bounds:
    """BCa intervals of partial Spearman correlations over the same rows, which share their resamples and ranks.

    Args:
        x: [n, P] float64 without NaN.
        y: [n, Q] likewise.
        wanted: which ones.
        bootstrap: how.

    Returns:
        [wanted] each; NaN where there are none.
    """
    ranks, p = ResampledRanks(np.hstack([x, y])), x.shape[1]

    def statistic(counts: Values) -> Values:
        known = ranks.matrices(counts, p)
        return np.column_stack([partial(_matrices(known, w, p)) for w in wanted])

    return resampled_columns(statistic, len(x), bootstrap)


def _matrices(known: Values, wanted: Partial, p: int) -> Values:
    """[b, K, K]: the correlations of the two columns and of those held."""
    covariates = [wanted.x, *wanted.held]
    order = [wanted.x, p + wanted.y, *wanted.held]
    places = [0, *range(2, len(order))]
    found = np.ones((len(known), len(order), len(order)))
    found[:, places] = known[:, covariates][:, :, order]
    found[:, 1, places] = found[:, places, 1]
    return found
