"""Thresholds from the null: their intervals, and whether they let through what they say.

A comparison belongs to two references: the one that the image was asked for, and the other one. Both are resampled, and
a comparison counts as often as the product of their draws says (the pigeonhole bootstrap of Owen, 2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from workbench.analysis.frames import Values, number
from workbench.analysis.resampling import Bootstrap, Interval, drawn_counts, interval_of

Places = npt.NDArray[np.intp]
FOLDS = 10
TAIL = 4
"""Times the rate: the highest share of the comparisons, in which a resample's quantile is looked for first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullThreshold:
    """A threshold that a stated share of the null comparisons reaches."""

    threshold: str
    """``tau_static``, ``tau_dynamic`` or ``tau_reuse``."""
    encoder_id: str
    value: float
    low: float | None
    """Percentile bootstrap over references."""
    high: float | None
    false_rate: float
    """That share."""
    held_out_rate: float | None
    """Share that reaches a threshold which was found without the references of these images: CRA of shuffled
    references, and near false_rate where the threshold holds what it says."""
    study_tau: float
    """The study's threshold."""
    study_rate: float
    """Share that reaches it."""
    n_images: int
    n_refs: int
    """References compared with."""
    n_pairs: int
    """Comparisons; for ``tau_reuse`` times the patches."""
    reason: str | None
    """Why there is no interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Null:
    """The comparisons of one threshold, the highest first."""

    values: Values
    own: Places
    other: Places
    table: Values
    """[R, R] how many comparisons each two references have."""


def null_thresholds(
    pairs: pl.DataFrame, study: dict[str, float], false_rate: float, bootstrap: Bootstrap | None = None
) -> list[NullThreshold]:
    """Thresholds of every encoder with a null.

    Args:
        pairs: rows of query ``null_pairs``: threshold, encoder_id, image_id, own, other, found.
        study: threshold → the study's value.
        false_rate: share of the comparisons that shall reach a threshold, 0 to 1.
        bootstrap: how intervals are made.
    """
    groups = pairs.partition_by("threshold", "encoder_id", maintain_order=True)
    return [_threshold(group, study, false_rate, bootstrap or Bootstrap()) for group in groups]


def _threshold(pairs: pl.DataFrame, study: dict[str, float], rate: float, bootstrap: Bootstrap) -> NullThreshold:
    name, encoder = pairs.row(0)[:2]
    null = _sorted(pairs)
    chunks = drawn_counts(len(null.table), bootstrap)
    drawn = np.array([_resampled_quantile(null, counts, rate) for chunk in chunks for counts in chunk])
    tails = (1 - bootstrap.level) / 2, (1 + bootstrap.level) / 2
    low, high = np.nanquantile(drawn, tails) if np.isfinite(drawn).any() else (np.nan, np.nan)
    n_refs = pairs["other"].n_unique()
    span: Interval = interval_of(float(low), float(high), n_refs)
    return NullThreshold(
        threshold=str(name),
        encoder_id=str(encoder),
        value=float(np.quantile(null.values, 1 - rate)),
        low=span.low,
        high=span.high,
        false_rate=rate,
        held_out_rate=number(held_out_rate(null.values, null.own, rate)),
        study_tau=study[str(name)],
        study_rate=float((null.values >= np.float32(study[str(name)])).mean()),
        n_images=pairs["image_id"].n_unique(),
        n_refs=n_refs,
        n_pairs=len(null.values),
        reason=span.reason,
    )


def held_out_rate(values: Values, own: Places, rate: float) -> float:
    """Share of the comparisons that reach the threshold of the comparisons of other references' images.

    Args:
        values: [N] of the null.
        own: [N] number of the reference that each image was asked for.
        rate: that the thresholds are for.

    Returns:
        0 to 1; NaN where all images are of one reference.
    """
    present = np.unique(own)
    fold = np.random.default_rng(0).permutation(len(present)) % min(FOLDS, len(present))
    here = fold[np.searchsorted(present, own)]
    if here.max() == 0:
        return float("nan")
    reached = 0
    for k in range(here.max() + 1):
        tau = np.quantile(values[here != k], 1 - rate)
        reached += int((values[here == k] >= tau).sum())
    return reached / len(values)


def _sorted(pairs: pl.DataFrame) -> _Null:
    flat = pairs.explode("found")
    refs = sorted({*flat["own"], *flat["other"]})
    numbers = {qid: k for k, qid in enumerate(refs)}
    values = flat["found"].to_numpy().astype(np.float64)
    order = np.argsort(-values, kind="stable")
    own, other = (_numbered(flat[name].to_list(), numbers)[order] for name in ("own", "other"))
    table = np.bincount(own * len(refs) + other, minlength=len(refs) ** 2).reshape(len(refs), -1).astype(np.float64)
    return _Null(values=values[order], own=own, other=other, table=table)


def _numbered(qids: Sequence[str], numbers: dict[str, int]) -> Places:
    return np.fromiter((numbers[qid] for qid in qids), dtype=np.intp, count=len(qids))


def _resampled_quantile(null: _Null, counts: Values, rate: float) -> float:
    """The quantile of the comparisons, each as often as its two references were drawn; NaN where none was."""
    total = float(counts @ null.table @ counts)
    if not total:
        return float("nan")
    place = (total - 1) * rate  # from the highest, which is 0
    wanted = np.array([np.floor(place), np.ceil(place)])
    for upto in (int(len(null.values) * min(1.0, TAIL * rate)), len(null.values)):
        running = np.cumsum(counts[null.own[:upto]] * counts[null.other[:upto]])
        if upto and running[-1] > wanted[1]:
            break
    upper, lower = null.values[np.searchsorted(running, wanted, "right")]
    return float(upper + (lower - upper) * (place - wanted[0]))
