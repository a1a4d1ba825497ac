"""A scatter plot with its fit and the histograms of both sides; points can be visited and chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from workbench.options import printable
from workbench.tui.charts import (
    Axis,
    Braille,
    Values,
    axis_of,
    cross,
    dots,
    fit_line,
    histogram,
    short_number,
    sideways,
    stroke,
)
from workbench.tui.columns import shortened

LEFT, SIDE = 7, 6
"""Cells of the numbers on the left, and of the histogram on the right."""
LEAST_HEIGHT = 5
"""Lines below which nothing is drawn."""
LEAST_LABEL = 16
"""Cells of a label that its numbers leave it, if they can be said in fewer."""
MOST_CROSSES, CROSS_WIDTH, CROSS_HEIGHT = 6, 24, 10
"""Points that show their intervals together, and the cells that this takes; else only the one under the cursor does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The intervals of a point; None: there is none, or none yet."""

    x: tuple[float, float] | None
    y: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point and what it stands for."""

    x: float
    y: float
    key: str
    """The reference."""
    label: str
    spread: Spread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What is drawn."""

    points: Sequence[Point]
    along: str
    """What the x axis is."""
    up: str
    """What the y axis is."""
    log: bool = False
    """The x axis is logarithmic."""
    unit: bool = True
    """The y axis goes from 0 to 1."""
    plane: bool = False
    """So does the x axis, and there are no histograms."""
    fitted: bool = True
    named: bool = False
    """Points carry the first letter of their key."""
    chosen: str | None = None
    """Key of the point that the cursor is put on; None: it stays."""
    show_x: Callable[[float], str] = short_number
    """How a number of the x axis is written."""
    opens: str = "its reference"
    """What a chosen point leads to."""


class Scatter(Widget, can_focus=True):
    """Posts ``Chosen`` for the point that is clicked, or entered."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "visit(-1)", "Point", key_display="← →"),
        Binding("right,l", "visit(1)", show=False),
        Binding("enter", "choose", "Reference"),
    ]

    class Chosen(Message):
        """The person wants to see what a point stands for."""

        def __init__(self, point: Point) -> None:
            super().__init__()
            self.point = point

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._plot: Plot | None = None
        self._at: int | None = None

    def show(self, plot: Plot | None) -> None:
        """Draw another plot."""
        keep = self.point.key if self.point else None
        if plot is not None and plot.chosen is not None and not self.has_focus:
            keep = plot.chosen
        ordered = sorted(plot.points, key=lambda p: (p.x, p.y, p.key)) if plot else []
        self._plot = None if plot is None else replace(plot, points=ordered)
        self._at = next((n for n, p in enumerate(ordered) if p.key == keep), None)
        self.refresh()

    @property
    def point(self) -> Point | None:
        """The point under the cursor."""
        return self._plot.points[self._at] if self._plot is not None and self._at is not None else None

    def action_visit(self, steps: int) -> None:
        """Go to the next point, by x."""
        if self._plot is None or not self._plot.points:
            return
        last = len(self._plot.points) - 1
        self._at = 0 if self._at is None else min(max(0, self._at + steps), last)
        self.refresh()

    def action_choose(self) -> None:
        """See the reference of the point."""
        if self.point is not None:
            self.post_message(self.Chosen(self.point))

    def on_click(self, event: events.Click) -> None:
        """Go to the nearest point; on it, choose it."""
        if self._plot is None or not self._plot.points:
            return
        canvas, along, up = self._canvas(self._plot)
        places = [canvas.cell(float(x), float(y)) for x, y in zip(*self._places(self._plot, along, up), strict=True)]
        x, y = event.x - LEFT, event.y - 2
        nearest = min(range(len(places)), key=lambda n: (places[n][0] - x) ** 2 + (2 * (places[n][1] - y)) ** 2)
        again = nearest == self._at
        self._at = nearest
        self.refresh()
        if again:
            self.action_choose()

    def render(self) -> Content:
        """Title, histogram above, plot with numbers and a histogram beside it, axis, point."""
        plot = self._plot
        if plot is None or self.size.width < LEFT + SIDE + 8 or self.size.height < LEAST_HEIGHT:
            return Content("")
        if not plot.points:
            return Content("no reference has both values").stylize("$warning")
        canvas, along, up = self._canvas(plot)
        x, y = _values(plot)
        side = [""] * canvas.height if plot.plane else sideways(y, up, canvas.height, SIDE)
        rows = [list(line) for line in canvas.lines()]
        styles = self._mark(plot, rows, canvas, along, up)
        lines = [Content(plot.up[: LEFT + canvas.width]).stylize("$quiet")]
        above = "" if plot.plane else histogram(x, along, canvas.width)
        lines.append(Content.assemble(" " * LEFT, (above, "$secondary")))
        for n, row in enumerate(rows):
            number = {0: up.high, canvas.height - 1: up.low}.get(n)
            label = f"{'' if number is None else short_number(number):>{LEFT - 1}}│"
            cells = [(c, styles.get((i, n), "$primary")) for i, c in enumerate(row)]
            lines.append(Content.assemble((label, "$quiet"), *cells, (side[n], "$secondary")))
        return Content("\n").join([*lines, *self._below(plot, along, canvas.width)])

    def _below(self, plot: Plot, along: Axis, width: int) -> list[Content]:
        low, high = plot.show_x(along.low), plot.show_x(along.high)
        room = max(0, width - len(low) - len(high) - 2)
        name = f" {plot.along}{' (log)' if plot.log else ''} "
        middle = (name if len(name) <= room else name.strip()[:room]).center(room, "─")
        axis = f"{low} {middle} {high}"
        point = self.point
        words = f"← → visits points, enter: {plot.opens}" if point is None else self._describe(point, plot)
        return [Content.assemble(" " * LEFT, (axis, "$quiet")), Content(shortened(words, self.size.width))]

    def _describe(self, point: Point, plot: Plot) -> str:
        """The point under the cursor: numbers whole, intervals where there is room, what fits of the label."""
        mark, label = point.key[:1] if plot.named else "◆", printable(point.label)
        x, y = plot.show_x(point.x), f"{point.y:.3f}"
        spread = point.spread or Spread(x=None, y=None)
        for numbers in (
            f"{plot.along} {x}{_bounds(spread.x)}, {plot.up} {y}{_bounds(spread.y)}",
            f"{plot.along} {x}, {plot.up} {y}",
            f"{x}, {y}",
        ):
            room = self.size.width - cell_len(f"{mark} : {numbers}")
            if room >= min(cell_len(label), LEAST_LABEL):
                break
        return f"{mark} {shortened(label, max(1, room))}: {numbers}"

    def _canvas(self, plot: Plot) -> tuple[Braille, Axis, Axis]:
        width, height = self.size.width - LEFT - SIDE, self.size.height - 4
        x, y = _values(plot)
        along = Axis(low=0.0, high=1.0) if plot.plane else axis_of(x, plot.log)
        up = Axis(low=0.0, high=1.0) if plot.unit else axis_of(y)
        return dots(x, y, along, up, width, height), along, up

    def _places(self, plot: Plot, along: Axis, up: Axis) -> tuple[Values, Values]:
        x, y = _values(plot)
        return along.place(x), up.place(y)

    def _mark(
        self, plot: Plot, rows: list[list[str]], canvas: Braille, along: Axis, up: Axis
    ) -> dict[tuple[int, int], str]:
        """Write the fit between the dots, and the marks of points over them; styles by column and row."""
        fit = stroke(rows, fit_line(*_values(plot), along, up)) if plot.fitted else []
        styles = dict.fromkeys(fit, "$quiet") | self._cross(plot, rows, canvas, along, up)
        x, y = self._places(plot, along, up)
        for n, point in enumerate(plot.points):
            if plot.named or n == self._at:
                column, row = canvas.cell(float(x[n]), float(y[n]))
                rows[row][column] = point.key[:1] if plot.named else "◆"
                styles[column, row] = "bold $accent" if n == self._at else "bold $foreground"
        return styles

    def _cross(
        self, plot: Plot, rows: list[list[str]], canvas: Braille, along: Axis, up: Axis
    ) -> dict[tuple[int, int], str]:
        """Write the intervals of points: of the one under the cursor over those of the others."""
        few = len(plot.points) <= MOST_CROSSES and canvas.width >= CROSS_WIDTH and canvas.height >= CROSS_HEIGHT
        styles: dict[tuple[int, int], str] = {}
        for n, point in sorted(enumerate(plot.points), key=lambda each: each[0] == self._at):
            chosen = n == self._at
            if point.spread is None or not (few or chosen):
                continue
            (column, row), spread = _cell(canvas, along, up, point.x, point.y), point.spread
            x = [_cell(canvas, along, up, end, point.y)[0] for end in spread.x or ()]
            y = [_cell(canvas, along, up, point.x, end)[1] for end in spread.y or ()]
            written = cross(
                rows,
                (column, row),
                (min(x), max(x)) if x else None,
                (min(y), max(y)) if y else None,
                heavy=chosen,
            )
            styles |= dict.fromkeys(written, "$accent" if chosen else "$quiet")
        return styles


def _cell(canvas: Braille, along: Axis, up: Axis, x: float, y: float) -> tuple[int, int]:
    return canvas.cell(float(along.place(np.array([x]))[0]), float(up.place(np.array([y]))[0]))


def _bounds(interval: tuple[float, float] | None) -> str:
    return f" [{interval[0]:.2f}, {interval[1]:.2f}]" if interval else ""


def _values(plot: Plot) -> tuple[Values, Values]:
    return np.array([p.x for p in plot.points]), np.array([p.y for p in plot.points])
