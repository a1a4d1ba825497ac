"""The panel of filters and thresholds."""

from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.timer import Timer
from textual.widgets import Button, Input, Static

from workbench.records import Facet, Thresholds
from workbench.tui.dates import parse_year, show_year
from workbench.tui.filters import Filters
from workbench.tui.messages import FilterRefused, FiltersChanged
from workbench.tui.widgets.choices import Choices
from workbench.tui.widgets.inputs import ValueInput, parse_count, parse_threshold, show_threshold

DEBOUNCE_SECONDS = 0.2
CHOICES = {"models": "model", "perturbations": "perturbation", "kinds": "kind", "types": "type"}
"""Filter → facet."""
TAUS = {"tau_static": "τ static", "tau_dynamic": "τ dynamic", "tau_reuse": "τ_reuse"}


def _number(name: str, placeholder: str) -> ValueInput[float]:
    return ValueInput(parse=parse_count, show=lambda v: f"{v:.0f}", default=None, placeholder=placeholder, id=name)


def _year(name: str, placeholder: str) -> ValueInput[int]:
    return ValueInput(parse=parse_year, show=show_year, default=None, placeholder=placeholder, id=name)


def _tau(name: str, start: Thresholds) -> ValueInput[float]:
    default = getattr(Thresholds(), name)
    tau = ValueInput(parse=parse_threshold, show=show_threshold, default=default, placeholder=f"{default:.2f}", id=name)
    tau.value = show_threshold(getattr(start, name))
    return tau


class FilterPanel(VerticalScroll, can_focus=False):
    """Posts ``FiltersChanged`` when the person has stopped typing, ``FilterRefused`` where that makes no sense.

    Args:
        start: thresholds to start with; nothing is filtered yet.
        id: of the widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "screen.focus_table", "Table")]

    def __init__(self, start: Filters, *, id: str) -> None:
        super().__init__(id=id)
        self.filters = start
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """From what is used most to what is used least."""
        yield Input(placeholder="label, creator or QID", id="text", compact=True)
        yield Choices("Model", id="models")
        yield Choices("Perturbation", id="perturbations")
        yield Choices("Kind", id="kinds")
        yield Choices("Type", id="types")
        yield Static("Popularity (sitelinks)", classes="title")
        with Horizontal(classes="range"):
            yield _number("popularity_min", "from")
            yield Static("–")
            yield _number("popularity_max", "to")
        yield Static("Created (1889, 460 BCE)", classes="title")
        with Horizontal(classes="range"):
            yield _year("year_min", "from")
            yield Static("–")
            yield _year("year_max", "to")
        yield Static("Thresholds", classes="title")
        for name, label in TAUS.items():
            with Horizontal(classes="threshold"):
                yield Static(label)
                yield _tau(name, self.filters.thresholds)
        with Horizontal(classes="buttons"):
            yield Button("Clear", id="clear", compact=True, tooltip="Show all rows (x)")
            yield Button("Study's τ", id="defaults", compact=True, tooltip="Thresholds of the study: .70, .75, .60")

    def show_facets(self, facets: list[Facet]) -> None:
        """Offer the values that exist."""
        for name, field in CHOICES.items():
            self.query_one(f"#{name}", Choices).show([f for f in facets if f.field == field])
        self._changed_soon()

    def clear(self) -> None:
        """Show all rows; thresholds stay."""
        self.query_one("#text", Input).value = ""
        for name in CHOICES:
            self.query_one(f"#{name}", Choices).clear()
        for name in ("popularity_min", "popularity_max", "year_min", "year_max"):
            self.query_one(f"#{name}", ValueInput).reset()

    def search(self) -> None:
        """Go to the search input."""
        self.query_one("#text", Input).focus()

    @on(Button.Pressed, "#clear")
    def _clear(self) -> None:
        self.clear()

    @on(Button.Pressed, "#defaults")
    def _reset_thresholds(self) -> None:
        for name in TAUS:
            self.query_one(f"#{name}", ValueInput).reset()

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
        for low, high in (("popularity_min", "popularity_max"), ("year_min", "year_max")):
            if values[low] is not None and values[high] is not None and values[low] > values[high]:
                raise ValueError("the range is empty: from is after to")
        values |= {name: self.query_one(f"#{name}", Choices).chosen for name in CHOICES}
        text = self.query_one("#text", Input).value
        return Filters(text=text.strip(), **values, thresholds=thresholds)
