"""Do people agree with one another, and do the measures agree with them?"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis.discrimination import (
    Discrimination,
    DiscriminationDifference,
    Flags,
    auc_differences,
    discriminate,
)
from workbench.analysis.frames import Values, number
from workbench.analysis.resampling import LEAST_UNITS, Bootstrap, Interval, interval_of, resampled

QUESTIONS = ("recognised", "realization")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement of annotators beyond chance."""

    question: str
    """``recognised`` or ``realization``."""
    statistic: str
    """``cohen`` for two annotators, ``fleiss`` for all of them."""
    annotators: str
    kappa: float | None
    """1: they always agree; 0: no more than by chance."""
    low: float | None
    """BCa bootstrap over references."""
    high: float | None
    observed: float | None
    """Share of the pairs of judgements that agree."""
    n: int
    """Images that two or more of them judged."""
    n_refs: int
    """References that these are of."""
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTask:
    """A question that people answered, as positive and negative images, beside every score of the images."""

    task: str
    """``recognised``: against not; ``replication``: against transformation."""
    positive: Flags
    groups: Sequence[str]
    scores: dict[str, Values]

    def discrimination(self, bootstrap: Bootstrap) -> list[Discrimination]:
        """How well each score answers it."""
        return discriminate(self.scores, self.positive, self.groups, bootstrap)

    def differences(self, bootstrap: Bootstrap) -> list[DiscriminationDifference]:
        """How much better one score answers it than another."""
        return auc_differences(self.scores, self.positive, self.groups, bootstrap)


def agreements(judgements: pl.DataFrame, *, bootstrap: Bootstrap | None = None) -> list[Agreement]:
    """Cohen's kappa of every two annotators and Fleiss' kappa of all.

    Args:
        judgements: rows of query ``judgements``: image_id, qid, annotator, recognised, realization.
        bootstrap: how intervals are made.
    """
    return [a for question in QUESTIONS for a in _of_question(judgements, question, bootstrap or Bootstrap())]


def label_tasks(judgements: pl.DataFrame, scores: pl.DataFrame) -> list[LabelTask]:
    """What the measures are held against: the judgement of most annotators.

    Images that they are split over are left out.

    Args:
        judgements: rows of query ``judgements``.
        scores: rows of query ``image_values``: image_id, score, value.
    """
    asked = {
        "recognised": judgements.with_columns(vote=pl.col("recognised")),
        "replication": judgements.filter(pl.col("realization").is_in(["replication", "transformation"])).with_columns(
            vote=pl.col("realization") == "replication"
        ),
    }
    tasks = []
    for task, votes in asked.items():
        share = votes.drop_nulls("vote").group_by("image_id", "qid", maintain_order=True).agg(pl.col("vote").mean())
        images = share.filter(pl.col("vote") != 0.5)
        if images.height:
            found = {
                name: _aligned(images, part) for (name,), part in scores.partition_by("score", as_dict=True).items()
            }
            flags = (images["vote"] > 0.5).to_numpy()
            named = {str(name): found[name] for name in sorted(found, key=str)}
            tasks.append(LabelTask(task=task, positive=flags, groups=images["qid"].to_list(), scores=named))
    return tasks


def cohen(tables: Values) -> Values:
    """Cohen's kappa of confusion matrices.

    Args:
        tables: [b, q, q] counts or weights.

    Returns:
        [b], NaN where both always say the same one thing.
    """
    total = tables.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = np.trace(tables, axis1=1, axis2=2) / total
        expected = np.einsum("bq,bq->b", tables.sum(axis=2), tables.sum(axis=1)) / total**2
        return _beyond_chance(observed, expected)


def fleiss(sums: Values) -> Values:
    """Fleiss' kappa, also for images that not equally many judged.

    Args:
        sums: [b, 2 + q]: images, their summed shares of agreeing pairs, and judgements of each category.

    Returns:
        [b], NaN where all judgements are the same.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = sums[:, 2:] / sums[:, 2:].sum(axis=1, keepdims=True)
        return _beyond_chance(sums[:, 1] / sums[:, 0], (shares**2).sum(axis=1))


def _of_question(judgements: pl.DataFrame, question: str, bootstrap: Bootstrap) -> Iterator[Agreement]:
    known = judgements.drop_nulls(question).with_columns(pl.col(question).cast(pl.String).alias("answer"))
    annotators = sorted(known["annotator"].unique())
    for pair in itertools.combinations(annotators, 2):
        yield _agreement(known.filter(pl.col("annotator").is_in(pair)), question, pair, "cohen", bootstrap)
    if len(annotators) > 2:
        yield _agreement(known, question, annotators, "fleiss", bootstrap)


def _agreement(
    known: pl.DataFrame, question: str, annotators: Sequence[str], statistic: str, bootstrap: Bootstrap
) -> Agreement:
    known = known.filter(pl.len().over("image_id") > 1)
    answers, units = sorted(known["answer"].unique()), sorted(known["qid"].unique())
    rows = known.sort("annotator").group_by("image_id", maintain_order=True).agg(pl.first("qid"), pl.col("answer"))
    told = [[answers.index(a) for a in row] for row in rows["answer"].to_list()]
    sums = np.zeros((len(units), len(answers) ** 2 if statistic == "cohen" else 2 + len(answers)))
    for row, qid in zip(told, rows["qid"].to_list(), strict=True):
        sums[units.index(qid)] += (_confusion if statistic == "cohen" else _tally)(row, len(answers))

    def kappa(counts: Values) -> Values:
        drawn = counts @ sums
        found = cohen(drawn.reshape(-1, len(answers), len(answers))) if statistic == "cohen" else fleiss(drawn)
        return found[:, None]

    value = float(kappa(np.ones((1, len(units))))[0, 0]) if told else np.nan
    same = "all judgements are the same" if told else "no image was judged by two of them"
    span = Interval(low=None, high=None, reason=f"not estimable: {same}")
    if np.isfinite(value):
        span = interval_of(np.nan, np.nan, len(units))
        if len(units) >= LEAST_UNITS:
            bounds = resampled(kappa, len(units), bootstrap, expanded=True)
            span = interval_of(float(bounds.low[0]), float(bounds.high[0]), len(units))
    return Agreement(
        question=question,
        statistic=statistic,
        annotators=", ".join(annotators),
        kappa=number(value),
        low=span.low,
        high=span.high,
        observed=float(np.mean([_tally(r, len(answers))[1] for r in told])) if told else None,
        n=len(told),
        n_refs=len(units),
        reason=span.reason,
    )


def _confusion(answers: Sequence[int], q: int) -> Values:
    """The two answers as a flattened confusion matrix."""
    table = np.zeros(q * q)
    table[answers[0] * q + answers[1]] = 1
    return table


def _tally(answers: Sequence[int], q: int) -> Values:
    """One image, its share of agreeing pairs, and its answers of each category."""
    counts = np.bincount(answers, minlength=q).astype(float)
    m = len(answers)
    return np.concatenate([[1.0, (counts * (counts - 1)).sum() / (m * (m - 1))], counts])


def _beyond_chance(observed: Values, expected: Values) -> Values:
    found: Values = np.where(expected < 1 - 1e-12, (observed - expected) / (1 - expected), np.nan)
    return found


def _aligned(images: pl.DataFrame, part: pl.DataFrame) -> Values:
    """The score of each image, NaN where it has none."""
    joined = images.select("image_id").join(part, on="image_id", how="left", maintain_order="left")
    return joined["value"].cast(pl.Float64).fill_null(np.nan).to_numpy().copy()
