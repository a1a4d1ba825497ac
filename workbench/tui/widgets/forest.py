"""Differences with their intervals, one under the other, around zero."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from workbench.options import printable
from workbench.tui.charts import Axis, short_number

LABEL_MOST, NUMBER = 26, 7
LEAST_WIDTH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A line."""

    label: str
    value: float
    low: float | None
    """Of its interval; None: there is none, or none yet."""
    high: float | None
    chosen: bool = False
    """Under the cursor of the table."""


class Forest(Widget):
    """As many lines as fit, the chosen one among them."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Estimate] = ()

    def show(self, lines: Sequence[Estimate]) -> None:
        """Show other lines."""
        self._lines = lines
        self.refresh()

    def render(self) -> Content:
        """Lines, then the axis."""
        if not self._lines or self.size.width < LEAST_WIDTH or self.size.height < 3:
            return Content("")
        label = min(LABEL_MOST, max(cell_len(printable(e.label)) for e in self._lines), self.size.width // 3)
        width = self.size.width - label - NUMBER - 4
        ends = [v for e in self._lines for v in (e.low, e.high, e.value, 0.0) if v is not None]
        axis = Axis(low=min(ends), high=max(ends))
        shown = [_line(e, axis, label, width) for e in self._window(self.size.height - 1)]
        low, high = short_number(axis.low), short_number(axis.high)
        ruler = low + " " * max(1, width - len(low) - len(high)) + high
        return Content("\n").join([*shown, Content(" " * (label + 3) + ruler).stylize("$quiet")])

    def _window(self, most: int) -> Sequence[Estimate]:
        at = next((n for n, e in enumerate(self._lines) if e.chosen), 0)
        first = max(0, min(at - most // 2, len(self._lines) - most))
        return self._lines[first : first + most]


def _line(e: Estimate, axis: Axis, label: int, width: int) -> Content:
    name = printable(e.label)
    if cell_len(name) > label:
        name = set_cell_size(name, label - 1) + "…"
    head = f"{'▶' if e.chosen else ' '} {set_cell_size(name, label)} "
    bar = "".join(bar_of(e, axis, width))
    style = "bold $accent" if e.chosen else "$primary"
    return Content.assemble((head, "bold" if e.chosen else ""), (bar, style), (f"{e.value:+{NUMBER}.2f}", ""))


def bar_of(e: Estimate, axis: Axis, width: int) -> list[str]:
    """The interval with its estimate, over a line at zero."""
    cells = [" "] * width

    def place(value: float) -> int:
        share = (value - axis.low) / ((axis.high - axis.low) or 1.0)
        return min(width - 1, max(0, round(share * (width - 1))))

    cells[place(0.0)] = "┊"
    if e.low is not None and e.high is not None:
        start, end = place(e.low), place(e.high)
        cells[start : end + 1] = ["─"] * (end + 1 - start)
        cells[start], cells[end] = "├", "┤"
    cells[place(e.value)] = "●"
    return cells
