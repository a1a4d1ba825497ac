"""A table with its sorting: what a tab shows of a query's answer."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from workbench.options import printable
from workbench.tui.columns import Column, Sort, find_row, sort_table
from workbench.tui.messages import RowHighlighted, RowOpened
from workbench.tui.screens.column_menu import ColumnMenu
from workbench.tui.screens.prompt import Prompt
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
        hidden: names of columns that are not shown at first.
        sorted_by_store: rows come sorted, and are asked for anew by ``SortWanted``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "reverse", "Reverse order", show=False),
        Binding("c", "choose_columns", "Columns", show=False),
        Binding("colon", "jump", "Jump", show=False),
    ]

    class SortWanted(Message):
        """The rows are to come in another order."""

    def __init__(
        self,
        columns: Sequence[Column],
        key: Sequence[str],
        sort: Sort,
        *,
        nothing: str,
        id: str,
        hidden: Sequence[str] = (),
        sorted_by_store: bool = False,
    ) -> None:
        super().__init__(id=id)
        self.all_columns = columns
        self.columns = [c for c in columns if c.name not in hidden]
        """Those that are shown."""
        self.sort = sort
        self.group: str | None = None
        """A column whose equal values stay together."""
        self._sorted_by_store = sorted_by_store
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
        column = next(c for c in self.all_columns if c.name == name)
        if self.sort.column == name:
            self.sort = self.sort.reversed()
        else:
            self.sort = Sort(column=name, descending=column.highest_first)
        self._sort_anew()
        if column in self.columns:
            self.call_after_refresh(self.table.reveal, self.columns.index(column))

    def group_by(self, name: str | None) -> None:
        """Keep rows together that are alike in a column; None: no more."""
        self.group = name
        self._sort_anew()

    def _sort_anew(self) -> None:
        if self._sorted_by_store:
            self.post_message(self.SortWanted())
        else:
            self._refill()

    def show_columns(self, names: Sequence[str]) -> None:
        """Show these columns, in their own order."""
        self.columns = [c for c in self.all_columns if c.name in names] or list(self.all_columns)
        self.table.columns = self.columns
        if self._unsorted is not None:
            self._refill()

    def replace_columns(self, columns: Sequence[Column]) -> None:
        """Have other columns altogether: the next rows are of another kind."""
        self.all_columns, self.columns = columns, list(columns)
        self.table.columns = self.columns
        self._unsorted = None
        if self.sort.column not in [c.name for c in columns]:
            self.sort = Sort(column="", descending=False)

    def kept(self) -> dict[str, Any]:
        """How it is arranged, to be restored."""
        columns = [c.name for c in self.columns]
        return {"columns": columns, "sort": [self.sort.column, self.sort.descending], "group": self.group}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Arrange it as it was kept; what does not exist any more is left out."""
        names = [c.name for c in self.all_columns]
        self.show_columns([name for name in kept["columns"] if name in names])
        if kept["sort"][0] in names:
            self.sort = Sort(column=kept["sort"][0], descending=bool(kept["sort"][1]))
        self.group = kept["group"] if kept["group"] in names else None

    def action_choose_columns(self) -> None:
        """Ask which columns to show."""

        def chosen(names: Sequence[str] | None) -> None:
            if names:
                self.show_columns(names)

        self.app.push_screen(ColumnMenu(self.all_columns, [c.name for c in self.columns]), chosen)

    def action_jump(self) -> None:
        """Ask where to go: a row number, or a part of the first column."""

        def typed(text: str | None) -> None:
            if text:
                self.jump(text)

        self.app.push_screen(Prompt("Jump to a row: its number, or a part of its first column"), typed)

    def jump(self, text: str) -> None:
        """Put the cursor on a row."""
        table = self.table.table
        if table is None or not table.num_rows:
            return
        if text.strip().isdecimal():
            row: int | None = min(max(1, int(text)), table.num_rows) - 1
        else:
            row = find_row(table, self.columns[0].name, text.strip(), self.table.cursor_row)
        if row is None:
            self.notify(f"no row holds “{printable(text)}”", severity="warning", markup=False)
        else:
            self.table.move_cursor(row=row)

    def choose_sort(self) -> None:
        """Ask for the column to sort by."""

        def chosen(name: str | None) -> None:
            if name:
                self.sort_by(name)

        self.app.push_screen(SortMenu(self.all_columns, self.sort), chosen)

    def action_reverse(self) -> None:
        """Turn the order round; where there is none yet, ask for it."""
        if self.sort.column:
            self.sort_by(self.sort.column)
        elif self.all_columns:
            self.choose_sort()

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
        table = (
            self._unsorted
            if self._sorted_by_store
            else sort_table(self._unsorted, self.sort if self.sort.column else None, self.group)
        )
        self.set_class(not table.num_rows, "-nothing")
        self.table.show(table, self.sort, self._find(table, before), self.group)
        self.post_message(RowHighlighted(self.row))

    def _find(self, table: pa.Table, row: dict[str, Any] | None) -> int:
        """Where a row is now; where it is gone, the place where the cursor stood."""
        if row is None or not table.num_rows or not self._key:
            return 0
        alike: pa.Array | None = None
        for name in sorted(
            self._key, key=lambda name: not pa.types.is_integer(table[name].type)
        ):  # the fast ones first
            column, value = table[name] if alike is None else table[name].take(alike), row[name]
            same = pc.is_null(column) if value is None else pc.fill_null(pc.equal(column, value), False)
            places = pc.indices_nonzero(same)
            alike = places if alike is None else alike.take(places)
        if alike is not None and len(alike):
            first: int = alike[0].as_py()
            return first
        return int(min(self.table.cursor_row, table.num_rows - 1))
