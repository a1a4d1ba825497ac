"""Intervals of shares: k of n, and the difference of two."""

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from workbench.analysis.resampling import Bounds

Counts = npt.NDArray[np.float64] | npt.NDArray[np.int64]


def wilson(k: Counts, n: Counts, level: float = 0.95) -> Bounds:
    """Wilson's score intervals, without continuity correction.

    Args:
        k: [K] successes.
        n: [K] trials.
        level: nominal coverage.

    Returns:
        [K] each, in [0, 1].
    """
    k, n = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    z = float(ndtri((1 + level) / 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = k / n
        centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = np.where(k == 0, 0.0, np.clip(centre - half, 0, 1))
    high = np.where(k == n, 1.0, np.clip(centre + half, 0, 1))
    return Bounds(np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan))


def newcombe(k1: Counts, n1: Counts, k2: Counts, n2: Counts, level: float = 0.95) -> Bounds:
    """Newcombe's intervals of the difference k1 / n1 - k2 / n2 of independent shares, from Wilson's of each."""
    first, second = wilson(k1, n1, level), wilson(k2, n2, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        p1, p2 = np.asarray(k1, dtype=float) / n1, np.asarray(k2, dtype=float) / n2
        low = p1 - p2 - np.sqrt((p1 - first.low) ** 2 + (second.high - p2) ** 2)
        high = p1 - p2 + np.sqrt((first.high - p1) ** 2 + (p2 - second.low) ** 2)
    return Bounds(low, high)
