"""The main numbers in a few sentences, each with its interval; none of them says why."""

from collections.abc import Iterator, Sequence

from workbench.analysis.blocks import POOLED
from workbench.analysis.confounding import partial_correlations
from workbench.analysis.correlation import Correlation, correlations
from workbench.analysis.frequency import change_points
from workbench.analysis.models import model_places
from workbench.analysis.perturbations import perturbation_effects
from workbench.report.blocks import Block, Points
from workbench.report.study import Study
from workbench.report.tables import bounds, decimal, equals, interval, nothing, written
from workbench.wording import counted

MOST = 8
"""Models, and covariates, that are named."""


def brief(study: Study) -> Sequence[Block]:
    """What the study says first, under the prompt condition and the kind that figures show."""
    items = [*_measures(study), *_correlations(study), *_frequency(study), *_perturbations(study)]
    if not items:
        return [nothing("no image is scored; wb status says what is missing")]
    return [Points(items=items)]


def _measures(study: Study) -> Iterator[str]:
    places = study.ordered(study.analysed(model_places, study.frame("ref_scores")))
    kind, condition = study.widest(), study.condition()
    shown = [p for p in places if p.kind == kind and p.perturbation == condition and p.cra is not None]
    for p in sorted(shown, key=lambda p: (-(p.cra or 0), p.model_id, p.settings_id))[:MOST]:
        told = f"{written(p.model_id)}, {written(condition)}: CRA {interval(p.cra, p.cra_low, p.cra_high)}"
        told += f" over {counted(p.n, 'reference')}"
        if p.vi is not None:
            refs = counted(p.n_realised, "reference")
            told += f"; VI of what is recognised {interval(p.vi, p.vi_low, p.vi_high)} ({refs})"
        yield told + (f"; CRT {interval(p.crt, p.crt_low, p.crt_high)}." if p.crt is not None else ".")


def _correlations(study: Study) -> Iterator[str]:
    """Of CRA with every covariate: pooled where there are several models, else of the one."""
    frame, kind = study.titled("correlation_input"), study.widest()
    plain = [c for c in study.analysed(correlations, frame) if c.measure == "cra" and c.kind == kind]
    held = [c for c in study.analysed(partial_correlations, frame) if c.measure == "cra" and c.kind == kind]
    for model in _one_model(plain):
        named = [_correlation(c) for c in plain if c.model_id == model and c.rho is not None]
        if named:
            yield f"Rank correlation of CRA ({written(model)}) with {'; '.join(named[:MOST])}."
        parts = [
            f"{written(c.covariate)} ({written(c.method)}) {interval(c.partial_rho, c.low, c.high)}, n = {c.n:,}"
            for c in held
            if c.model_id == model and c.partial_rho is not None
        ]
        if parts:
            yield f"The same with all other covariates held: {'; '.join(parts[:MOST])}."


def _one_model(found: Sequence[Correlation]) -> list[str]:
    names = list(dict.fromkeys(c.model_id for c in found))
    return [POOLED] if POOLED in names else names[:1]


def _correlation(c: Correlation) -> str:
    told = f"{written(c.covariate)} ({written(c.method)}) {interval(c.rho, c.low, c.high)}"
    return f"{told}, n = {c.n:,}, adjusted p {equals(c.p_adjusted)}"


def _frequency(study: Study) -> Iterator[str]:
    found = study.analysed(change_points, study.titled("correlation_input"))
    kind = study.widest()
    known = [c for c in found if c.kind == kind and c.threshold is not None and c.model_id != POOLED]
    parts = [
        f"{written(c.model_id)} ({written(c.method)}) at {decimal(c.threshold, 1)} {bounds(c.low, c.high, 1)}, "
        f"p {equals(c.p)}"
        for c in known
    ]
    if parts:
        yield f"CRA changes its level over training frequency: {'; '.join(parts[:MOST])}."


def _perturbations(study: Study) -> Iterator[str]:
    found = study.analysed(perturbation_effects, study.frame("ref_scores"))
    parts = [
        f"{written(e.perturbation)} ({written(e.model_id)}) {interval(e.difference, e.low, e.high)}"
        for e in found
        if e.kind == study.widest() and e.measure == "cra" and e.difference is not None
    ]
    if parts:
        yield f"CRA less that of the title, paired within reference: {'; '.join(parts[:MOST])}."
