"""A table with its sorting: what a tab shows of a query's answer."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from workbench.tui.columns import Column, Sort, sort_table
from workbench.tui.messages import RowHighlighted, RowOpened
from workbench.tui.screens.sort_menu import SortMenu
from workbench.tui.widgets.score_table import ScoreTable


class TableView(Vertical):
    """Shows a table, sorts it, keeps the cursor on its row when other numbers come.

    Args:
        columns: what to show.
        key: columns that name a row.
        sort: to begin with.
        nothing: what to say where there is no row.
        id: of the widget; the table is ``id-table``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("S", "reverse", "Reverse order", show=False)]

    def __init__(self, columns: Sequence[Column], key: Sequence[str], sort: Sort, *, nothing: str, id: str) -> None:
        super().__init__(id=id)
        self.columns = columns
        self.sort = sort
        self._nothing = nothing
        self._key = key
        self._unsorted: pa.Table | None = None

    def compose(self) -> ComposeResult:
        """The table alone; sub-classes may add to it."""
        yield ScoreTable(self.columns, id=f"{self.id}-table")
        yield Static(self._nothing, classes="nothing", markup=False)

    @property
    def table(self) -> ScoreTable:
        """The table."""
        return self.query_one(ScoreTable)

    @property
    def row(self) -> dict[str, Any] | None:
        """The row under the cursor."""
        return self.table.row(self.table.cursor_row)

    def show(self, table: pa.Table) -> None:
        """Show other rows, sorted as before, with the cursor on the same one if it is still there."""
        self._unsorted = table.combine_chunks()
        self._refill()

    def sort_by(self, name: str) -> None:
        """Sort by a column; once more turns it round."""
        column = next(c for c in self.columns if c.name == name)
        if self.sort.column == name:
            self.sort = self.sort.reversed()
        else:
            self.sort = Sort(column=name, descending=column.highest_first)
        self._refill()

    def choose_sort(self) -> None:
        """Ask for the column to sort by."""

        def chosen(name: str | None) -> None:
            if name:
                self.sort_by(name)

        self.app.push_screen(SortMenu(self.columns, self.sort), chosen)

    def action_reverse(self) -> None:
        """Turn the order round."""
        self.sort_by(self.sort.column)

    @on(ScoreTable.HeaderSelected)
    def _sort_by_header(self, event: ScoreTable.HeaderSelected) -> None:
        event.stop()
        self.sort_by(self.columns[event.column_index].name)

    @on(ScoreTable.RowHighlighted)
    def _tell_highlighted(self, event: ScoreTable.RowHighlighted) -> None:
        event.stop()
        self.post_message(RowHighlighted(self.row))

    @on(ScoreTable.RowSelected)
    def _tell_opened(self, event: ScoreTable.RowSelected) -> None:
        event.stop()
        self.post_message(RowOpened(self.row))

    def _refill(self) -> None:
        if self._unsorted is None:
            return
        before = self.row
        table = sort_table(self._unsorted, self.sort)
        self.set_class(not table.num_rows, "-nothing")
        self.table.show(table, self.sort, self._find(table, before))
        self.post_message(RowHighlighted(self.row))

    def _find(self, table: pa.Table, row: dict[str, Any] | None) -> int:
        """Where a row is now; where it is gone, the place where the cursor stood."""
        if row is None or not table.num_rows:
            return 0
        same = pa.scalar(True)
        for name in self._key:
            column, value = table[name], row[name]
            same = pc.and_(same, pc.is_null(column) if value is None else pc.fill_null(pc.equal(column, value), False))
        index: int = pc.index(same, True).as_py()
        return index if index >= 0 else min(self.table.cursor_row, table.num_rows - 1)
