"""Choose the columns that a table shows."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from workbench.tui.columns import Column
from workbench.tui.widgets.lines import Lines


class ColumnMenu(ModalScreen[Sequence[str] | None]):
    """Gives names of columns; None: leave it as it is.

    Args:
        columns: to choose from.
        shown: names of those that are shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Close"),
        Binding("enter", "take", "Take", priority=True),
        Binding("space", "turn", "Show or hide", priority=True),
    ]

    def __init__(self, columns: Sequence[Column], shown: Sequence[str]) -> None:
        super().__init__()
        self._columns, self._shown = columns, set(shown)

    def compose(self) -> ComposeResult:
        """The columns with their meaning."""
        with Vertical(id="menu"):
            yield Static("Columns  (space: show or hide, enter: done)", classes="title")
            yield Lines(*[Option(self._line(c), id=c.name) for c in self._columns], compact=True)

    def on_mount(self) -> None:
        """Start at the first."""
        options = self.query_one(OptionList)
        options.highlighted = 0 if self._columns else None
        options.focus()

    def action_turn(self) -> None:
        """Show the column under the cursor, or hide it."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._turn(self._columns[at])

    def action_take(self) -> None:
        """Show those that are chosen, in their own order."""
        self.dismiss([c.name for c in self._columns if c.name in self._shown])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._turn(self._columns[event.option_index])

    def _turn(self, column: Column) -> None:
        self._shown ^= {column.name}
        self.query_one(OptionList).replace_option_prompt(column.name, self._line(column))

    def _line(self, column: Column) -> Content:
        mark = "✓" if column.name in self._shown else " "
        return Content.assemble((f"{mark} {column.header:<14}", "bold"), (column.meaning, "$quiet"))
