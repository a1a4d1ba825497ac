"""What other words do to recognition and realization: paired within reference, against the title."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis.blocks import KINDS, MEASURES, System
from workbench.analysis.exact import with_adjusted
from workbench.analysis.frames import Values, by_kind, number, values
from workbench.analysis.paired import paired
from workbench.analysis.proportions import newcombe, wilson
from workbench.analysis.resampling import Bootstrap, interval_of, mean_intervals
from workbench.analysis.wide import Wide, wide

TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerturbationEffect:
    """What one perturbation changes in one measure, over the references that have both prompts."""

    model_id: str
    settings_id: str
    kind: str
    perturbation: str
    measure: str
    title: float | None
    """Mean under the title."""
    perturbed: float | None
    """Mean under the perturbation, over the same references."""
    difference: float | None
    """Perturbed less title, mean over references."""
    low: float | None
    """Of the difference: BCa bootstrap over references."""
    high: float | None
    p: float | None
    """Wilcoxon's signed-rank test."""
    p_adjusted: float | None
    """By Benjamini and Hochberg, within the family."""
    family: int
    """Tests adjusted together: all of this kind."""
    effect: float | None
    """Rank-biserial correlation, -1 (lower for all references) to 1."""
    n: int
    """References with both."""
    n_missing: int
    """References with only one of them, or neither."""
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Whether one reference keeps its iconic structure when the words change."""

    qid: str
    label: str
    kind: str
    model_id: str
    settings_id: str
    perturbation: str
    cra_title: float
    n_title: int
    """Scored images of the title."""
    cra_perturbed: float
    n_perturbed: int
    difference: float
    """Of CRA: perturbed less title."""
    low: float
    """Newcombe's interval for two shares."""
    high: float
    verdict: str
    """``kept``: surely more than half of the title's CRA (taken as it is) is left; ``lost``: surely less than half;
    ``undecided``: there are too few images to say; ``never``: the title evokes nothing either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """How much recognition is left after so many substituted words."""

    model_id: str
    settings_id: str
    kind: str
    n_substituted: int
    """Words; 0: the title."""
    n: int
    """References that the title evokes and that have a prompt with so many substitutions."""
    n_surviving: int
    """References among them with at least half of the CRA of their title."""
    survival: float | None
    """Their share."""
    low: float | None
    """Wilson's interval."""
    high: float | None
    retained: float | None
    """CRA over the CRA of the title, mean over the references."""
    retained_low: float | None
    """BCa bootstrap over references."""
    retained_high: float | None
    reason: str | None


def perturbation_effects(
    frame: pl.DataFrame, kinds: Sequence[str] = KINDS, *, bootstrap: Bootstrap | None = None
) -> list[PerturbationEffect]:
    """Compare every perturbation with the title, per model and measure.

    Args:
        frame: rows of query ``ref_scores``.
        kinds: which to give.
        bootstrap: how intervals are made.
    """
    chosen = bootstrap or Bootstrap()
    found = [effect for table in wide(frame, kinds) for effect in _effects(table, chosen)]
    return with_adjusted(found, lambda effect: effect.kind)


def retentions(frame: pl.DataFrame, kinds: Sequence[str] = ("all",)) -> list[Retention]:
    """Judge every reference that has images of its title and of a perturbation.

    Args:
        frame: rows of query ``ref_scores``.
        kinds: which to give.
    """
    own = [kind for kind in KINDS if kind != "all" and (kind in kinds or "all" in kinds)]
    return [r for table in wide(frame, own) for r in _retentions(table)]


def survival(
    frame: pl.DataFrame, kinds: Sequence[str] = KINDS, *, bootstrap: Bootstrap | None = None
) -> list[Survival]:
    """Follow recognition over the number of substituted words.

    Args:
        frame: rows of query ``substitutions``.
        kinds: which to give.
        bootstrap: how intervals are made.
    """
    chosen = bootstrap or Bootstrap()
    titles = frame.filter((pl.col("n_substituted") == 0) & (pl.col("n_recognised") > 0))
    keys = ["qid", "model_id", "settings_id"]
    title = titles.select(*keys, title_cra=pl.col("n_recognised") / pl.col("n"))
    left = frame.filter(pl.col("n") > 0).join(title, on=keys).with_columns(cra=pl.col("n_recognised") / pl.col("n"))
    by = ["model_id", "settings_id", "n_substituted"]
    return [
        _survival(part, kind, chosen)
        for kind, rows in by_kind(left, kinds)
        for part in rows.sort(by).partition_by(*by, maintain_order=True)
    ]


def _effects(table: Wide, bootstrap: Bootstrap) -> Iterator[PerturbationEffect]:
    for system in table.systems():
        titles = table.columns.get((system, TITLE))
        for perturbation in table.perturbations():
            others = table.columns.get((system, perturbation))
            if titles is not None and others is not None and perturbation != TITLE:
                for measure in MEASURES:
                    yield _effect(
                        table.kind, system, perturbation, measure, titles[measure], others[measure], bootstrap
                    )


def _effect(
    kind: str, system: System, perturbation: str, measure: str, title: Values, other: Values, bootstrap: Bootstrap
) -> PerturbationEffect:
    result = paired(title, other, bootstrap)
    return PerturbationEffect(
        **system._asdict(),
        kind=kind,
        perturbation=perturbation,
        measure=measure,
        title=result.mean_a,
        perturbed=result.mean_b,
        difference=result.difference,
        low=result.low,
        high=result.high,
        p=result.p,
        p_adjusted=None,
        family=0,
        effect=result.effect,
        n=result.n,
        n_missing=len(title) - result.n,
        reason=result.reason,
    )


def _retentions(table: Wide) -> Iterator[Retention]:
    for (system, perturbation), other in table.columns.items():
        title = table.columns.get((system, TITLE))
        if title is None or perturbation == TITLE:
            continue
        k1, n1, k2, n2 = other["n_recognised"], other["n"], title["n_recognised"], title["n"]
        difference, against_half = newcombe(k1, n1, k2, n2), wilson(k1, n1)
        for at in map(int, np.flatnonzero((n1 > 0) & (n2 > 0))):
            half = 0.5 * k2[at] / n2[at]
            verdict = "kept" if against_half.low[at] > half else "lost" if against_half.high[at] < half else "undecided"
            yield Retention(
                qid=table.qids[at],
                label=table.labels[at],
                kind=table.kind,
                **system._asdict(),
                perturbation=perturbation,
                cra_title=float(k2[at] / n2[at]),
                n_title=int(n2[at]),
                cra_perturbed=float(k1[at] / n1[at]),
                n_perturbed=int(n1[at]),
                difference=float(k1[at] / n1[at] - k2[at] / n2[at]),
                low=float(difference.low[at]),
                high=float(difference.high[at]),
                verdict=verdict if k2[at] else "never",
            )


def _survival(part: pl.DataFrame, kind: str, bootstrap: Bootstrap) -> Survival:
    ratio = values(part, "cra") / values(part, "title_cra")
    n, surviving = len(ratio), int((ratio >= 0.5).sum())
    share = wilson(np.array([surviving]), np.array([n]), bootstrap.level)
    bounds = mean_intervals(ratio[:, None], bootstrap)
    interval = interval_of(float(bounds.low[0]), float(bounds.high[0]), n)
    keys = part.row(0, named=True)
    return Survival(
        model_id=keys["model_id"],
        settings_id=keys["settings_id"],
        kind=kind,
        n_substituted=keys["n_substituted"],
        n=n,
        n_surviving=surviving,
        survival=surviving / n,
        low=number(share.low[0]),
        high=number(share.high[0]),
        retained=float(ratio.mean()),
        retained_low=interval.low,
        retained_high=interval.high,
        reason=interval.reason
        if keys["n_substituted"]
        else "no interval: the title is what the others are held against",
    )
