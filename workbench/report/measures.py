"""CRA, VR, VI and CRT: means by model and prompt, and each reference."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict

import polars as pl

from workbench.analysis.cells import cells
from workbench.analysis.models import ModelPlace, model_places
from workbench.report.blocks import Block, Figure
from workbench.report.drawing.forest import Mark, forest
from workbench.report.study import Study
from workbench.report.tables import (
    Column,
    Row,
    count,
    decimal,
    estimate,
    figure,
    nothing,
    share_of,
    table,
    text,
    written,
)

UNSCORED = "no image is scored; wb generate and wb score make and measure them"
KEYS = ["settings_id", "perturbation", "kind"]


def by_model(study: Study) -> Sequence[Block]:
    """Means over references per model, prompt condition and kind, with intervals."""
    places = study.analysed(model_places, study.frame("ref_scores"))
    places = study.ordered([p for p in places if p.cra is not None])
    if not places:
        return [nothing(UNSCORED)]
    extra = {tuple(row[k] for k in KEYS): row for row in _totals(study).to_dicts()}
    rows = [row | extra.get(tuple(row[k] for k in KEYS), {}) for row in study.rows(places)]
    caption = "Means over references, with 95 % bootstrap intervals over references; CRT beside its parts"
    return [_drawing(study, places), table(caption, rows, _columns())]


def by_reference(study: Study) -> Sequence[Block]:
    """The cells of the prompt condition that figures show, the most recognised references first."""
    chosen = study.frame("image_measures").filter(pl.col("perturbation") == study.condition())
    found = [c for c in study.distinct(cells(study.wants(chosen), bootstrap=study.bootstrap)) if c.n]
    if not found:
        return [nothing(UNSCORED)]
    best: dict[str, float] = defaultdict(float)
    for cell in found:
        best[cell.qid] += cell.cra or 0
    found.sort(key=lambda c: (-best[c.qid], c.label, c.qid, c.model_id, c.settings_id))
    rows = [asdict(c) | {"reason": ""} for c in found]
    columns = [
        text("label", "Reference"),
        text("kind", "Kind"),
        text("model_id", "Model"),
        share_of("n_recognised", "n", "Recognised"),
        *estimate("cra", "CRA", meaning="Wilson's 95 % interval."),
        *estimate("vr", "VR", meaning="Over the recognised images; BCa bootstrap over them, from six on."),
        *estimate("vi", "VI"),
        *estimate("crt", "CRT"),
        count("n_unscored", "Unscored"),
    ]
    note = "Intervals need six images; without recognised ones there is neither VR nor VI."
    return [table(f"Every reference, prompt condition “{written(study.condition())}”", rows, columns, note=note)]


def _totals(study: Study) -> pl.DataFrame:
    """Counts of images, and the measures over all scored images, per kind and for both together."""
    counts, scores = study.frame("count_images"), study.frame("ref_scores").filter(pl.col("n") > 0)
    parts = []
    for kind in study.kinds:
        both = [pl.lit(kind).alias("kind")] if kind == "all" else []
        n, means = counts.with_columns(both), scores.with_columns(both)
        summed = n.filter(pl.col("kind") == kind).group_by(KEYS).agg(pl.col("scored", "recognised").sum())
        named = [pl.col("vi_all", "crt_all").mean()]
        parts.append(summed.join(means.group_by(KEYS).agg(named), on=KEYS, how="left"))
    return pl.concat(parts)


def _columns() -> list[Column]:
    return [
        text("model_id", "Model"),
        text("perturbation", "Prompt"),
        text("kind", "Kind"),
        count("n", "Refs", "References."),
        share_of("recognised", "scored", "Recognised", "Images."),
        *estimate("cra", "CRA"),
        Column(title="VR", meaning="1 − VI.", cell=lambda row: decimal(None if row["vi"] is None else 1 - row["vi"])),
        *estimate("vi", "VI", meaning="Over the references that are recognised at all."),
        count("n_realised", "of refs", "References with a recognised image: those that VI averages over."),
        *estimate("crt", "CRT"),
        figure("vi_all", "VI all", meaning="Over all scored images, recognised or not."),
        figure("crt_all", "CRT all", meaning="CRA times VI over all scored images."),
    ]


def _drawing(study: Study, places: Sequence[ModelPlace]) -> Figure:
    kind = study.widest()
    marks = []
    for panel in ("cra", "vi", "crt"):
        for p in (p for p in places if p.kind == kind):
            row: Row = asdict(p)
            if row[panel] is not None:
                ends = row[f"{panel}_low"], row[f"{panel}_high"]
                marks.append(
                    Mark(
                        panel=panel.upper(),
                        row=p.model_id,
                        series=p.perturbation,
                        value=row[panel],
                        low=ends[0],
                        high=ends[1],
                    )
                )
    caption = f"Mean CRA, VI and CRT over references, with 95 % intervals; {kind} references."
    return Figure(name="measures", svg=forest(marks, label="", limits=(-0.03, 1.03)), caption=caption)
