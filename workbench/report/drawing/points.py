"""Points on a plane: references over a covariate with a smooth curve, and models between two measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.analysis.frames import Values
from workbench.report.drawing.svg import INK, MOST_LETTERS, PAPER, drawn, legend_below, look, plain, sheet, style

KINDS = ("static", "dynamic")
PER_LINE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A smooth curve with its band; NaN where there is none."""

    x: Values
    fit: Values
    low: Values
    high: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """References of one model."""

    title: str
    x: Values
    y: Values
    kinds: Sequence[str]
    told: str = ""
    """Below the title."""
    curve: Curve | None = None
    threshold: tuple[float, float | None, float | None] | None = None
    """Where the level changes, with its interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A model under one prompt condition, with intervals of both measures."""

    model: str
    condition: str
    x: float
    x_low: float | None
    x_high: float | None
    y: float
    y_low: float | None
    y_high: float | None


def clouds(shown: Sequence[Cloud], *, x_label: str, y_label: str, logarithmic: bool) -> str:
    """One panel a model: references as points, static and dynamic ones by colour and marker.

    Args:
        shown: the panels.
        x_label: of the covariate.
        y_label: of the measure.
        logarithmic: whether the covariate is drawn as log(1 + x).

    Returns:
        SVG.
    """
    columns = min(PER_LINE, len(shown))
    lines = -(-len(shown) // PER_LINE)
    with look():
        figure, axes = sheet(0.7 + (3.0 if columns == 1 else 2.5) * lines, lines, columns, sharey=True)
        spare = axes.ravel()[len(shown) :]
        for axis in spare:
            axis.set_visible(False)
        for axis, cloud in zip(axes.ravel(), shown, strict=False):
            _cloud(axis, cloud, logarithmic, 24 if columns == PER_LINE else MOST_LETTERS)
            axis.set_xlabel(plain(x_label))
        for line in axes:
            line[0].set_ylabel(plain(y_label))
        present = [kind for kind in KINDS if any(kind in cloud.kinds for cloud in shown)]
        handles = [_dots(axes[0][0], [], [], KINDS.index(kind)) for kind in present]
        legend_below(figure, handles, present)
        return drawn(figure)


def plane(places: Sequence[Place]) -> str:
    """Recognition against realization: a marker a model, a colour a prompt condition.

    Returns:
        SVG.
    """
    models, conditions = (list(dict.fromkeys(getattr(p, name) for p in places)) for name in ("model", "condition"))
    with look():
        figure, axes = sheet(4.2)
        axis = axes[0][0]
        axis.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="recognition: CRA", ylabel="realization: VI")
        axis.grid(visible=True)
        axis.set_axisbelow(True)
        for place in places:
            _place(axis, place, models.index(place.model), conditions.index(place.condition))
        pairs = list(dict.fromkeys((p.model, p.condition) for p in places))
        handles = [_mark(axis, [], [], models.index(m), conditions.index(c)) for m, c in pairs]
        legend_below(figure, handles, [plain(f"{m}, {c}") for m, c in pairs])
        return drawn(figure)


def _cloud(axis: Any, cloud: Cloud, logarithmic: bool, letters: int) -> None:
    axis.set_title(plain(cloud.title, letters), loc="left", pad=17 if cloud.told else 6)
    axis.annotate(cloud.told, (0, 1), (0, 5), "axes fraction", textcoords="offset points", fontsize=8.5)
    axis.set_ylim(-0.04, 1.04)
    axis.grid(visible=True)
    axis.set_axisbelow(True)
    place = np.log1p if logarithmic else np.asarray
    if logarithmic:
        _count_ticks(axis, float(np.max(cloud.x, initial=0)))
    if cloud.threshold is not None:
        at, low, high = cloud.threshold
        if low is not None and high is not None:
            axis.axvspan(place(low), place(high), color=INK, alpha=0.08, linewidth=0)
        axis.axvline(place(at), color=INK, linewidth=1, linestyle="--")
    if cloud.curve is not None:
        x = place(cloud.curve.x)
        axis.fill_between(x, cloud.curve.low, cloud.curve.high, color=INK, alpha=0.12, linewidth=0)
        axis.plot(x, cloud.curve.fit, color=INK, linewidth=1.4)
    for number, kind in enumerate(KINDS):
        chosen = np.array([k == kind for k in cloud.kinds], dtype=bool)
        if chosen.any():
            spots, counts = np.unique(np.array([cloud.x[chosen], cloud.y[chosen]]), axis=1, return_counts=True)
            _dots(axis, place(spots[0]), spots[1], number, counts)


def _count_ticks(axis: Any, highest: float) -> None:
    """Ticks at round counts, as many as fit."""
    counts = [0, *(10**k for k in range(13) if 10**k <= highest)]
    steps = counts if len(counts) <= 6 else [0, *counts[1 :: -(-len(counts) // 5)]]
    steps = [0, 1, *(v for v in (3, 10, 30, 100, 300) if v <= highest)] if len(counts) <= 4 else steps
    axis.set_xticks([np.log1p(v) for v in steps], [f"{v:,}" if v < 10**5 else f"1e{len(str(v)) - 1}" for v in steps])


def _dots(axis: Any, x: Any, y: Any, number: int, counts: Any = 1) -> Any:
    """References as points; the area of a point says how many lie there."""
    from matplotlib.colors import to_rgba

    looks = style(number)
    face, edge = to_rgba(looks.colour, 0.55), looks.colour
    return axis.scatter(x, y, s=22 * np.asarray(counts), marker=looks.marker, color=[face], edgecolors=edge, zorder=2)


def _place(axis: Any, place: Place, model: int, condition: int) -> None:
    colour = style(condition).colour
    if place.x_low is not None and place.x_high is not None:
        axis.plot([place.x_low, place.x_high], [place.y, place.y], color=colour, linewidth=1.3)
    if place.y_low is not None and place.y_high is not None:
        axis.plot([place.x, place.x], [place.y_low, place.y_high], color=colour, linewidth=1.3)
    _mark(axis, [place.x], [place.y], model, condition)


def _mark(axis: Any, x: Any, y: Any, model: int, condition: int) -> Any:
    colour, looks = style(condition).colour, style(model)
    face = colour if condition == 0 else PAPER
    return axis.plot(x, y, looks.marker, color=colour, markerfacecolor=face, markersize=7, linestyle="none")[0]
