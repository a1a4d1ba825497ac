"""A range of a number: from and to, under a small histogram of what is shown."""

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from workbench.tui.charts import Axis, Values, axis_of, histogram
from workbench.tui.widgets.inputs import ValueInput

V = TypeVar("V", int, float)


class Bars(Widget):
    """A histogram as wide as its room."""

    DEFAULT_CSS = "Bars { height: 1; color: $secondary; }"

    def __init__(self) -> None:
        super().__init__()
        self._values: Values = np.array([])
        self._axis = Axis(low=0.0, high=1.0)

    def show(self, values: Values, axis: Axis) -> None:
        """Show other values."""
        self._values, self._axis = values, axis
        self.refresh()

    def render(self) -> str:
        """One line."""
        return histogram(self._values, self._axis, max(1, self.size.width))


class RangeFilter(Vertical, Generic[V]):
    """Two inputs and a line of blocks.

    Args:
        name: of the filter: its inputs are ``name_min`` and ``name_max``.
        title: what it is a range of.
        parse: text to value.
        show: value to text.
        axis: of the histogram; None: as wide as the values of the whole study.
        log: draw it of the logarithm.
    """

    DEFAULT_CSS = "RangeFilter { height: auto; }"

    def __init__(
        self,
        name: str,
        title: str,
        parse: Callable[[str], V | None],
        show: Callable[[V], str],
        *,
        axis: Axis | None = None,
        log: bool = False,
    ) -> None:
        super().__init__(id=name)
        self._title = title
        self._parse: Callable[[str], V | None] = parse
        self._show: Callable[[V], str] = show
        self._axis, self._log = axis, log
        self._all: Values = np.array([])

    def compose(self) -> ComposeResult:
        """Title, histogram, inputs."""
        yield Static(self._title, classes="title", markup=False)
        yield Bars()
        with Horizontal(classes="range"):
            yield self._input("min", "from")
            yield Static("–")
            yield self._input("max", "to")

    def _input(self, end: str, placeholder: str) -> ValueInput[V]:
        return ValueInput(
            parse=self._parse, show=self._show, default=None, placeholder=placeholder, id=f"{self.id}_{end}"
        )

    def offer(self, values: Values) -> None:
        """The values of the whole study: without any, there is nothing to filter by."""
        self._all = values
        known = values[np.isfinite(values)]
        self.display = bool(known.size)
        if known.size and self._axis is None:
            for end, value in (("min", known.min()), ("max", known.max())):
                word = self._show(int(value) if value == int(value) else value)
                self.query_one(f"#{self.id}_{end}", ValueInput).placeholder = word

    def draw(self, values: Values) -> None:
        """The histogram of what is shown."""
        self.query_one(Bars).show(values, self._axis or axis_of(self._all, self._log))

    def reset(self) -> None:
        """Let all through."""
        for field in self.query(ValueInput):
            field.reset()

    def set(self, low: V | None, high: V | None) -> None:
        """Take over a range."""
        for end, value in (("min", low), ("max", high)):
            self.query_one(f"#{self.id}_{end}", ValueInput).value = "" if value is None else self._show(value)
