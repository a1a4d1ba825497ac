"""What the study holds, and the thresholds that its measures are taken at."""

from collections.abc import Sequence
from dataclasses import fields

import polars as pl

from workbench.analysis.nulls import null_thresholds
from workbench.records import Thresholds
from workbench.report.blocks import Block, Said, Table
from workbench.report.study import Study
from workbench.report.tables import (
    Row,
    count,
    estimate,
    figure,
    general,
    many,
    nothing,
    rows_of,
    table,
    text,
    written,
    year,
)

FALSE_RATE = 0.05
SAME = 1e-4
"""Calibrated thresholds are rounded to so much."""


def holdings(study: Study) -> Sequence[Block]:
    """References, covariates, images, and what did not come out well."""
    refs, images = study.wants(study.frame("count_references")), study.wants(study.frame("count_images"))
    if refs.is_empty():
        return [nothing("no references; wb ingest --from references.csv adds them")]
    blocks: list[Block] = [Said(text=_summary(refs, images)), _references(refs)]
    covariates = rows_of(study.frame("count_covariates"))
    blocks.append(_covariates(covariates) if covariates else nothing("no covariates"))
    blocks.append(_images(images) if images.height else nothing("no generated images; wb generate makes them"))
    failures = rows_of(study.frame("count_failures"))
    if failures:
        names = {"model_id": "Model", "settings_id": "Settings", "status": "Status", "error": "Reason"}
        columns = [text(name, title) for name, title in names.items()]
        blocks.append(table("Images that did not come out well", failures, [*columns, count("images", "Images")]))
    return blocks


def thresholds(study: Study) -> Sequence[Block]:
    """The thresholds in use, how often they are reached by chance, and the encoders."""
    encoders = {row["encoder_id"]: row for row in rows_of(study.frame("used_encoders"))}
    if not encoders:
        return [nothing("nothing is scored; wb score measures the images")]
    names = ("encoder", "patch_encoder")
    used = [encoders[e] for e in dict.fromkeys(study.parameters[name] for name in names) if e in encoders]
    columns = [
        text("encoder_id", "Encoder"),
        text("weights", "Weights"),
        text("preprocessing", "Preprocessing"),
        count("dimensions", "Dimensions"),
    ]
    return [*_thresholds(study), table("The encoders in use", used, columns)]


def _thresholds(study: Study) -> list[Block]:
    taus = {f.name: study.parameters[f.name] for f in fields(Thresholds) if f.name.startswith("tau_")}
    pairs = study.frame("null_pairs").filter(
        pl.col("encoder_id")
        == pl.when(pl.col("threshold") == "tau_reuse")
        .then(pl.lit(study.parameters["patch_encoder"], dtype=pl.String))
        .otherwise(pl.lit(study.parameters["encoder"], dtype=pl.String))
    )
    found = {n.threshold: n for n in null_thresholds(pairs, taus, FALSE_RATE, study.bootstrap)}
    rows: list[Row] = []
    for name, value in taus.items():
        row: Row = dict.fromkeys(("rate", "calibrated", "low", "high", "held_out", "pairs", "refs"))
        row |= {"threshold": name, "value": value, "origin": _origin(name, value, None), "reason": "not calibrated"}
        if null := found.get(name):
            row |= {"rate": null.study_rate, "calibrated": null.value, "low": null.low, "high": null.high}
            row |= {"held_out": null.held_out_rate, "pairs": null.n_pairs, "refs": null.n_refs, "reason": null.reason}
            row["origin"] = _origin(name, value, null.value)
        rows.append(row)
    columns = [
        text("threshold", "Threshold"),
        figure("value", "In use", 4),
        text("origin", "From"),
        figure("rate", "Reached by chance", 3, "Share of the comparisons with other references that reach it."),
        *estimate("calibrated", f"At {FALSE_RATE:.0%}", "low", "high", "The value that 5 % of them reach."),
        figure("held_out", "Held-out rate", 3, "What 5 % come to over references that the value was found without."),
        count("refs", "References"),
        count("pairs", "Comparisons"),
    ]
    note = "" if found else "wb calibrate compares the images with references that they were not asked for."
    caption = "Thresholds of s (tau_static, tau_dynamic) and of a reused patch (tau_reuse)"
    return [table(caption, rows, columns, note=note)]


def _origin(name: str, value: float, calibrated: float | None) -> str:
    if calibrated is not None and abs(value - calibrated) <= SAME:
        return f"calibrated, {FALSE_RATE:.0%} by chance"
    return "the study (arXiv:2511.11435)" if value == getattr(Thresholds(), name) else "chosen"


def _summary(refs: pl.DataFrame, images: pl.DataFrame) -> str:
    by_kind = ", ".join(f"{row['refs']:,} {row['kind']}" for row in rows_of(refs))
    models, conditions = images["model_id"].n_unique(), images["perturbation"].unique().sort().to_list()
    made, scored = int(images["images"].sum()), int(images["scored"].sum())
    prompts = f" under {many(len(conditions), 'prompt condition')} ({', '.join(map(written, conditions))})"
    asked = f"{many(made, 'image')} by {many(models, 'model')}{prompts if conditions else ''}"
    return f"{many(int(refs['refs'].sum()), 'reference')} ({by_kind}); {asked}, {scored:,} of them scored."


def _references(refs: pl.DataFrame) -> Table:
    columns = [
        text("kind", "Kind"),
        count("refs", "References"),
        count("with_image", "With an image"),
        count("files", "Reference images"),
        count("duplicates", "Near-duplicates", "Left out of every comparison."),
        count("dated", "Dated"),
        year("earliest", "Earliest"),
        year("latest", "Latest"),
    ]
    return table("References", rows_of(refs), columns)


def _covariates(rows: list[Row]) -> Table:
    columns = [
        text("covariate", "Covariate"),
        text("method", "Method"),
        text("unit", "Unit"),
        count("static", "Static", "References of this kind that have a value."),
        count("dynamic", "Dynamic", "References of this kind that have a value."),
        count("zeros", "Zeros"),
        general("lowest", "Lowest"),
        general("median", "Median"),
        general("highest", "Highest"),
        text("as_of", "As of"),
    ]
    return table("Covariates", rows, columns)


def _images(images: pl.DataFrame) -> Table:
    columns = [
        text("model_id", "Model"),
        text("settings_id", "Settings"),
        text("perturbation", "Prompt"),
        text("kind", "Kind"),
        count("refs", "References"),
        count("images", "Images"),
        count("blocked", "Blocked"),
        count("black", "Black"),
        count("failed", "Failed"),
        count("unscored", "Unscored"),
        count("scored", "Scored"),
    ]
    return table("Generated images", rows_of(images), columns)
