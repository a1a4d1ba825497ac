"""Choose the columns that a table shows."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from workbench.tui.columns import Column


class ColumnMenu(ModalScreen[Sequence[str] | None]):
    """Gives names of columns; None: leave it as it is.

    Args:
        columns: to choose from.
        shown: names of those that are shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Close"),
        Binding("enter", "take", "Take", priority=True),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, columns: Sequence[Column], shown: Sequence[str]) -> None:
        super().__init__()
        self._columns, self._shown = columns, shown

    def compose(self) -> ComposeResult:
        """The columns with their meaning."""
        with Vertical(id="menu"):
            yield Static("Columns  (space: show or hide, enter: done)", classes="title")
            yield SelectionList[str](*[self._line(c) for c in self._columns], compact=True)

    def on_mount(self) -> None:
        """Start at the first."""
        self.query_one(SelectionList).focus()

    def action_down(self) -> None:
        """Next column."""
        self.query_one(SelectionList).action_cursor_down()

    def action_up(self) -> None:
        """Previous column."""
        self.query_one(SelectionList).action_cursor_up()

    def action_take(self) -> None:
        """Show those that are chosen."""
        self.dismiss(self.query_one(SelectionList).selected)

    def _line(self, column: Column) -> Selection[str]:
        words = Content.assemble((f"{column.header:<14}", "bold"), (column.meaning, "$quiet"))
        return Selection(words, column.name, column.name in self._shown)
