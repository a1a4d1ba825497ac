"""Kendall's tau-b of many pairs of columns in thousands of resamples at once.

The sum of concordances of a resample is a quadratic form of how often each row is drawn, so that all resamples are one
matrix product; the pairs that are not tied in a column follow from how often each of its values is drawn.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from workbench.analysis.frames import Values
from workbench.analysis.resampling import Bootstrap, Bounds, bca, drawn_counts

BLOCK = 2**21
"""Elements of a block of the matrix of concordances."""


def tau_intervals(x: Values, y: Values, bootstrap: Bootstrap) -> Bounds:
    """BCa intervals of tau-b of every column of x with every column of y, over resampled rows.

    Args:
        x: [n, P] float64 without NaN.
        y: [n, Q] likewise, of the same units.
        bootstrap: how.

    Returns:
        [P, Q] each; NaN where there are none.
    """
    n, shape = len(x), (x.shape[1], y.shape[1])
    ties_x, ties_y = [_Ties(column) for column in x.T], [_Ties(column) for column in y.T]

    def resampled(counts: Values) -> Values:
        forms = [_form(a, b, counts) for a in x.T for b in y.T]
        return _tau(forms, [t.drawn(counts) for t in ties_x], [t.drawn(counts) for t in ties_y])

    drawn = np.concatenate([resampled(counts.astype(np.float32)) for counts in drawn_counts(n, bootstrap)])
    rows = [_row_sums(a, b) for a in x.T for b in y.T]
    whole = _tau([r.sum(keepdims=True) for r in rows], [t.whole for t in ties_x], [t.whole for t in ties_y])
    without = [r.sum() - 2 * r for r in rows]
    left_out = _tau(without, [t.left_out for t in ties_x], [t.left_out for t in ties_y])
    flat = bca(whole[0], drawn, left_out, bootstrap.level)
    return Bounds(flat.low.reshape(shape), flat.high.reshape(shape))


class _Ties:
    """Ordered pairs of rows that differ in a column: of all, without one row each, and of resamples."""

    def __init__(self, column: Values) -> None:
        _, value, sizes = np.unique(column, return_inverse=True, return_counts=True)
        self.n = len(column)
        self._order, self._starts = np.argsort(value, kind="stable"), np.cumsum(sizes) - sizes
        self.whole = np.array([self.n**2 - (sizes**2).sum()], dtype=np.float64)
        self.left_out = self.whole - 2.0 * (self.n - sizes[value])

    def drawn(self, counts: Values) -> Values:
        """[b], of [b, n] counts."""
        sums = np.add.reduceat(np.take(counts, self._order, axis=1), self._starts, axis=1)
        found: Values = self.n**2 - np.einsum("bg,bg->b", sums, sums, dtype=np.float64)
        return found


def _form(x: Values, y: Values, counts: Values) -> Values:
    """[b]: sums of sign(x - x') sign(y - y') over ordered pairs of the rows drawn."""
    found = np.zeros(len(counts))
    for block in _blocks(len(x)):
        # Whole numbers, and so exact in float32, up to 4,096 rows.
        reached = counts @ _signs(x, y, block)
        found += np.einsum("bn,bn->b", reached, counts[:, block], dtype=np.float64)
    return found


def _row_sums(x: Values, y: Values) -> Values:
    """[n]: the same sums of each row with all others."""
    return np.concatenate([_signs(x, y, block).sum(axis=0, dtype=np.float64) for block in _blocks(len(x))])


def _signs(x: Values, y: Values, block: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
    found: npt.NDArray[np.float32] = np.sign(x[:, None] - x[None, block]).astype(np.float32)
    found *= np.sign(y[:, None] - y[None, block]).astype(np.float32)
    return found


def _blocks(n: int) -> list[npt.NDArray[np.intp]]:
    return np.array_split(np.arange(n), max(1, -(-n * n // BLOCK)))


def _tau(forms: Sequence[Values], untied_x: Sequence[Values], untied_y: Sequence[Values]) -> Values:
    """[b, P × Q]."""
    pairs = [np.sqrt(a * b) for a in untied_x for b in untied_y]
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Values = np.array(forms).T / np.array(pairs).T
    return found
