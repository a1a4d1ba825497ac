"""How well a score tells two kinds of images apart: AUC and average precision, with a bootstrap over their references.

Scores of the same images are compared on the same resamples, so that what they share cancels out.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analysis.frames import Values, number
from workbench.analysis.resampling import Bootstrap, Interval, drawn_counts, interval_of, resampled

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrimination:
    """How well one score tells positive from negative images."""

    score: str
    auc: float | None
    """Chance that a positive image scores above a negative one, ties half: 0.5 is a guess, below it is the other way
    round."""
    auc_low: float | None
    """BCa bootstrap over references."""
    auc_high: float | None
    average_precision: float | None
    """Mean precision over the positives, from the highest score down; a guess is at ``base_rate``."""
    precision_low: float | None
    precision_high: float | None
    base_rate: float | None
    """Share of positive images."""
    n_positive: int
    n_negative: int
    n_refs: int
    """References that the images are of: what is resampled."""
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscriminationDifference:
    """What two scores differ by, over the images that have both."""

    score_a: str
    score_b: str
    auc_a: float | None
    auc_b: float | None
    difference: float | None
    """AUC of b less AUC of a."""
    low: float | None
    """Paired BCa bootstrap over references."""
    high: float | None
    p: float | None
    """Two-sided: twice the share of resamples on the other side of no difference."""
    n: int
    """Images with both."""
    n_refs: int
    reason: str | None


class Curve:
    """AUC and average precision of one score under any weights of its images.

    Args:
        scores: [N] float64 without NaN.
        positive: [N] which images are positive.
    """

    def __init__(self, scores: Values, positive: Flags) -> None:
        self._order = np.argsort(scores, kind="stable")
        ordered = scores[self._order]
        self._positive = positive[self._order]
        self._below = np.searchsorted(ordered, ordered, "left")
        self._upto = np.searchsorted(ordered, ordered, "right")

    def auc(self, weights: Values) -> Values:
        """Area under the ROC curve.

        Args:
            weights: [b, N] of the images.

        Returns:
            [b], NaN where a class has no weight.
        """
        ordered = weights[:, self._order]
        negative = _running(np.where(self._positive, 0.0, ordered))
        lower = (negative[:, self._below] + negative[:, self._upto])[:, self._positive] / 2
        positive = ordered[:, self._positive]
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Values = (positive * lower).sum(axis=1) / (positive.sum(axis=1) * negative[:, -1])
        return found

    def average_precision(self, weights: Values) -> Values:
        """Mean precision over the positives, at the score of each; weights and NaN as for ``auc``."""
        ordered = weights[:, self._order]
        kept = np.where(self._positive, ordered, 0.0)
        totals, hits = _running(ordered), _running(kept)
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = (hits[:, -1:] - hits[:, self._below]) / (totals[:, -1:] - totals[:, self._below])
            found: Values = np.where(kept > 0, kept * precision, 0.0).sum(axis=1) / hits[:, -1]
        return np.where(totals[:, -1] > hits[:, -1], found, np.nan)


def discriminate(
    scores: Mapping[str, Values], positive: Flags, groups: Sequence[str], bootstrap: Bootstrap | None = None
) -> list[Discrimination]:
    """AUC and average precision of every score.

    Args:
        scores: name → [N] float64, NaN where an image lacks the score.
        positive: [N] which images are positive.
        groups: [N] the reference of each image: these are resampled, not the images.
        bootstrap: how intervals are made.
    """
    chosen = bootstrap or Bootstrap()
    return [_discriminate(name, found, positive, np.asarray(groups), chosen) for name, found in scores.items()]


def auc_differences(
    scores: Mapping[str, Values], positive: Flags, groups: Sequence[str], bootstrap: Bootstrap | None = None
) -> list[DiscriminationDifference]:
    """Compare the AUC of every two scores; arguments as for ``discriminate``."""
    chosen = bootstrap or Bootstrap()
    return [
        _difference((a, b), scores[a], scores[b], positive, np.asarray(groups), chosen)
        for a, b in itertools.combinations(scores, 2)
    ]


def _discriminate(
    name: str, scores: Values, positive: Flags, groups: npt.NDArray[np.str_], bootstrap: Bootstrap
) -> Discrimination:
    have = np.isfinite(scores)
    flags, units = positive[have], np.unique(groups[have], return_inverse=True)[1]
    n_refs = int(units.max()) + 1 if len(units) else 0
    auc = precision = np.nan
    reason = _too_few(flags)
    spans = [Interval(low=None, high=None, reason=reason)] * 2
    if reason is None:
        curve = Curve(scores[have], flags)

        def both(counts: Values) -> Values:
            weights = counts[:, units]
            return np.column_stack([curve.auc(weights), curve.average_precision(weights)])

        auc, precision = both(np.ones((1, n_refs)))[0]
        bounds = resampled(both, n_refs, bootstrap, _width(units))
        spans = [interval_of(float(bounds.low[j]), float(bounds.high[j]), n_refs) for j in (0, 1)]
    return Discrimination(
        score=name,
        auc=number(auc),
        auc_low=spans[0].low,
        auc_high=spans[0].high,
        average_precision=number(precision),
        precision_low=spans[1].low,
        precision_high=spans[1].high,
        base_rate=float(flags.mean()) if len(flags) else None,
        n_positive=int(flags.sum()),
        n_negative=int((~flags).sum()),
        n_refs=n_refs,
        reason=spans[0].reason,
    )


def _difference(
    names: tuple[str, str], a: Values, b: Values, positive: Flags, groups: npt.NDArray[np.str_], bootstrap: Bootstrap
) -> DiscriminationDifference:
    have = np.isfinite(a) & np.isfinite(b)
    flags, units = positive[have], np.unique(groups[have], return_inverse=True)[1]
    n_refs = int(units.max()) + 1 if len(units) else 0
    first = second = np.nan
    p, reason = None, _too_few(flags)
    span = Interval(low=None, high=None, reason=reason)
    if reason is None:
        curves = Curve(a[have], flags), Curve(b[have], flags)

        def less(counts: Values) -> Values:
            weights = counts[:, units]
            return np.round(curves[1].auc(weights) - curves[0].auc(weights), 12)[:, None]

        first, second = (float(curve.auc(np.ones((1, len(flags))))[0]) for curve in curves)
        bounds = resampled(less, n_refs, bootstrap, _width(units))
        span = interval_of(float(bounds.low[0]), float(bounds.high[0]), n_refs)
        if span.low is not None:
            drawn = drawn_counts(n_refs, bootstrap, _width(units))
            p = _two_sided(np.concatenate([less(counts) for counts in drawn]))
    return DiscriminationDifference(
        score_a=names[0],
        score_b=names[1],
        auc_a=number(first),
        auc_b=number(second),
        difference=number(second - first),
        low=span.low,
        high=span.high,
        p=p,
        n=len(flags),
        n_refs=n_refs,
        reason=span.reason,
    )


def _two_sided(drawn: Values) -> float:
    known = drawn[np.isfinite(drawn)]
    tails = (known <= 0).sum(), (known >= 0).sum()
    return float(min(1.0, 2 * (min(tails) + 1) / (len(known) + 1)))


def _too_few(positive: Flags) -> str | None:
    if not len(positive):
        return "not estimable: no image has both the score and a label"
    if positive.all() or not positive.any():
        return f"not estimable: all {len(positive)} images are {'positive' if positive[0] else 'negative'}"
    return None


def _running(weights: Values) -> Values:
    """Cumulative sums along the images, from 0."""
    found = np.zeros((weights.shape[0], weights.shape[1] + 1))
    np.cumsum(weights, axis=1, out=found[:, 1:])
    return found


def _width(units: npt.NDArray[np.intp]) -> int:
    """float64 numbers that a resample takes per reference: some arrays over its images."""
    return 1 + 8 * len(units) // (int(units.max()) + 1)
