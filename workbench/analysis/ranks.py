"""Rank correlation of many pairs of columns in thousands of resamples at once.

Mid-ranks within a resample follow from how often each value is drawn, by one cumulative sum: nothing is sorted twice.
A resample is a column, so that sums run along rows of numbers that lie side by side.
"""

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
        ranks = [self._ranks(j, counts) for j in range(self.k)]
        found = np.empty((counts.shape[1], left, self.k - left))
        for i in range(left):
            weighted = counts * ranks[i].centred
            for j in range(left, self.k):
                product = np.einsum("nb,nb->b", weighted, ranks[j].centred)
                found[:, i, j - left] = product * ranks[i].scale * ranks[j].scale
        return found

    def matrices(self, counts: Values) -> Values:
        """[b, K, K]: Spearman's rho of every two columns; counts and NaN as for ``correlations``."""
        ranks = [self._ranks(j, counts) for j in range(self.k)]
        found = np.empty((counts.shape[1], self.k, self.k))
        for i in range(self.k):
            weighted = counts * ranks[i].centred
            for j in range(i, self.k):
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


def partial_interval(columns: Values, bootstrap: Bootstrap) -> Bounds:
    """BCa interval of the partial Spearman correlation of the first two columns, given the others.

    Args:
        columns: [n, K] float64 without NaN.
        bootstrap: how.

    Returns:
        [1] each; NaN where there are none.
    """
    ranks = ResampledRanks(columns)
    return resampled_columns(lambda counts: partial(ranks.matrices(counts))[:, None], len(columns), bootstrap)
