"""Choose the column that a table is sorted by."""

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

from workbench.tui.columns import MARKS, Column, Sort
from workbench.tui.widgets.lines import Lines


class SortMenu(ModalScreen[str | None]):
    """Gives the name of a column; None: leave it as it is.

    Args:
        columns: to choose from.
        sort: as it is now.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,s", "dismiss(None)", "Close"),
    ]

    def __init__(self, columns: Sequence[Column], sort: Sort) -> None:
        super().__init__()
        self._columns = columns
        self._sort = sort

    def compose(self) -> ComposeResult:
        """The columns with their meaning."""
        with Vertical(id="menu"):
            yield Static("Sort by  (again: reverse)", classes="title")
            yield Lines(*[Option(self._line(c), id=c.name) for c in self._columns], compact=True)

    def on_mount(self) -> None:
        """Start at the column that it is sorted by."""
        options = self.query_one(OptionList)
        names = [c.name for c in self._columns]
        options.highlighted = names.index(self._sort.column) if self._sort.column in names else 0
        options.focus()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def _line(self, column: Column) -> Content:
        mark = MARKS[self._sort.descending if self._sort.column == column.name else None]
        return Content.assemble((f"{mark or ' '} {column.header:<14}", "bold"), (column.meaning, "$quiet"))
