"""How recognition answers to training frequency: a smooth curve and a change point, per model.

The change point is the frequency at which two levels fit best (least squares), as in arXiv:2410.15002, which looks for
the number of training images from which a model imitates. It has an interval and a test: any data have a best split
(see ``changepoint``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis.blocks import ALL_SETTINGS, KINDS, POOLED, Block, Fact, System, blocks
from workbench.analysis.changepoint import LEAST_SIDE, best_split, permutation_p, split_interval
from workbench.analysis.frames import Values, number
from workbench.analysis.resampling import Bootstrap, drawn_counts

FREQUENCY = "training_frequency"
LEAST_REFERENCES = 10
GRID = 25
"""Points of a smooth curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoint:
    """The frequency at which a measure changes its level."""

    model_id: str
    settings_id: str
    perturbation: str
    kind: str
    covariate: str
    method: str
    measure: str
    threshold: float | None
    """Halfway, on the scale log(1 + x), between the frequencies on both sides of the split."""
    low: float | None
    """Of the threshold: Hansen's likelihood-ratio set."""
    high: float | None
    below: float | None
    """Mean of the measure under the threshold; pooled, of its deviations from the models' means."""
    above: float | None
    n_below: int
    n_above: int
    explained: float | None
    """Share of the variance between references that the split explains, 0 to 1."""
    p: float | None
    """That no split of any place would explain as much if frequency did not matter: from permutations of references."""
    n: int
    n_missing: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmoothPoint:
    """One point of a smooth curve of a measure over frequency."""

    model_id: str
    settings_id: str
    perturbation: str
    kind: str
    covariate: str
    method: str
    measure: str
    frequency: float
    fit: float
    """Local linear regression on log(1 + x)."""
    low: float | None
    """Pointwise percentile bootstrap over references; None: too few near here."""
    high: float | None


def change_points(
    frame: pl.DataFrame,
    kinds: Sequence[str] = KINDS,
    *,
    covariate: str = FREQUENCY,
    measure: str = "cra",
    bootstrap: Bootstrap | None = None,
) -> list[ChangePoint]:
    """Find where a measure changes its level, per model and pooled.

    Args:
        frame: rows of query ``correlation_input``.
        kinds: which to give.
        covariate: taken as log(1 + x).
        measure: of ``MEASURES``.
        bootstrap: the level of the interval, and how many permutations are tested.
    """
    chosen = bootstrap or Bootstrap()
    return [
        _change_point(block, fact, system, measure, y, chosen)
        for block in blocks(frame, kinds)
        for fact, system, y in _series(block, covariate, measure)
    ]


def smooth_curves(
    frame: pl.DataFrame,
    kinds: Sequence[str] = KINDS,
    *,
    covariate: str = FREQUENCY,
    measure: str = "cra",
    bootstrap: Bootstrap | None = None,
) -> list[SmoothPoint]:
    """Smooth a measure over log frequency, per model; arguments as for ``change_points``.

    Returns:
        25 points a curve, evenly spaced on the scale log(1 + x); none where there are too few references.
    """
    chosen = bootstrap or Bootstrap()
    return [
        point
        for block in blocks(frame, kinds)
        for fact, system, y in _series(block, covariate, measure)
        if system.model_id != POOLED
        for point in _smooth(block, fact, system, measure, y, chosen)
    ]


def local_linear(x: Values, y: Values, grid: Values, counts: Values, bandwidth: float) -> Values:
    """Local linear regression with Gaussian weights, in every resample.

    Args:
        x: [n].
        y: [n].
        grid: [g] where the curve is wanted.
        counts: [b, n] how often each is drawn.
        bandwidth: standard deviation of the weights, on the scale of x.

    Returns:
        [b, g], NaN where a resample has too little near a point.
    """
    away = x[:, None] - grid[None]
    kernel = np.exp(-0.5 * (away / bandwidth) ** 2)
    s0, s1, s2 = counts @ kernel, counts @ (kernel * away), counts @ (kernel * away**2)
    t0, t1 = counts @ (kernel * y[:, None]), counts @ (kernel * away * y[:, None])
    determinant = s0 * s2 - s1**2
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Values = (s2 * t0 - s1 * t1) / determinant
    return np.where(determinant > 1e-9 * s0 * s0 * bandwidth**2, found, np.nan)


def _series(block: Block, covariate: str, measure: str) -> Iterator[tuple[Fact, System, Values]]:
    """Every method of the covariate with every model and the models pooled."""
    for fact in sorted(f for f in block.facts if f.covariate == covariate):
        for system in sorted(block.systems):
            yield fact, system, block.systems[system][measure]
        if (together := block.pooled(measure)) is not None:
            yield fact, System(POOLED, ALL_SETTINGS), together


def _change_point(
    block: Block, fact: Fact, system: System, measure: str, column: Values, bootstrap: Bootstrap
) -> ChangePoint:
    x, y = _sorted(block.facts[fact], column)
    n, why = len(x), _unsplittable(x, y)
    low = high = p = at = explained = None
    if why is None:
        whole = best_split(x, y, np.ones((1, n)))
        at, explained = int(whole.position[0]), float(whole.explained[0])
        bounds = split_interval(x, y, at, bootstrap.level)
        low, high = float(np.expm1(x[bounds.start])), float(np.expm1(x[bounds.stop]))
        p = permutation_p(x, y, explained, bootstrap)
    return ChangePoint(
        **system._asdict(),
        **fact._asdict(),
        perturbation=block.perturbation,
        kind=block.kind,
        measure=measure,
        threshold=None if at is None else float(np.expm1((x[at] + x[at + 1]) / 2)),
        low=low,
        high=high,
        below=None if at is None else float(y[: at + 1].mean()),
        above=None if at is None else float(y[at + 1 :].mean()),
        n_below=0 if at is None else at + 1,
        n_above=0 if at is None else n - at - 1,
        explained=explained,
        p=p,
        n=n,
        n_missing=len(column) - n,
        reason=why,
    )


def _smooth(
    block: Block, fact: Fact, system: System, measure: str, column: Values, bootstrap: Bootstrap
) -> Iterator[SmoothPoint]:
    x, y = _sorted(block.facts[fact], column)
    if _unsplittable(x, y) is not None:
        return
    grid = np.linspace(x[0], x[-1], GRID)
    width = bandwidth_of(x)
    fit = local_linear(x, y, grid, np.ones((1, len(x))), width)[0]
    drawn = [local_linear(x, y, grid, c, width) for c in drawn_counts(len(x), bootstrap, width=2)]
    curves = np.concatenate(drawn)
    bounded = measure in ("cra", "vi", "crt")
    tail = (1 - bootstrap.level) / 2
    for j, place in enumerate(grid):
        known = curves[:, j][np.isfinite(curves[:, j])]
        if not np.isfinite(fit[j]) or len(known) < 0.9 * len(curves):
            continue
        three = np.array([fit[j], *np.quantile(known, [tail, 1 - tail])])
        value, low, high = np.clip(three, 0, 1) if bounded else three
        yield SmoothPoint(
            **system._asdict(),
            **fact._asdict(),
            perturbation=block.perturbation,
            kind=block.kind,
            measure=measure,
            frequency=float(np.expm1(place)),
            fit=float(value),
            low=number(low),
            high=number(high),
        )


def bandwidth_of(x: Values) -> float:
    """Silverman's rule, and never so narrow that a gap between frequencies holds nothing."""
    spread = min(x.std(ddof=1), (np.quantile(x, 0.75) - np.quantile(x, 0.25)) / 1.349 or np.inf)
    return float(max(0.9 * spread * len(x) ** -0.2, np.diff(np.unique(x)).max() / 2))


def _sorted(covariate: Values, column: Values) -> tuple[Values, Values]:
    both = np.isfinite(covariate) & np.isfinite(column) & (np.nan_to_num(covariate, nan=-1) >= 0)
    x, y = np.log1p(covariate[both]), column[both]
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def _unsplittable(x: Values, y: Values) -> str | None:
    if len(x) < LEAST_REFERENCES:
        return f"not estimable: n = {len(x)}, at least {LEAST_REFERENCES} needed"
    if np.ptp(x) == 0:
        return f"not estimable: the covariate is {np.expm1(x[0]):.4g} for all {len(x)}"
    if np.ptp(y) == 0:
        return f"not estimable: the measure is {y[0]:.4g} for all {len(y)}"
    if np.isnan(best_split(x, y, np.ones((1, len(x)))).position[0]):
        return f"not estimable: no split leaves {LEAST_SIDE} references on either side"
    return None
