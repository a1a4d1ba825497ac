"""Choose one of some lines."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from workbench.options import printable
from workbench.tui.widgets.lines import Lines


class Menu(ModalScreen[int | None]):
    """Gives the number of a line; None: none is wanted.

    Args:
        title: what is chosen.
        lines: to choose from.
        delete: called with the number of a line that is to go, by ``d``; None: lines stay.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Close"),
        Binding("d,delete", "delete", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[str], delete: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self._title, self._lines, self._delete = title, lines, delete

    def compose(self) -> ComposeResult:
        """Title and lines."""
        with Vertical(id="menu"):
            yield Static(self._title, classes="title", markup=False)
            yield Lines(*[Option(Content(printable(line))) for line in self._lines], compact=True)

    def on_mount(self) -> None:
        """Start at the first."""
        options = self.query_one(OptionList)
        options.highlighted = 0 if self._lines else None
        options.focus()

    def action_delete(self) -> None:
        """Delete the line under the cursor, where lines can be deleted."""
        options = self.query_one(OptionList)
        if self._delete is None or options.highlighted is None:
            return
        at = options.highlighted
        self._delete(at)
        options.remove_option_at_index(at)
        options.highlighted = min(at, options.option_count - 1) if options.option_count else None

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)
