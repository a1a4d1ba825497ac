"""What the measures go with: correlations, what overlapping covariates do to them, and the answer to frequency."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from workbench.analysis import confounding
from workbench.analysis import frequency as response
from workbench.analysis.blocks import POOLED, Block, Fact, System, blocks, one_method_each
from workbench.analysis.correlation import Correlation, correlations
from workbench.analysis.scales import looks_skewed
from workbench.report.blocks import Block as Shown
from workbench.report.blocks import Figure, Said
from workbench.report.drawing.forest import Mark, forest
from workbench.report.drawing.points import Cloud, Curve, clouds
from workbench.report.study import Study
from workbench.report.tables import (
    MEASURES,
    Column,
    bounds,
    chance,
    count,
    equals,
    estimate,
    figure,
    interval,
    measure,
    nothing,
    table,
    text,
    written,
)

FREQUENCY = response.FREQUENCY
LACKING = "it takes scored images and covariates"
WHERE = [text("model_id", "Model"), text("kind", "Kind")]
WHAT = [text("covariate", "Covariate"), text("method", "Method"), measure()]


def correlated(study: Study) -> Sequence[Shown]:
    """Forest, scatter of the main pair, and the table."""
    found = list(study.analysed(correlations, study.titled("correlation_input")))
    if not found:
        return [nothing(LACKING)]
    columns = [
        *WHAT,
        *WHERE,
        *estimate("rho", "ρ", "low", "high", "Spearman's, with a 95 % BCa bootstrap interval over references."),
        figure("tau_b", "τ-b", meaning="Kendall's."),
        chance("p", "p", "Two-sided; exact up to nine references."),
        chance("p_adjusted", "p adjusted", "By Benjamini and Hochberg, within the family."),
        count("family", "Family", "Tests adjusted together."),
        count("n", "n", "References with both values."),
        count("n_missing", "Missing", "References that lack one of the two."),
    ]
    found.sort(key=lambda c: (c.kind != study.widest(), c.kind, c.model_id != POOLED))
    caption = f"Rank correlations over references, prompt condition “{written(study.condition())}”"
    return [*_correlation_figures(study, found), table(caption, study.rows(found), columns)]


def partial(study: Study) -> Sequence[Shown]:
    """Partial correlations."""
    found = study.analysed(confounding.partial_correlations, study.titled("correlation_input"))
    if not found:
        return [nothing(LACKING)]
    columns = [
        *WHAT,
        *WHERE,
        figure("rho", "ρ", meaning="Without holding them, over the same references."),
        *estimate("partial_rho", "partial ρ", "low", "high"),
        chance("p", "p"),
        chance("p_adjusted", "p adjusted"),
        count("n", "n"),
        count("n_missing", "Missing"),
    ]
    held = "all other covariates held, each by the method that most references have"
    caption = f"Partial rank correlations, prompt condition “{written(study.condition())}”; {held}"
    return [table(caption, study.rows(found), columns)]


def collinear(study: Study) -> Sequence[Shown]:
    """Covariates with one another."""
    found = study.analysed(confounding.collinearity, study.frame("correlation_input"))
    if not found:
        return [nothing("fewer than two covariates of references with images: nothing can overlap")]
    columns = [
        text("kind", "Kind"),
        text("covariate", "Covariate"),
        text("method", "Method"),
        text("other", "Other"),
        text("other_method", "Its method"),
        *estimate("rho", "ρ", "low", "high"),
        chance("p", "p"),
        count("n", "n"),
        figure("vif", "VIF", meaning="Variance inflation of the covariate by all others together."),
        text("scale", "Scale"),
    ]
    return [table("Rank correlations of the covariates, and variance inflation", study.rows(found), columns)]


def stable(study: Study) -> Sequence[Shown]:
    """Pooled correlations with each model left out."""
    found = study.analysed(confounding.stability, study.titled("correlation_input"))
    if not any(s.rho is not None for s in found):
        return [
            Said(text="Not estimable: it takes at least two models with scored images and covariates.", missing=True)
        ]
    columns = [
        text("kind", "Kind"),
        *WHAT,
        Column(title="Left out", numeric=False, cell=lambda row: row["left_out"] or "none"),
        *estimate("rho", "ρ", "low", "high"),
        *estimate("change", "Change", "change_low", "change_high", "Against no model left out."),
        chance("p", "p"),
        count("n", "n"),
    ]
    caption = f"Pooled ρ with each model left out, prompt condition “{written(study.condition())}”"
    return [table(caption, study.rows(found), columns)]


def frequency(study: Study) -> Sequence[Shown]:
    """Curves and change points of CRA over training frequency."""
    frame = study.titled("correlation_input")
    found = study.analysed(response.change_points, frame)
    if not found:
        return [nothing("no reference with a scored image has the covariate training_frequency")]
    columns = [
        *WHERE,
        text("method", "Method"),
        figure("threshold", "Changes at", 1, "With the interval of change points that the likelihood does not refuse."),
        Column(title="95 %", cell=lambda row: bounds(row["low"], row["high"], 1), optional=True),
        figure("below", "Below", meaning="Mean CRA under it."),
        figure("above", "Above"),
        count("n_below", "n below"),
        count("n_above", "n above"),
        figure("explained", "Explained", meaning="Share of the variance between references."),
        chance("p", "p", "From permutations of the references."),
        count("n_missing", "Missing"),
    ]
    caption = f"The frequency at which CRA changes its level, prompt condition “{written(study.condition())}”"
    return [*_curves(study, frame, found), table(caption, study.rows(found), columns)]


def _correlation_figures(study: Study, found: Sequence[Correlation]) -> list[Shown]:
    shown: list[Shown] = []
    known = [c for c in found if c.rho is not None and c.kind == study.widest()]
    if known:
        several = len({(c.covariate, c.method) for c in known}) > len({c.covariate for c in known})
        marks = [
            Mark(
                panel=MEASURES[c.measure],
                row=f"{c.covariate} ({c.method})" if several else c.covariate.replace("_", " "),
                series=c.model_id,
                value=c.rho or 0.0,
                low=c.low,
                high=c.high,
            )
            for c in known
        ]
        svg = forest(marks, label="Spearman's ρ", limits=(-1.05, 1.05), zero=0.0)
        caption = f"Spearman's ρ with 95 % intervals over references; {study.widest()} references."
        shown.append(Figure(name="correlations", svg=svg, caption=caption))
    if (scatter := _scatter(study, known)) is not None:
        shown.append(scatter)
    return shown


def _scatter(study: Study, known: Sequence[Correlation]) -> Figure | None:
    """CRA over the main covariate, a panel a model, with ρ in the title."""
    block = next((b for b in blocks(study.titled("correlation_input"), [study.widest()])), None)
    if block is None or not block.facts:
        return None
    fact = _main(block)
    kinds = dict(study.titled("correlation_input").select("qid", "kind").unique().iter_rows())
    told = {c.model_id: c for c in known if (c.covariate, c.method, c.measure) == (*fact, "cra")}
    panels = []
    for system in sorted(block.systems):
        name = study.named(*system)
        panels.append(_cloud(block, fact, system, kinds, name, told.get(name)))
    name = fact.covariate.replace("_", " ")
    skewed = looks_skewed(block.facts[fact])
    svg = clouds(panels, x_label=f"{name} ({fact.method})", y_label="CRA", logarithmic=skewed)
    scale = ", drawn as log(1 + x)" if skewed else ""
    caption = f"CRA of each reference over its {name}{scale}; the larger a point, the more references lie there."
    return Figure(name="scatter", svg=svg, caption=caption)


def _main(block: Block) -> Fact:
    """Training frequency where there is one, else the covariate that most references have."""
    named = one_method_each(block.facts)
    if FREQUENCY in named:
        return named[FREQUENCY]
    return max(named.values(), key=lambda fact: (int(np.isfinite(block.facts[fact]).sum()), fact))


def _cloud(
    block: Block, fact: Fact, system: System, kinds: dict[str, str], name: str, told: Correlation | None = None
) -> Cloud:
    x, y = block.facts[fact], block.systems[system]["cra"]
    both = np.isfinite(x) & np.isfinite(y)
    rho = "" if told is None or told.rho is None else f"ρ = {interval(told.rho, told.low, told.high)}"
    chosen = [kinds[qid] for qid, has in zip(block.qids, both, strict=True) if has]
    return Cloud(title=name, x=x[both], y=y[both], kinds=chosen, told=rho)


def _curves(study: Study, frame: pl.DataFrame, found: Sequence[response.ChangePoint]) -> list[Shown]:
    kind = study.widest()
    points = response.smooth_curves(frame, [kind], bootstrap=study.bootstrap)
    block = next(iter(blocks(frame, [kind])))
    fact = one_method_each(block.facts)[FREQUENCY]
    kinds = dict(frame.select("qid", "kind").unique().iter_rows())
    panels = []
    for system in sorted(block.systems):
        own = [c for c in found if (c.settings_id, c.method, c.kind) == (system.settings_id, fact.method, kind)]
        told = own[0] if own else None
        cloud = _cloud(block, fact, system, kinds, study.named(*system))
        line = [p for p in points if (p.model_id, p.settings_id) == system and p.method == fact.method]
        at = (told.threshold, told.low, told.high) if told is not None and told.threshold is not None else None
        test = "" if told is None or at is None else f"changes at {at[0]:,.3g}, p {equals(told.p)}"
        panels.append(replace(cloud, told=test, curve=_curve(line), threshold=at))
    label = f"training frequency ({fact.method})"
    svg = clouds(panels, x_label=label, y_label="CRA", logarithmic=True)
    caption = (
        "CRA over training frequency on the scale log(1 + x): references, local linear regression with a pointwise "
        "95 % band, and (dashed, interval shaded) where the level changes."
    )
    return [Figure(name="frequency", svg=svg, caption=caption)]


def _curve(points: Sequence[response.SmoothPoint]) -> Curve | None:
    if not points:
        return None
    nan = float("nan")
    ends = ([nan if v is None else v for v in (getattr(p, name) for p in points)] for name in ("low", "high"))
    low, high = (np.array(values, dtype=np.float64) for values in ends)
    return Curve(x=np.array([p.frequency for p in points]), fit=np.array([p.fit for p in points]), low=low, high=high)
