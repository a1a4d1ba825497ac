"""The panel of filters and thresholds."""

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Button, Input, Static

from workbench.dates import parse_year, show_year
from workbench.records import Facet, Thresholds
from workbench.tui.charts import Axis, Values
from workbench.tui.filters import RANGES, Filters
from workbench.tui.messages import FilterRefused, FiltersChanged
from workbench.tui.widgets.choices import Choices
from workbench.tui.widgets.inputs import (
    ValueInput,
    parse_count,
    parse_number,
    parse_share,
    parse_threshold,
    show_number,
    show_threshold,
)
from workbench.tui.widgets.range_filter import RangeFilter
from workbench.tui.widgets.slider import Slider

DEBOUNCE_SECONDS = 0.01
"""What is set together asks once; a burst of keys may ask twice: what is asked anew replaces what waits."""
CHOICES = {
    "models": "model",
    "perturbations": "perturbation",
    "kinds": "kind",
    "types": "type",
    "creators": "creator",
    "annotations": "annotation",
}
"""Filter → facet."""
TAUS = {"tau_static": "τ static", "tau_dynamic": "τ dynamic", "tau_reuse": "τ_reuse"}
COLUMNS = {
    "popularity": "popularity",
    "year": "creation_year",
    "frequency": "training_frequency",
    "uniqueness": "textual_uniqueness",
    "cra": "cra",
    "vr": "vr",
    "vi": "vi",
    "crt": "crt",
}
"""Range → column of the table of references."""
UNIT = Axis(low=0.0, high=1.0)


class FilterPanel(VerticalScroll, can_focus=False):
    """Posts ``FiltersChanged`` when the person has stopped typing, ``FilterRefused`` where that makes no sense.

    Args:
        start: what to start with.
        id: of the widget.
        classes: of the widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "screen.focus_table", "Table")]

    class CalibrationWanted(Message):
        """The person wants the thresholds of this file's encoders."""

    def __init__(self, start: Filters, *, id: str, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.filters = start
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """From what is used most to what is used least."""
        yield Input(placeholder="label, creator or QID", id="text", compact=True)
        yield Static("Thresholds", classes="title")
        for name, label in TAUS.items():
            with Horizontal(classes="threshold"):
                yield Static(label)
                yield _tau(name)
            yield Slider(0.0, 1.0, 0.01, id=f"{name}-slider")
        with Horizontal(classes="buttons"):
            yield Button("Study's", id="study", compact=True, tooltip="Thresholds of the paper: .70, .75, .60")
            yield Button("Calibrated", id="calibrated", compact=True, tooltip="5 % of comparisons with others pass")
        yield Choices("Model", id="models")
        yield Choices("Perturbation", id="perturbations")
        yield Choices("Kind", id="kinds")
        yield Choices("Type", id="types")
        yield Choices("Annotated as", id="annotations")
        yield RangeFilter("popularity", "Popularity (sitelinks)", parse_count, lambda v: f"{v:.0f}", log=True)
        yield RangeFilter("year", "Created (1889, 460 BCE)", parse_year, show_year)
        yield RangeFilter("frequency", "Training frequency", parse_number, show_number, log=True)
        yield RangeFilter("uniqueness", "Textual uniqueness", parse_number, show_number)
        for name in ("cra", "vr", "vi", "crt"):
            yield RangeFilter(name, name.upper(), parse_share, show_threshold, axis=UNIT)
        yield Choices("Creator", id="creators")
        with Horizontal(classes="buttons"):
            yield Button("Clear filters", id="clear", compact=True, tooltip="Show all rows (x)")

    def on_mount(self) -> None:
        """Show what it starts with."""
        self.take(self.filters)

    def show_facets(self, facets: list[Facet]) -> None:
        """Offer the values that exist."""
        for name, field in CHOICES.items():
            self.query_one(f"#{name}", Choices).show([f for f in facets if f.field == field])
        self._changed_soon()

    def offer(self, table: pa.Table) -> None:
        """The unfiltered table of references: what ranges go from and to."""
        for name in RANGES:
            self.query_one(f"#{name}", RangeFilter).offer(_values(table, COLUMNS[name]))

    def draw(self, table: pa.Table) -> None:
        """Histograms of the rows that are shown."""
        for name in RANGES:
            self.query_one(f"#{name}", RangeFilter).draw(_values(table, COLUMNS[name]))

    def take(self, filters: Filters) -> None:
        """Show these filters, as if they had been typed."""
        self.query_one("#text", Input).value = filters.text
        for name in CHOICES:
            self.query_one(f"#{name}", Choices).choose(getattr(filters, name))
        for name in RANGES:
            low, high = getattr(filters, f"{name}_min"), getattr(filters, f"{name}_max")
            self.query_one(f"#{name}", RangeFilter).set(low, high)
        self.set_thresholds(filters.thresholds)

    def set_thresholds(self, thresholds: Thresholds) -> None:
        """Show these thresholds."""
        for name in TAUS:
            self.query_one(f"#{name}", ValueInput).value = show_threshold(getattr(thresholds, name))

    def clear(self) -> None:
        """Show all rows; thresholds stay."""
        self.take(Filters(thresholds=self.filters.thresholds))

    def search(self) -> None:
        """Go to the search input."""
        self.query_one("#text", Input).focus()

    def slide(self) -> None:
        """Go to the first slider."""
        self.query_one(Slider).focus()

    @on(Button.Pressed, "#clear")
    def _clear(self) -> None:
        self.clear()

    @on(Button.Pressed, "#study")
    def _study(self) -> None:
        self.set_thresholds(Thresholds())

    @on(Button.Pressed, "#calibrated")
    def _calibrated(self) -> None:
        self.post_message(self.CalibrationWanted())

    @on(Slider.Moved)
    def _slid(self, event: Slider.Moved) -> None:
        event.stop()
        name = str(event.slider.id).removesuffix("-slider")
        with self.prevent(Input.Changed):
            self.query_one(f"#{name}", ValueInput).value = show_threshold(event.value)
        self._changed()

    @on(Input.Changed)
    @on(Choices.Changed)
    def _changed_soon(self) -> None:
        """Wait for the next key."""
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(DEBOUNCE_SECONDS, self._changed)

    @on(Input.Submitted)
    def _changed(self) -> None:
        try:
            filters = self._read()
        except ValueError as problem:
            self.post_message(FilterRefused(str(problem)))
            return
        self.post_message(FilterRefused(""))
        for name in TAUS:
            self.query_one(f"#{name}-slider", Slider).value = getattr(filters.thresholds, name)
        if filters != self.filters:
            self.filters = filters
            self.post_message(FiltersChanged(filters))

    def _read(self) -> Filters:
        """What the panel says.

        Raises:
            ValueError: If an input makes no sense, or a range is empty.
        """
        values: dict[str, Any] = {i.id: i.read() for i in self.query(ValueInput) if i.id}
        thresholds = replace(self.filters.thresholds, **{name: values.pop(name) for name in TAUS})
        for name in RANGES:
            low, high = values[f"{name}_min"], values[f"{name}_max"]
            if low is not None and high is not None and low > high:
                raise ValueError("the range is empty: from is after to")
        values |= {name: self.query_one(f"#{name}", Choices).chosen for name in CHOICES}
        text = self.query_one("#text", Input).value
        return Filters(text=text.strip(), **values, thresholds=thresholds)


def _tau(name: str) -> ValueInput[float]:
    default = getattr(Thresholds(), name)
    return ValueInput(
        parse=parse_threshold, show=show_threshold, default=default, placeholder=f"{default:.2f}", id=name
    )


def _values(table: pa.Table, name: str) -> Values:
    column = table[name].cast(pa.float64())
    found: Values = np.asarray(column.to_numpy(), dtype=np.float64)
    return found
