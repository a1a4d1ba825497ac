"""Models beside one another: what they differ by over the same references, and where each stands."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis.blocks import KINDS, MEASURES, System
from workbench.analysis.exact import with_adjusted
from workbench.analysis.frames import Values
from workbench.analysis.paired import paired
from workbench.analysis.resampling import Bootstrap, Interval, interval_of, mean_intervals
from workbench.analysis.wide import wide


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDifference:
    """What two models differ by in one measure, over the references that both have."""

    perturbation: str
    kind: str
    measure: str
    model_a: str
    settings_a: str
    model_b: str
    settings_b: str
    mean_a: float | None
    """Over the references that both have."""
    mean_b: float | None
    difference: float | None
    """b less a."""
    low: float | None
    """Of the difference: BCa bootstrap over references, paired."""
    high: float | None
    p: float | None
    """Wilcoxon's signed-rank test."""
    p_adjusted: float | None
    """By Benjamini and Hochberg, within the family."""
    family: int
    """Tests adjusted together: all of this kind and perturbation."""
    effect: float | None
    """Rank-biserial correlation: 1 where b is the higher one for all references."""
    n: int
    n_missing: int
    """References that one of the two, or both, lack."""
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPlace:
    """Where a model stands on the plane of recognition (CRA) against realization (VI): means over references."""

    model_id: str
    settings_id: str
    perturbation: str
    kind: str
    n: int
    """References with scored images."""
    n_realised: int
    """References with a recognised image: those that VI averages over, chosen by the model itself."""
    n_excluded: int
    """Blocked, black and failed images: counted, never measured."""
    cra: float | None
    cra_low: float | None
    """BCa bootstrap over references; so of VI and CRT."""
    cra_high: float | None
    vi: float | None
    vi_low: float | None
    vi_high: float | None
    crt: float | None
    crt_low: float | None
    crt_high: float | None
    reason: str | None


def model_differences(
    frame: pl.DataFrame, kinds: Sequence[str] = KINDS, *, bootstrap: Bootstrap | None = None
) -> list[ModelDifference]:
    """Compare every two models, per perturbation, kind and measure.

    Args:
        frame: rows of query ``ref_scores``.
        kinds: which to give.
        bootstrap: how intervals are made.
    """
    chosen = bootstrap or Bootstrap()
    found = []
    for table in wide(frame, kinds):
        for perturbation in table.perturbations():
            have = [s for s in table.systems() if (s, perturbation) in table.columns]
            for a, b in itertools.combinations(have, 2):
                for measure in MEASURES:
                    x, y = (table.columns[s, perturbation][measure] for s in (a, b))
                    found.append(_difference(table.kind, perturbation, measure, a, b, x, y, chosen))
    return with_adjusted(found, lambda d: (d.kind, d.perturbation))


def model_places(
    frame: pl.DataFrame, kinds: Sequence[str] = KINDS, *, bootstrap: Bootstrap | None = None
) -> list[ModelPlace]:
    """Mean CRA, VI and CRT of every model, perturbation and kind, with intervals over references.

    Args:
        frame: rows of query ``ref_scores``.
        kinds: which to give.
        bootstrap: how intervals are made.
    """
    chosen = bootstrap or Bootstrap()
    return [
        _place(table.kind, system, perturbation, columns, chosen)
        for table in wide(frame, kinds)
        for (system, perturbation), columns in sorted(table.columns.items())
    ]


def _difference(
    kind: str, perturbation: str, measure: str, a: System, b: System, x: Values, y: Values, bootstrap: Bootstrap
) -> ModelDifference:
    result = paired(x, y, bootstrap)
    return ModelDifference(
        perturbation=perturbation,
        kind=kind,
        measure=measure,
        model_a=a.model_id,
        settings_a=a.settings_id,
        model_b=b.model_id,
        settings_b=b.settings_id,
        mean_a=result.mean_a,
        mean_b=result.mean_b,
        difference=result.difference,
        low=result.low,
        high=result.high,
        p=result.p,
        p_adjusted=None,
        family=0,
        effect=result.effect,
        n=result.n,
        n_missing=len(x) - result.n,
        reason=result.reason,
    )


def _place(
    kind: str, system: System, perturbation: str, columns: dict[str, Values], bootstrap: Bootstrap
) -> ModelPlace:
    known = {name: columns[name][np.isfinite(columns[name])] for name in ("cra", "vi", "crt")}
    # While an image lacks its patch maxima, the references that have a CRT are a selection.
    if len(known["crt"]) < len(known["cra"]):
        known["crt"] = known["crt"][:0]
    spans = {name: _mean_interval(column, bootstrap) for name, column in known.items()}
    means = {name: float(column.mean()) if len(column) else None for name, column in known.items()}
    missing = [f"{name}: {span.reason}" for name, span in spans.items() if span.reason]
    return ModelPlace(
        **system._asdict(),
        perturbation=perturbation,
        kind=kind,
        n=len(known["cra"]),
        n_realised=len(known["vi"]),
        n_excluded=int(np.nansum(columns["n_excluded"])),
        cra=means["cra"],
        cra_low=spans["cra"].low,
        cra_high=spans["cra"].high,
        vi=means["vi"],
        vi_low=spans["vi"].low,
        vi_high=spans["vi"].high,
        crt=means["crt"],
        crt_low=spans["crt"].low,
        crt_high=spans["crt"].high,
        reason="; ".join(missing) or None,
    )


def _mean_interval(column: Values, bootstrap: Bootstrap) -> Interval:
    if not len(column):
        return Interval(low=None, high=None, reason="not estimable: no reference has it")
    bounds = mean_intervals(column[:, None], bootstrap)
    return interval_of(float(bounds.low[0]), float(bounds.high[0]), len(column))
