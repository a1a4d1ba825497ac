"""How well a regression of recognition describes its images, and how well it tells those of other references."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from workbench.analysis.design import Design
from workbench.analysis.frames import Values, number
from workbench.analysis.logistic import Logistic, maximum_likelihood
from workbench.analysis.recognition import Regression
from workbench.analysis.resampling import LEAST_UNITS, Bootstrap, Interval, interval_of, resampled

FOLDS = 10
BANDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well the regression of one kind describes its images."""

    kind: str
    n_terms: int
    """Coefficients that are estimated, the constant among them."""
    n_refs: int
    n_refs_dropped: int
    """References with scored images that lack a covariate."""
    dropped: str | None
    """How many lack which one."""
    n_cells: int
    """Reference × model × condition."""
    n_separated: int
    """Cells left out: terms that are therefore not estimable tell them without exception."""
    n: int
    """Scored images of these references."""
    n_recognised: int
    n_excluded: int
    """Blocked, black and failed images of all references of this kind: counted, never measured."""
    icc: float | None
    """Correlation of the residuals of two images of one reference: why it is references that count, not images."""
    dispersion: float | None
    """Variance of cells about their fitted chance: 1 is binomial."""
    max_vif: float | None
    """Of the terms: from 5 on they are hard to tell apart."""
    auc: float | None
    """Chance that a recognised image has a higher fitted chance than one that is not: 0.5 is a guess."""
    auc_held_out: float | None
    """The same, each tenth of the references told by the others."""
    held_out_low: float | None
    """Of the held-out one: BCa bootstrap over references."""
    held_out_high: float | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Predicted against observed recognition: cells in tenths by their predicted chance."""

    kind: str
    band: int
    """From 1, the least likely."""
    n_refs: int
    n: int
    """Images."""
    predicted: float
    """Mean chance, each tenth of the references told by the others."""
    observed: float
    """Share that is recognised."""
    low: float | None
    """Of the observed share: BCa bootstrap over references."""
    high: float | None
    reason: str | None


def fit(of: Regression, bootstrap: Bootstrap | None = None) -> Fit:
    """Sum a regression up.

    Args:
        of: the regression.
        bootstrap: how the interval is made.
    """
    told, model = of.told, of.model
    icc = dispersion = auc = held_out = np.nan
    span, kept = Interval(low=None, high=None, reason=of.reason), np.ones(len(told.k), dtype=bool)
    if model is not None:
        kept = ~model.separated
        x, k, n, groups = told.x[kept], told.k[kept], told.n[kept], told.groups[kept]
        mu, chances, degrees = model.predict(x), held_out_chances(told, model), kept.sum() - model.estimable.sum()
        icc = residual_correlation(k, n, mu, groups)
        dispersion = float(((k - n * mu) ** 2 / (n * mu * (1 - mu))).sum() / degrees) if degrees > 0 else np.nan
        auc, held_out = weighted_auc(mu, k, n), weighted_auc(chances, k, n)
        span = auc_interval(chances, k, n, groups, bootstrap or Bootstrap())
    return Fit(
        kind=told.kind,
        n_terms=0 if model is None else int(model.estimable.sum()),
        n_refs=told.n_refs,
        n_refs_dropped=told.n_refs_dropped,
        dropped=told.dropped or None,
        n_cells=len(told.k),
        n_separated=int((~kept).sum()),
        n=int(told.n.sum()),
        n_recognised=int(told.k.sum()),
        n_excluded=told.n_excluded,
        icc=number(icc),
        dispersion=number(dispersion),
        max_vif=number(np.nanmax(of.vifs)) if np.isfinite(of.vifs).any() else None,
        auc=number(auc),
        auc_held_out=number(held_out),
        held_out_low=span.low,
        held_out_high=span.high,
        reason=span.reason,
    )


def calibration(of: Regression, bootstrap: Bootstrap | None = None) -> list[Calibration]:
    """Compare predicted with observed shares, band by band; fewer bands where there are few cells.

    Args:
        of: the regression.
        bootstrap: how intervals are made.

    Returns:
        Nothing where it could not be fitted.
    """
    return [] if of.model is None else list(_calibration(of.told, of.model, bootstrap or Bootstrap()))


def _calibration(told: Design, model: Logistic, bootstrap: Bootstrap) -> Iterator[Calibration]:
    kept = ~model.separated
    k, n, groups, chances = told.k[kept], told.n[kept], told.groups[kept], held_out_chances(told, model)
    bands = [b for b in np.array_split(np.argsort(chances, kind="stable"), BANDS) if len(b)]
    for number_, cells in enumerate(bands, start=1):
        refs, at = np.unique(groups[cells], return_inverse=True)
        sums: Values = np.column_stack([np.bincount(at, k[cells]), np.bincount(at, n[cells])])
        low = high = np.nan
        if len(refs) >= LEAST_UNITS:
            bounds = resampled(functools.partial(_share, sums), len(refs), bootstrap, expanded=True)
            low, high = float(bounds.low[0]), float(bounds.high[0])
        interval = interval_of(low, high, len(refs))
        yield Calibration(
            kind=told.kind,
            band=number_,
            n_refs=len(refs),
            n=int(n[cells].sum()),
            predicted=float((chances[cells] * n[cells]).sum() / n[cells].sum()),
            observed=float(k[cells].sum() / n[cells].sum()),
            low=interval.low,
            high=interval.high,
            reason=interval.reason,
        )


def held_out_chances(told: Design, model: Logistic) -> Values:
    """Chances of the cells that are not separated, each tenth of the references told by the others."""
    kept = ~model.separated
    x = told.x[kept][:, model.estimable]
    k, n, groups = told.k[kept], told.n[kept], told.groups[kept]
    fold = np.random.default_rng(0).permutation(told.n_refs)[groups] % FOLDS
    found = np.full(len(k), np.nan)
    for out in range(FOLDS):
        held = fold == out
        if held.any():
            found[held] = expit(x[held] @ maximum_likelihood(x[~held], k[~held], n[~held]))
    return found


def weighted_auc(scores: Values, k: Values, n: Values) -> float:
    """Chance that the score of a recognised image is above that of another; ties count half.

    Args:
        scores: [C] of cells.
        k: [C] recognised images.
        n: [C] images.

    Returns:
        NaN where a class is missing.
    """
    _, at = np.unique(scores, return_inverse=True)
    positive, negative = np.bincount(at, k), np.bincount(at, n - k)
    pairs = positive.sum() * negative.sum()
    below = np.cumsum(negative) - negative / 2
    return float((positive * below).sum() / pairs) if pairs else np.nan


def auc_interval(scores: Values, k: Values, n: Values, groups: npt.NDArray[np.intp], bootstrap: Bootstrap) -> Interval:
    """Interval of ``weighted_auc``, over resampled references.

    Args:
        scores: [C] of cells.
        k: [C] recognised images.
        n: [C] images.
        groups: [C] number of the reference of each.
        bootstrap: how.
    """
    refs, at = np.unique(groups, return_inverse=True)
    order = np.argsort(scores, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(scores[order]) != 0))
    positive, negative, rows = k[order], (n - k)[order], at[order]

    def aucs(counts: Values) -> Values:
        drawn = np.take(counts, rows, axis=1)
        hits, misses = (np.add.reduceat(drawn * images, starts, axis=1) for images in (positive, negative))
        below = np.cumsum(misses, axis=1) - misses / 2
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Values = (hits * below).sum(axis=1) / (hits.sum(axis=1) * misses.sum(axis=1))
        return found[:, None]

    if len(refs) < LEAST_UNITS:
        return interval_of(np.nan, np.nan, len(refs))
    bounds = resampled(aucs, len(refs), bootstrap, width=6 * -(-len(rows) // len(refs)), expanded=True)
    return interval_of(float(bounds.low[0]), float(bounds.high[0]), len(refs))


def residual_correlation(k: Values, n: Values, mu: Values, groups: npt.NDArray[np.intp]) -> float:
    """Mean product of the Pearson residuals of two images of one reference, over their variance.

    Args:
        k: [C] recognised images.
        n: [C] images.
        mu: [C] fitted chances.
        groups: [C] number of the reference of each cell.

    Returns:
        NaN where no reference has two images.
    """
    variance = mu * (1 - mu)
    sums = np.bincount(groups, (k - n * mu) / np.sqrt(variance))
    squares = np.bincount(groups, (k * (1 - mu) ** 2 + (n - k) * mu**2) / variance)
    images = np.bincount(groups, n)
    pairs = (images * (images - 1)).sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        return float((sums**2 - squares).sum() / pairs / (squares.sum() / images.sum()))


def _share(sums: Values, counts: Values) -> Values:
    drawn = counts @ sums
    found: Values = (drawn[:, 0] / drawn[:, 1])[:, None]
    return found
