"""Which measures tell replications from re-interpretations: AUC, average precision and accuracy, side by side.

Everything is resampled by references, and all measures on the same resamples. Scores are turned so that higher means
closer, whatever the measure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analysis.discrimination import Discrimination, Flags, auc_differences, discriminate
from workbench.analysis.frames import Values, number
from workbench.analysis.resampling import Bootstrap, Interval, interval_of, resampled

FOLDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How well one measure tells replications from other images."""

    measure: str
    auc: float | None
    """Chance that a replication scores closer than another image, ties half."""
    auc_low: float | None
    """BCa bootstrap over references."""
    auc_high: float | None
    average_precision: float | None
    precision_low: float | None
    precision_high: float | None
    accuracy: float | None
    """Share of images on the right side of a threshold that was chosen on other references."""
    accuracy_low: float | None
    accuracy_high: float | None
    tau: float | None
    """The threshold that is best on all of them; of a distance the highest one that still counts as replication."""
    against: str
    """The measure that it is compared with."""
    auc_difference: float | None
    """AUC less that of the other, over the images that have both."""
    difference_low: float | None
    """Paired bootstrap over references."""
    difference_high: float | None
    p: float | None
    """Two-sided, of no difference."""
    n_positive: int
    n_negative: int
    n_refs: int
    reason: str | None
    """Why a number is missing."""


def tell(
    scores: Mapping[str, Values],
    positive: Flags,
    groups: Sequence[str],
    *,
    against: str,
    distances: Sequence[str] = (),
    bootstrap: Bootstrap | None = None,
) -> list[Telling]:
    """Hold measures against labels, and against one another.

    Args:
        scores: measure → [N] float64, NaN where an image lacks it.
        positive: [N] which images are replications.
        groups: [N] the reference of each image.
        against: the measure that the others are compared with, one of scores.
        distances: measures of which a low value means close.
        bootstrap: how intervals are made.
    """
    chosen = bootstrap or Bootstrap()
    closer = {name: -values if name in distances else values for name, values in scores.items()}
    rows = []
    for found in discriminate(closer, positive, groups, chosen):
        other = {against: closer[against], found.score: closer[found.score]}
        rows.append(_telling(found, other, positive, groups, chosen, turned=found.score in distances))
    return rows


def _telling(
    found: Discrimination,
    pair: Mapping[str, Values],
    positive: Flags,
    groups: Sequence[str],
    bootstrap: Bootstrap,
    *,
    turned: bool,
) -> Telling:
    against = next(iter(pair))
    difference = next(iter(auc_differences(pair, positive, groups, bootstrap)), None)  # none of a measure with itself
    have = np.isfinite(pair[found.score])
    units = np.unique(np.asarray(groups)[have], return_inverse=True)[1]
    decided = _decide(pair[found.score][have], positive[have], units, bootstrap)
    return Telling(
        measure=found.score,
        auc=found.auc,
        auc_low=found.auc_low,
        auc_high=found.auc_high,
        average_precision=found.average_precision,
        precision_low=found.precision_low,
        precision_high=found.precision_high,
        accuracy=decided.accuracy,
        accuracy_low=decided.interval.low,
        accuracy_high=decided.interval.high,
        tau=None if decided.tau is None else decided.tau * (-1 if turned else 1),
        against=against,
        auc_difference=difference.difference if difference else None,
        difference_low=difference.low if difference else None,
        difference_high=difference.high if difference else None,
        p=difference.p if difference else None,
        n_positive=found.n_positive,
        n_negative=found.n_negative,
        n_refs=found.n_refs,
        reason=found.reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What a threshold makes of a score."""

    tau: float | None
    accuracy: float | None
    interval: Interval


def _decide(scores: Values, positive: Flags, units: npt.NDArray[np.intp], bootstrap: Bootstrap) -> _Decided:
    if not positive.any() or positive.all():
        return _Decided(tau=None, accuracy=None, interval=Interval(low=None, high=None))
    right = held_out(scores, positive, units)
    n_refs = int(units.max()) + 1
    sums = np.column_stack([np.bincount(units, right, n_refs), np.bincount(units, minlength=n_refs)])

    def accuracy(counts: Values) -> Values:
        drawn = counts @ sums
        found: Values = (drawn[:, 0] / drawn[:, 1])[:, None]
        return found

    bounds = resampled(accuracy, n_refs, bootstrap)
    return _Decided(
        tau=number(best_threshold(scores, positive)),
        accuracy=float(right.mean()),
        interval=interval_of(float(bounds.low[0]), float(bounds.high[0]), n_refs),
    )


def held_out(scores: Values, positive: Flags, units: npt.NDArray[np.intp]) -> Flags:
    """Which images a threshold decides rightly that was chosen without their references, in up to ten folds.

    Args:
        scores: [N] without NaN, higher is closer.
        positive: [N] which are replications.
        units: [N] number of the reference of each.
    """
    n_refs = int(units.max()) + 1
    fold = np.random.default_rng(0).permutation(n_refs) % min(FOLDS, n_refs)
    right = np.zeros(len(scores), dtype=np.bool_)
    for k in range(fold.max() + 1):
        here = fold[units] == k
        rest = ~here
        tau = best_threshold(scores[rest], positive[rest]) if rest.any() else np.inf
        right[here] = (scores[here] >= tau) == positive[here]
    return right


def best_threshold(scores: Values, positive: Flags) -> float:
    """The threshold with most images on the right side of it: the middle one where several are.

    Args:
        scores: [N], at least one, higher is closer.
        positive: [N] which are replications: those that should reach it.

    Returns:
        Between two scores that occur, or infinite where all or none should reach it.
    """
    order = np.argsort(scores, kind="stable")
    ordered, flags = scores[order], positive[order]
    # With the threshold before place k, the k lowest do not reach it.
    right = np.concatenate([[0], np.cumsum(~flags)]) + flags.sum() - np.concatenate([[0], np.cumsum(flags)])
    between = np.concatenate([[True], ordered[1:] > ordered[:-1], [True]])
    places = np.flatnonzero(between & (right == right[between].max()))
    place = int(places[(len(places) - 1) // 2])
    if place in (0, len(ordered)):
        return float("-inf") if place == 0 else float("inf")
    return float((ordered[place - 1] + ordered[place]) / 2)
