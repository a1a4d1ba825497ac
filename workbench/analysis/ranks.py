"""Rank correlation of many pairs of columns in thousands of resamples at once.

Mid-ranks within a resample follow from how often each value is drawn, by one cumulative sum: nothing is sorted twice.
"""

import numpy as np

from workbench.analysis.frames import Values
from workbench.analysis.resampling import Bootstrap, Bounds, bca, drawn_counts, resampled

_BLOCK = 2**21
"""Elements of a block of the matrix of concordances."""


class ResampledRanks:
    """Mid-ranks of columns in resamples of their rows.

    Args:
        columns: [n, K] float64 without NaN.
    """

    def __init__(self, columns: Values) -> None:
        self.n, self.k = columns.shape
        ordered = np.sort(columns, axis=0)
        self._order = np.argsort(columns, axis=0, kind="stable").T.copy()
        pairs = [(ordered[:, j], columns[:, j]) for j in range(self.k)]
        self._below = np.array([np.searchsorted(o, c, "left") for o, c in pairs], dtype=np.intp).reshape(self.k, -1)
        self._upto = np.array([np.searchsorted(o, c, "right") for o, c in pairs], dtype=np.intp).reshape(self.k, -1)

    def standardised(self, counts: Values) -> Values:
        """Centred ranks of unit length, weighted by the square root of the counts.

        The scalar product of two of them is Spearman's rho within the resample.

        Args:
            counts: [b, n] how often each row is drawn.

        Returns:
            [b, K, n], NaN where a column has one value only.
        """
        rows = counts.shape[0]
        totals = counts.sum(axis=1, keepdims=True)
        weights = np.sqrt(counts)
        found = np.empty((rows, self.k, self.n))
        running = np.zeros((rows, self.n + 1))
        for j in range(self.k):
            np.cumsum(np.take(counts, self._order[j], axis=1), axis=1, out=running[:, 1:])
            ranks = np.take(running, self._below[j], axis=1)
            ranks += np.take(running, self._upto[j], axis=1)
            ranks -= totals
            ranks *= weights
            length = np.sqrt(np.einsum("bn,bn->b", ranks, ranks))
            length[length < 1e-9] = np.nan
            np.divide(ranks, length[:, None], out=found[:, j])
        return found


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

    def rho(counts: Values) -> Values:
        z = ranks.standardised(counts)
        found: Values = np.matmul(z[:, :p], z[:, p:].transpose(0, 2, 1)).reshape(-1, p * q)
        return found

    flat = resampled(rho, n, bootstrap, width=p + q + 3)
    return Bounds(flat.low.reshape(p, q), flat.high.reshape(p, q))


def tau_interval(x: Values, y: Values, bootstrap: Bootstrap) -> Bounds:
    """BCa interval of Kendall's tau-b, over resampled rows.

    The sum of concordances of a resample is a quadratic form of its counts, so all resamples are one matrix product.

    Args:
        x: [n] float64 without NaN.
        y: [n] likewise.
        bootstrap: how.

    Returns:
        [1] each; NaN where there are none.
    """
    n = len(x)
    blocks = np.array_split(np.arange(n), _pieces(n * n))

    def forms(counts: Values) -> Values:
        """[3, b]: the concordances, and the pairs not tied in x, and in y."""
        sums, small = np.zeros((3, counts.shape[0])), counts.astype(np.float32)
        for block in blocks:
            sx = np.sign(x[:, None] - x[None, block]).astype(np.float32)
            sy = np.sign(y[:, None] - y[None, block]).astype(np.float32)
            for i, matrix in enumerate((sx * sy, sx * sx, sy * sy)):
                sums[i] += np.einsum("bn,bn->b", small @ matrix, small[:, block], dtype=np.float64)
        return sums

    drawn = np.concatenate([_tau(forms(c)) for c in drawn_counts(n, bootstrap, width=3)])
    whole = forms(np.ones((1, n)))
    rows = np.zeros((3, n))
    for block in blocks:
        sx, sy = np.sign(x[:, None] - x[None, block]), np.sign(y[:, None] - y[None, block])
        rows[:, block] = (sx * sy).sum(axis=0), (sx * sx).sum(axis=0), (sy * sy).sum(axis=0)
    return bca(_tau(whole), drawn[:, None], _tau(whole - 2 * rows)[:, None], bootstrap.level)


def partial(z: Values) -> Values:
    """Partial correlation of the first two of K standardised variables, given the others.

    Args:
        z: [b, K, n], each row of length 1 (see ``ResampledRanks.standardised``).

    Returns:
        [b], NaN where the others determine one of the two, or a variable is constant.
    """
    defined = np.isfinite(z).all(axis=(1, 2))
    matrices = np.einsum("bin,bjn->bij", z[defined], z[defined], optimize=True)
    regular = np.linalg.cond(matrices) < 1e10 if len(matrices) else np.zeros(0, dtype=bool)
    inverse = np.linalg.inv(matrices[regular])
    found = np.full(len(z), np.nan)
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
    n, k = columns.shape
    ranks = ResampledRanks(columns)
    return resampled(lambda counts: partial(ranks.standardised(counts))[:, None], n, bootstrap, width=k + 3)


def _tau(forms: Values) -> Values:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Values = forms[0] / np.sqrt(forms[1] * forms[2])
    return found


def _pieces(elements: int) -> int:
    return max(1, -(-elements // _BLOCK))
