"""Logistic regression of k of n over clusters of cells: marginal coefficients, and a covariance that clusters allow.

This is a GEE with independent working correlation. All that it takes of a cluster are its score and its information, so
that a cell of 50 images is one row. The covariance is the sandwich of Mancl and DeRouen (2001,
doi:10.1111/j.0006-341X.2001.00126.x), whose residuals are freed of what each cluster pulls the fit towards itself.
statsmodels has it too, but leaves the weights of cells out of the leverage: over single images the two are equal.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog  # type: ignore[attr-defined]
from scipy.special import expit

from workbench.analysis.frames import Values

ITERATIONS = 100
SMALL = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """A fitted regression; terms that are not estimable have an arbitrary coefficient."""

    coefficients: Values
    """[p]."""
    covariance: Values
    """[p, p], of the coefficients."""
    estimable: npt.NDArray[np.bool_]
    """[p]: the data fix the coefficient, it is finite, and does not hang on a single cluster."""
    clusters: int
    """With cells that are not separated."""
    separated: npt.NDArray[np.bool_]
    """[C]: cells that some of the terms tell without exception; they say nothing on the others and are left out."""

    def predict(self, x: Values) -> Values:
        """Chance of recognition of cells, by the terms that are known."""
        found: Values = expit(x @ self.coefficients)
        return found


def fit(x: Values, k: Values, n: Values, groups: npt.NDArray[np.intp]) -> Logistic:
    """Fit the chance of recognition.

    Args:
        x: [C, p] the cells' terms, a constant among them, each of about unit size.
        k: [C] recognised images.
        n: [C] images, at least 1.
        groups: [C] number of the cluster of each, from 0 on without gaps.
    """
    separated = separation(x, k, n)
    kept = ~separated
    x_kept, k_kept, n_kept = x[kept], k[kept], n[kept]
    _, at = np.unique(groups[kept], return_inverse=True)
    coefficients = maximum_likelihood(x_kept, k_kept, n_kept)
    terms = _Clusters.of(x_kept, k_kept, n_kept, at, coefficients)
    return Logistic(
        coefficients=coefficients,
        covariance=terms.sandwich(),
        estimable=terms.fixed(),
        clusters=len(terms.scores),
        separated=separated,
    )


def maximum_likelihood(x: Values, k: Values, n: Values) -> Values:
    """Coefficients of highest likelihood, by Newton's steps; the shortest ones where several are.

    Args:
        x: [C, p].
        k: [C].
        n: [C].

    Returns:
        [p].
    """
    beta = np.zeros(x.shape[1])
    best = _log_likelihood(x, k, n, beta)
    for _ in range(ITERATIONS):
        mu = expit(x @ beta)
        step = np.linalg.pinv((x * (n * mu * (1 - mu))[:, None]).T @ x, hermitian=True) @ (x.T @ (k - n * mu))
        reached = _log_likelihood(x, k, n, beta + step)
        while reached < best - 1e-9 * abs(best) and np.abs(step).max() > SMALL:
            step /= 2
            reached = _log_likelihood(x, k, n, beta + step)
        beta, gained, best = beta + step, reached - best, reached
        if np.abs(step).max(initial=0) < SMALL or abs(gained) <= 1e-13 * abs(best):
            break
    return beta


@dataclass(frozen=True, slots=True)
class _Clusters:
    """What a fit takes of its clusters."""

    scores: Values
    """[G, p]."""
    information: Values
    """[G, p, p]."""

    @classmethod
    def of(cls, x: Values, k: Values, n: Values, groups: npt.NDArray[np.intp], beta: Values) -> "_Clusters":
        """Sum the cells up by cluster."""
        clusters, p = int(groups.max(initial=-1)) + 1, x.shape[1]
        mu = expit(x @ beta)
        scores, information = np.zeros((clusters, p)), np.zeros((clusters, p, p))
        np.add.at(scores, groups, x * (k - n * mu)[:, None])
        np.add.at(information, groups, np.einsum("c,ci,cj->cij", n * mu * (1 - mu), x, x))
        return cls(scores, information)

    def sandwich(self) -> Values:
        """Covariance of the coefficients whatever the dependence within clusters, corrected for few of them."""
        bread = np.linalg.pinv(self.information.sum(axis=0), hermitian=True)
        towards = np.eye(len(bread)) - self.information @ bread
        freed = (np.linalg.pinv(towards, rcond=SMALL) @ self.scores[:, :, None])[:, :, 0]
        found: Values = bread @ (freed.T @ freed) @ bread
        return found

    def fixed(self) -> npt.NDArray[np.bool_]:
        """[p] coefficients that the clusters fix, whichever of them is left out."""
        total = self.information.sum(axis=0)
        without = np.concatenate([total[None], total - self.information])
        sizes, directions = np.linalg.eigh(without)
        free = sizes <= SMALL * max(float(sizes.max(initial=0)), 1.0)
        reach = np.where(free[:, None, :], np.abs(directions), 0.0)
        found: npt.NDArray[np.bool_] = reach.max(axis=(0, 2)) < 1e-6
        return found


def separation(x: Values, k: Values, n: Values) -> npt.NDArray[np.bool_]:
    """Cells that a combination of terms tells without exception: their fitted chance goes to 0 or 1 for ever.

    Found by linear programming, as Konis (2007) does.

    Args:
        x: [C, p].
        k: [C].
        n: [C].

    Returns:
        [C]; all False where every coefficient that the data fix is finite.
    """
    separated = np.zeros(len(x), dtype=bool)
    pure = (k == 0) | (k == n)
    free = _null_space(x[~pure])
    if not free.shape[1] or not pure.any():
        return separated
    sign = np.where(k == n, 1.0, -1.0)[:, None]
    while (left := np.flatnonzero(pure & ~separated)).size:
        towards = (sign * x)[left] @ free
        # As far as possible to the right side of every cell, never to the wrong one.
        best: Any = linprog(-towards.sum(axis=0), A_ub=-towards, b_ub=np.zeros(len(left)), bounds=(-1, 1))  # type: ignore[no-untyped-call]
        told = towards @ best.x > 1e-6
        if not told.any():
            break
        separated[left[told]] = True
    return separated


def _log_likelihood(x: Values, k: Values, n: Values, beta: Values) -> float:
    eta = x @ beta
    return float((k * eta - n * np.logaddexp(0, eta)).sum())


def _null_space(x: Values) -> Values:
    """[p, q] directions in which nothing changes for any row."""
    if not len(x):
        return np.eye(x.shape[1])
    values, vectors = np.linalg.eigh(x.T @ x)
    found: Values = vectors[:, values <= 1e-10 * max(values.max(), 1.0)]
    return found
