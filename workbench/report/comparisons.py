"""Prompts and models beside one another, paired within reference."""

from collections import Counter
from collections.abc import Sequence

from workbench.analysis.models import ModelPlace, model_differences, model_places
from workbench.analysis.perturbations import (
    TITLE,
    PerturbationEffect,
    Survival,
    perturbation_effects,
    retentions,
    survival,
)
from workbench.report.blocks import Block, Figure, Said
from workbench.report.drawing.forest import Mark, forest
from workbench.report.drawing.points import Place, plane
from workbench.report.drawing.steps import Step, steps
from workbench.report.study import Study
from workbench.report.tables import (
    MEASURES,
    Row,
    chance,
    count,
    estimate,
    figure,
    many,
    measure,
    nothing,
    share_of,
    table,
    text,
)

PAIRED = [
    *estimate("difference", "Difference", "low", "high", "Mean over references, 95 % BCa bootstrap interval."),
    figure("effect", "Effect", meaning="Rank-biserial correlation, −1 to 1."),
    chance("p", "p", "Wilcoxon's signed-rank test."),
    chance("p_adjusted", "p adjusted", "By Benjamini and Hochberg, within the family."),
    count("family", "Family"),
    count("n", "n", "References with both."),
    count("n_missing", "Missing"),
]


def perturbed(study: Study) -> Sequence[Block]:
    """Every perturbation against the title, what is kept, and survival by substituted words."""
    effects = study.analysed(perturbation_effects, study.frame("ref_scores"))
    if not effects:
        return [nothing("it takes scored images of titles and of another prompt of the same references")]
    columns = [
        text("model_id", "Model"),
        text("perturbation", "Prompt"),
        text("kind", "Kind"),
        measure(),
        figure("title", "Title"),
        figure("perturbed", "Perturbed"),
        *PAIRED,
    ]
    blocks: list[Block] = [*_effect_figure(study, effects)]
    blocks.append(table("Perturbed less title, paired within reference", study.rows(effects), columns))
    return [*blocks, *_kept(study), *_survival(study)]


def compared(study: Study) -> Sequence[Block]:
    """The plane of recognition and realization, and every two models."""
    frame = study.frame("ref_scores")
    places = [p for p in study.analysed(model_places, frame) if p.cra is not None and p.kind == study.widest()]
    if not places:
        return [nothing("no image is scored")]
    blocks = _plane(study, study.ordered(places))
    differences = study.analysed(model_differences, frame)
    if not differences:
        return [*blocks, Said(text="Not estimable: there is one model, and nothing to compare it with.", missing=True)]
    columns = [
        text("perturbation", "Prompt"),
        text("kind", "Kind"),
        measure(),
        text("model_a", "a"),
        text("model_b", "b"),
        figure("mean_a", "Mean a"),
        figure("mean_b", "Mean b"),
        *PAIRED,
    ]
    return [*blocks, table("b less a, over the references that both have", study.rows(differences), columns)]


def _plane(study: Study, places: Sequence[ModelPlace]) -> list[Block]:
    shown = [
        Place(
            model=p.model_id,
            condition=p.perturbation,
            x=p.cra,
            x_low=p.cra_low,
            x_high=p.cra_high,
            y=p.vi,
            y_low=p.vi_low,
            y_high=p.vi_high,
        )
        for p in places
        if p.cra is not None and p.vi is not None
    ]
    told = "To the right: more images are recognised. Upwards: what is recognised shares fewer patches with it."
    caption = f"{told} 95 % intervals over {study.widest()} references."
    return [Figure(name="plane", svg=plane(shown), caption=caption)] if shown else []


def _effect_figure(study: Study, effects: Sequence[PerturbationEffect]) -> list[Block]:
    kind = study.widest()
    marks = [
        Mark(
            panel=MEASURES[e.measure],
            row=e.perturbation,
            series=e.model_id,
            value=e.difference,
            low=e.low,
            high=e.high,
        )
        for e in effects
        if e.kind == kind and e.difference is not None
    ]
    if not marks:
        return []
    reach = max(abs(v) for m in marks for v in (m.value, m.low, m.high) if v is not None)
    limits = (-1.05 * max(reach, 0.1), 1.05 * max(reach, 0.1))
    svg = forest(marks, label="difference to the title", limits=limits, zero=0.0)
    caption = f"Each prompt condition less the title, with 95 % intervals over {kind} references."
    return [Figure(name="perturbations", svg=svg, caption=caption)]


def _kept(study: Study) -> list[Block]:
    """How many references surely keep half of their CRA, per model and prompt condition."""
    found = study.distinct(retentions(study.frame("ref_scores"), study.kinds))
    counts = Counter((r.model_id, r.perturbation, r.kind, r.verdict) for r in found)
    groups = list(dict.fromkeys((r.model_id, r.perturbation, r.kind) for r in found))
    rows: list[Row] = [
        {"model_id": model, "perturbation": perturbation, "kind": kind}
        | {verdict: counts[model, perturbation, kind, verdict] for verdict in ("kept", "lost", "undecided", "never")}
        for model, perturbation, kind in groups
    ]
    columns = [
        text("model_id", "Model"),
        text("perturbation", "Prompt"),
        text("kind", "Kind"),
        count("kept", "Kept", "Surely more than half of the title's CRA is left."),
        count("lost", "Lost", "Surely less than half."),
        count("undecided", "Undecided", "Too few images to say."),
        count("never", "Never", "The title evokes nothing either."),
    ]
    note = "Which ones: wb analyze perturbations --show references."
    return [table("References that keep their iconic structure", rows, columns, note=note)]


def _survival(study: Study) -> list[Block]:
    found = study.analysed(survival, study.frame("substitutions"))
    if all(s.n_substituted == 0 for s in found):
        return [nothing("no synonym prompt says which words it substitutes")]
    columns = [
        text("model_id", "Model"),
        text("kind", "Kind"),
        count("n_substituted", "Words substituted"),
        share_of("n_surviving", "n", "Survive", "References with at least half of their title's CRA."),
        *estimate("survival", "Share", "low", "high", "Wilson's 95 % interval."),
        *estimate("retained", "CRA retained", meaning="CRA over the title's, mean over references."),
    ]
    rows = table("Survival by the number of substituted words", study.rows(found), columns)
    return [*_survival_figure(study, found), rows]


def _survival_figure(study: Study, found: Sequence[Survival]) -> list[Block]:
    kind = study.widest()
    known = [
        Step(series=s.model_id, x=s.n_substituted, y=s.survival, low=s.low, high=s.high, n=s.n)
        for s in found
        if s.kind == kind and s.survival is not None
    ]
    svg = steps(known, x_label="words substituted", y_label="references that survive")
    caption = f"Share of references with at least half of the CRA of their {TITLE}, Wilson's 95 % interval."
    return [
        Figure(name="survival", svg=svg, caption=f"{caption} {many(max(k.n for k in known), 'reference')} at most.")
    ]
