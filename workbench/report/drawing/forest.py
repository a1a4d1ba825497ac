"""Estimates with their intervals, row under row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.report.drawing.svg import GRID, INK, drawn, legend_below, look, plain, sheet, style

ROW, DODGE, MARGIN = 0.2, 0.15, 1.15
"""Inches: a row, what each further series adds to it, and all around the rows."""
MOST_ROWS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One estimate."""

    panel: str
    row: str
    series: str
    value: float
    low: float | None
    high: float | None


def forest(marks: Sequence[Mark], *, label: str, limits: tuple[float, float], zero: float | None = None) -> str:
    """Draw a panel for each quantity; rows are shared, series are told apart by colour and marker.

    Args:
        marks: in the order in which panels, rows and series shall stand.
        label: of the horizontal axes.
        limits: of the horizontal axes.
        zero: where no effect is; None: nowhere.

    Returns:
        SVG.
    """
    panels, rows, series = (list(dict.fromkeys(getattr(m, name) for m in marks)) for name in ("panel", "row", "series"))
    rows = rows[:MOST_ROWS]
    height = MARGIN + len(rows) * (ROW + DODGE * (len(series) - 1)) + (0.25 * (-(-len(series) // 4)))
    with look():
        figure, axes = sheet(height, 1, len(panels), sharey=True)
        for axis, panel in zip(axes[0], panels, strict=True):
            _ground(axis, panel, label, rows, limits, zero)
            for mark in (m for m in marks if m.panel == panel and m.row in rows):
                _draw(axis, mark, rows, series)
        axes[0][0].set_yticks(range(len(rows)), [plain(row) for row in rows])
        axes[0][0].set_ylim(len(rows) - 0.5, -0.5)
        if len(series) > 1:
            legend_below(figure, [_handle(axes[0][0], n) for n in range(len(series))], [plain(s) for s in series])
        return drawn(figure)


def _ground(axis: Any, panel: str, label: str, rows: Sequence[str], limits: tuple[float, float], zero: Any) -> None:
    axis.set_title(plain(panel), loc="left")
    axis.set_xlabel(label)
    axis.set_xlim(*limits)
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x")
    axis.set_axisbelow(True)
    axis.spines["left"].set_visible(False)
    for between in range(1, len(rows)):
        axis.axhline(between - 0.5, color=GRID, linewidth=0.5)
    if zero is not None:
        axis.axvline(zero, color=INK, linewidth=0.8)


def _draw(axis: Any, mark: Mark, rows: Sequence[str], series: Sequence[str]) -> None:
    number = series.index(mark.series)
    looks, step = style(number), 0.72 / len(series)
    y = rows.index(mark.row) + (number - (len(series) - 1) / 2) * step
    if mark.low is not None and mark.high is not None:
        axis.plot([mark.low, mark.high], [y, y], color=looks.colour, linewidth=1.5, solid_capstyle="butt")
    axis.plot([mark.value], [y], looks.marker, color=looks.colour, markerfacecolor=looks.face, markersize=4.8)


def _handle(axis: Any, number: int) -> Any:
    looks = style(number)
    return axis.plot([], [], looks.marker, color=looks.colour, markerfacecolor=looks.face, linestyle="-")[0]
