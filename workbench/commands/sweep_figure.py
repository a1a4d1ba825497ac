"""The figure of ``wb sweep``: each measure over τ and, where there are several, over τ_reuse."""

from pathlib import Path
from typing import Any

import polars as pl

from workbench.errors import MetricError
from workbench.figures import COLOURS, new_figure, save_figure
from workbench.records import Thresholds

LINES = {"static": "-", "dynamic": "--", "all": ":"}
MEASURES = (("CRA", "cra"), ("VR of recognised images", "vr"), ("CRT", "crt"))


def draw(found: pl.DataFrame, target: Path) -> None:
    """Write the figure.

    Args:
        found: rows of query ``sweep``.
        target: the file.

    Raises:
        MetricError: If there are no rows.
        ConfigError: If matplotlib is not installed, or the file cannot be written.
    """
    if found.is_empty():
        raise MetricError("there is nothing to draw", "wb status says what is missing")
    fixed = _nearest(found, "tau_reuse", Thresholds().tau_reuse), _nearest(found, "tau", Thresholds().tau_static)
    rows = [("tau", found.filter(pl.col("tau_reuse") == fixed[0]), f"τ (τ_reuse = {fixed[0]:g})")]
    if found["tau_reuse"].n_unique() > 1:
        rows.append(("tau_reuse", found.filter(pl.col("tau") == fixed[1]), f"τ_reuse (τ = {fixed[1]:g})"))
    figure = new_figure(11, 3.2 * len(rows) + 0.8)
    axes = figure.subplots(len(rows), len(MEASURES), squeeze=False)
    for line, (over, part, label) in zip(axes, rows, strict=True):
        for axis, (title, measure) in zip(line, MEASURES, strict=True):
            _curves(axis, part, over, measure)
            axis.set_title(title, fontsize=10)
            axis.set_xlabel(label, fontsize=9)
            axis.set_ylim(-0.02, 1.02)
            axis.spines[["top", "right"]].set_visible(False)
    handles, names = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    save_figure(figure, target)


def _curves(axis: Any, part: pl.DataFrame, over: str, measure: str) -> None:
    """One line per model, settings and perturbation (by colour) and kind (by dash)."""
    by = ["model_id", "settings_id", "perturbation"]
    several = part.select(by).unique().select("model_id", "perturbation").is_duplicated().any()
    for number, ((model, settings, perturbation), lines) in enumerate(
        part.partition_by(by, as_dict=True, maintain_order=True).items()
    ):
        name = f"{model} {perturbation}" + (f" {settings}" if several else "")
        for (kind,), curve in lines.partition_by("kind", as_dict=True, maintain_order=True).items():
            colour, dash = COLOURS[number % len(COLOURS)], LINES[str(kind)]
            axis.plot(curve[over], curve[measure], dash, color=colour, label=f"{name}, {kind}", linewidth=1.4)


def _nearest(found: pl.DataFrame, column: str, wanted: float) -> float:
    return float(found.sort((pl.col(column) - wanted).abs())[column][0])
