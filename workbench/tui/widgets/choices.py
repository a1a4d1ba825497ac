"""A list of values of which none, some or all can be chosen."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from workbench.options import printable
from workbench.records import Facet
from workbench.tui.widgets.lines import Lines

NO_TYPE = "(no type)"
MOST = 500
"""Values that are offered: nobody looks through more, and text finds the others."""
LINE = 23
"""Cells of a line."""


class ChoiceList(Lines):
    """The list itself."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "select", "Choose", show=False)]

    def on_focus(self) -> None:
        """Something is always under the cursor."""
        if self.highlighted is None and self.option_count:
            self.highlighted = 0


class Choices(Vertical):
    """Values with their counts under a title; none chosen means all.

    Args:
        title: what they are values of.
        id: of the widget.
    """

    class Changed(Message):
        """Other values are chosen."""

    def __init__(self, title: str, *, id: str) -> None:
        super().__init__(id=id)
        self._title = title
        self._facets: Sequence[Facet] = ()
        self._chosen: set[str] = set()
        self._known = False

    def compose(self) -> ComposeResult:
        """Title and list."""
        yield Static(classes="title", markup=False)
        yield ChoiceList(compact=True)

    def on_mount(self) -> None:
        """Nothing to choose yet."""
        self._say()

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is chosen, in the order of the list; empty: all."""
        if not self._known:
            return tuple(sorted(self._chosen))
        return tuple(f.value for f in self._facets if f.value in self._chosen)

    def show(self, facets: Sequence[Facet]) -> None:
        """Show other values; what was chosen stays chosen where it still exists."""
        facets, self._known = facets[:MOST], True
        self._chosen &= {f.value for f in facets}
        if list(facets) == list(self._facets):
            return
        choices = self.query_one(ChoiceList)
        highlighted = choices.highlighted
        self._facets = facets
        choices.set_options(Option(_line(f, f.value in self._chosen)) for f in facets)
        choices.highlighted = min(highlighted, len(facets) - 1) if highlighted is not None and facets else None
        self._say()

    def choose(self, values: Sequence[str]) -> None:
        """Choose these and no others; of those that do not exist yet, it is remembered."""
        if not self._known:
            self._chosen = set(values)
        for i, facet in enumerate(self._facets):
            if (facet.value in self._chosen) != (facet.value in values):
                self._toggle(i)

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._toggle(event.option_index)

    def _toggle(self, index: int) -> None:
        facet = self._facets[index]
        self._chosen ^= {facet.value}
        self.query_one(ChoiceList).replace_option_prompt_at_index(index, _line(facet, facet.value in self._chosen))
        self._say()
        self.post_message(self.Changed())

    def _say(self) -> None:
        n = len(self.chosen)
        self.display = bool(self._facets)
        self.query_one(Static).update(f"{self._title} · {f'{n} of {len(self._facets)}' if n else 'all'}")


def _line(facet: Facet, chosen: bool) -> Content:
    """Box and value on the left, count on the right."""
    count = f"{facet.n:,}"
    name = printable(facet.value) or NO_TYPE
    room = LINE - len(count) - 5
    if cell_len(name) > room:
        name = set_cell_size(name, room - 1) + "…"
    box = ("[x] ", "bold $accent") if chosen else ("[ ] ", "$quiet")
    return Content.assemble(box, set_cell_size(name, room), (f" {count}", "$quiet"))
