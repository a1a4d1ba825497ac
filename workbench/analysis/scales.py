"""On which scale a covariate enters a regression, and how much covariates inflate one another's variance."""

import numpy as np
from scipy import stats

from workbench.analysis.frames import Values


def looks_skewed(values: Values) -> bool:
    """Whether a covariate is better taken as log(1 + x): never negative, and with a long right tail."""
    known = values[np.isfinite(values)]
    return bool(len(known) > 2 and known.min() >= 0 and np.ptp(known) > 0 and stats.skew(known) > 1)


def scaled(values: Values) -> Values:
    """The covariate, log(1 + x) where it is skewed; zero counts stay."""
    return np.log1p(values) if looks_skewed(values) else values


def variance_inflation(columns: Values) -> Values:
    """VIF of each column: 1 / (1 - R²) of its regression on the others and a constant.

    Args:
        columns: [n, K] without NaN.

    Returns:
        [K], NaN where the columns determine one another or are constant.
    """
    n, k = columns.shape
    if not k or n < k + 2 or (np.ptp(columns, axis=0) == 0).any():
        return np.full(k, np.nan)
    matrix = np.atleast_2d(np.corrcoef(columns, rowvar=False))
    if np.linalg.cond(matrix) > 1e10:
        return np.full(k, np.nan)
    found: Values = np.diag(np.linalg.inv(matrix)).copy()
    return found
