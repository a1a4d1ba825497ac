"""Shares over a count, with intervals: one line a series."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.report.drawing.svg import drawn, legend_below, look, plain, sheet, style


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A share at one count."""

    series: str
    x: int
    y: float
    low: float | None
    high: float | None
    n: int


def steps(points: Sequence[Step], *, x_label: str, y_label: str) -> str:
    """Draw them as SVG; series stand a little beside one another."""
    names = list(dict.fromkeys(p.series for p in points))
    with look():
        figure, axes = sheet(3.1)
        axis = axes[0][0]
        axis.set(ylim=(-0.03, 1.05), xlabel=x_label, ylabel=y_label)
        axis.grid(axis="y")
        axis.set_axisbelow(True)
        axis.set_xticks(sorted({p.x for p in points}))
        handles = []
        for number, name in enumerate(names):
            looks, aside = style(number), 0.06 * (number - (len(names) - 1) / 2)
            own = [p for p in points if p.series == name]
            for p in own:
                if p.low is not None and p.high is not None:
                    axis.plot([p.x + aside] * 2, [p.low, p.high], color=looks.colour, linewidth=1.3)
                if len(names) == 1:
                    axis.annotate(f"n = {p.n}", (p.x, p.y), (7, 0), textcoords="offset points", va="center", fontsize=8)
            x, y = [p.x + aside for p in own], [p.y for p in own]
            line = axis.plot(x, y, f":{looks.marker}", color=looks.colour, markerfacecolor=looks.face, linewidth=0.8)
            handles.append(line[0])
        if len(names) > 1:
            legend_below(figure, handles, [plain(name) for name in names])
        return drawn(figure)
