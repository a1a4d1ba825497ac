"""The CSV files of the study's released scripts: their names, columns, rows and order.

Source: ``compute_CRA.py`` and ``compute_VR.py`` of arXiv:2511.11435. The first writes a row only for images that pass.
"""

import json
from collections.abc import Sequence

import polars as pl

from workbench.errors import ConfigError
from workbench.exports.asked import Export
from workbench.options import say, write_frame, write_whole
from workbench.wording import counted

WHICH = ["mode", "model", "slug", "ref_image_path", "gen_image_path"]
COLUMNS = {
    "cra": [*WHICH, "cra_sim", "cra_pass"],
    "vr": [*WHICH, "grid_rows", "grid_cols", "n_ref_patches", "n_gen_patches", "vr_max", "vr_mean", "vr_p90"],
}
OF_DYNAMIC = ["ref_images_kept", "n_ref_before", "n_ref_kept", "n_ref_dups_removed"]
NOTES = {
    "cra": "Rows are appended only for images with CRA >= ic_tau.",
    "vr": "VR scores are patch-level similarities; higher values indicate stronger local visual reuse.",
}


def released(asked: Export) -> None:
    """Write ``CONDITION/results_cra_static.csv`` and its kin, each with its ``.meta.json``.

    Raises:
        ConfigError: If nothing is scored, a file is there already or cannot be written, or copies are asked for.
    """
    if asked.references:
        raise ConfigError("these files name pictures and copy none", "leave --with-references out")
    folder = str(asked.store.images.folder)
    rows = asked.wanted(asked.store.frame("released_rows", folder=folder, **asked.parameters), "mode")
    if rows.is_empty():
        raise ConfigError("no image is scored, so there is nothing to export", "wb score measures images")
    parts = [
        (measure, str(condition), str(mode), part)
        for (condition, mode), part in rows.partition_by("perturbation", "mode", as_dict=True).items()
        for measure in COLUMNS
    ]
    places = _folders([condition for _, condition, _, _ in parts])
    for measure, condition, mode, _ in parts:
        asked.target(places[condition], f"results_{measure}_{mode}.csv")
    for measure, condition, mode, part in parts:
        _write(asked, measure, mode, part, places[condition])


def _write(asked: Export, measure: str, mode: str, part: pl.DataFrame, place: str) -> None:
    chosen = part.filter(pl.col("cra_pass") if measure == "cra" else pl.col("vr_mean").is_not_null())
    columns = COLUMNS[measure] + (OF_DYNAMIC if mode == "dynamic" else [])
    shown = chosen.select(columns).with_columns(
        pl.col(pl.Boolean).replace_strict({True: "True"}, return_dtype=pl.String)
    )
    target = asked.target(place, f"results_{measure}_{mode}.csv")
    write_frame(shown, "csv", target)
    write_whole(target.with_suffix(".meta.json"), json.dumps(_meta(asked, measure, mode), indent=2).encode())
    say(f"{target}: {counted(shown.height, 'row')}")


def _meta(asked: Export, measure: str, mode: str) -> dict[str, object]:
    told: dict[str, object] = {"mode": mode, "note": NOTES[measure]}
    if measure == "cra":
        tau = asked.parameters[f"tau_{mode}"]
        return told | {"cra_model": {"primary": asked.parameters["encoder"]}, "thresholds": {"ic_tau": tau}}
    return told | {"dino_backbone": asked.parameters["patch_encoder"], "grid_rows": 4, "grid_cols": 4}


def _folders(conditions: Sequence[str]) -> dict[str, str]:
    """Each condition as the name of a folder of its own."""
    found: dict[str, str] = {}
    for condition in dict.fromkeys(conditions):
        plain = "".join(c if c.isalnum() or c in "-_. " else "_" for c in condition).strip(". ") or "_"
        while plain.lower() in (name.lower() for name in found.values()):
            plain += "_"
        found[condition] = plain
    return found
