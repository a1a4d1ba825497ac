"""What all figures share: colours and markers, text that is no markup, and SVG that is the same each time."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.figures import COLOURS, new_figure
from workbench.options import printable

INK, GRID, PAPER = "#1b1b1b", "#d9d9d9", "#ffffff"
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""As many as colours, so that none is told by its colour alone."""
MOST_LETTERS = 44
"""Of a name in a figure."""
WIDTH = 7.4
"""Inches: a page's text."""
LOOK: dict[Any, Any] = {
    "text.parse_math": False,
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How one series looks: colour and marker, and a hollow one from the eighth on."""

    colour: str
    marker: str
    hollow: bool

    @property
    def face(self) -> str:
        """Colour of the inside of a marker."""
        return PAPER if self.hollow else self.colour


def style(number: int) -> Style:
    """The look of the series of this number, from 0."""
    rest = number % len(COLOURS)
    return Style(colour=COLOURS[rest], marker=MARKERS[rest], hollow=number // len(COLOURS) % 2 == 1)


def plain(text: str, most: int = MOST_LETTERS) -> str:
    """A name on one line, of bearable length, and by no underscore in front hidden from a legend."""
    shown = " ".join(printable(text).split())
    shown = shown if len(shown) <= most else f"{shown[: most - 1]}…"
    return f" {shown}" if shown.startswith("_") else shown


def sheet(height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Any, Any]:
    """An empty figure of the page's width and its axes, [rows, columns]; call it within ``look``."""
    figure = new_figure(WIDTH, height)
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def look() -> Any:
    """The settings that figures are drawn with, as a context."""
    import matplotlib

    return matplotlib.rc_context({**LOOK, "svg.hashsalt": "workbench"})


def legend_below(figure: Any, handles: Sequence[Any], names: Sequence[str]) -> None:
    """One legend for all axes, under them."""
    if handles:
        most = 2 if any(len(name) > 26 for name in names) else 4
        figure.legend(handles, names, loc="outside lower center", ncols=min(most, len(handles)))


def drawn(figure: Any) -> str:
    """The figure as SVG without what differs from one time or library to the next."""
    content = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure.savefig(content, format="svg", metadata=nothing)
    text = content.getvalue().decode()
    return text[text.index("<svg") :]
