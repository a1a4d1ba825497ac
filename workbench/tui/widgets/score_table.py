"""A table of any length over Arrow, of which only the visible cells are made."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, ClassVar

import pyarrow as pa
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Region
from textual.strip import Strip
from textual_fastdatatable import ArrowBackend, DataTable

from workbench.tui.columns import PADDING, Column, Sort, cell, fitted, header, said, widths

KEPT_STRIPS = 200
"""Rows as they are drawn: a few screens of them. Each is a hundred objects to the collector of garbage."""


class Cells(ArrowBackend):
    """Arrow rows, shown as columns say; rows may have more columns than are shown."""

    def __init__(self, data: pa.Table, columns: Sequence[Column]) -> None:
        super().__init__(data)
        self._shown = columns

    @property
    def column_count(self) -> int:
        """Of those that are shown."""
        return len(self._shown)

    @property
    def columns(self) -> Sequence[str]:
        """Names of those that are shown."""
        return [column.name for column in self._shown]

    @property
    def column_content_widths(self) -> list[int]:
        """Nothing is measured: the columns say how wide they are."""
        return [0] * len(self._shown)

    def get_cell_at(self, row_index: int, column_index: int) -> Text:
        """The cell, ready to be drawn."""
        return cell(*self._at(row_index, column_index))

    def words_at(self, row_index: int, column_index: int) -> str:
        """What the cell says."""
        return said(*self._at(row_index, column_index))

    def _at(self, row_index: int, column_index: int) -> tuple[Column, Any, list[Any]]:
        column = self._shown[column_index]
        value, *beside = (self.data[name][row_index].as_py() for name in (column.name, *column.beside))
        return column, value, beside


class ScoreTable(DataTable):
    """A sortable table with a row cursor, vi keys and a first column that stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "scroll_home", show=False),
        Binding("G", "scroll_end", show=False),
        Binding("ctrl+d", "page_down", show=False),
        Binding("ctrl+u", "page_up", show=False),
        Binding("l,right", "shift(8)", show=False),
        Binding("h,left", "shift(-8)", show=False),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]

    def __init__(self, columns: Sequence[Column], *, id: str) -> None:
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(KEPT_STRIPS)
        super().__init__(
            id=id,
            column_labels=[header(c, None) for c in columns],
            max_column_content_width=1_000,  # without it nothing is cut with an ellipsis
            fixed_columns=1,
            cursor_type="row",
            cursor_background_priority="css",
            render_markup=False,
        )
        self.columns = columns
        self._plain = Style()
        self.table: pa.Table | None = None
        """All rows as they are sorted, with the columns that are not shown."""

    def show(self, table: pa.Table, sort: Sort | None, row: int, group: str | None = None) -> None:
        """Show other rows in place; the library would have another table mounted, which loses focus and flickers.

        Args:
            table: with a column of each name.
            sort: how it is sorted, for the headers.
            row: where the cursor goes.
            group: the column whose equal values stay together, for the headers.
        """
        self.table = table
        self.backend = Cells(table, self.columns)
        self._column_labels = [header(c, sort, group) for c in self.columns]
        self._fit()
        self.move_cursor(row=row)

    def row(self, index: int) -> dict[str, Any] | None:
        """All values of a row by column; None where there is none."""
        if self.table is None or not 0 <= index < self.table.num_rows:
            return None
        found: dict[str, Any] = self.table.slice(index, 1).to_pylist()[0]
        return found

    def on_resize(self, event: events.Resize) -> None:
        """Share the width out anew."""
        self._fit()

    def action_shift(self, cells: int) -> None:
        """Scroll sideways."""
        self.scroll_relative(x=cells, animate=False)

    def reveal(self, index: int) -> None:
        """Scroll sideways until a column is on screen, whole."""
        ends = list(accumulate(column.render_width for column in self.ordered_columns))
        if not self.fixed_columns <= index < len(ends):
            return
        first, last = ends[index - 1] - ends[self.fixed_columns - 1], ends[index] - self.scrollable_content_region.width
        at = min(max(self.scroll_x, last), first)
        self.scroll_to(x=at, animate=False)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the table."""
        self._plain = self.rich_style  # asked for once, not by every line
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """The header as the library draws it; a row as a strip of words, kept as long as it says the same.

        The library lays each cell out as if it were a page, and makes every row anew when the cursor moves.
        """
        row = y - self.header_height + self.scroll_offset.y
        if y < self.header_height or row >= self.row_count or not isinstance(self.backend, Cells):
            return super().render_line(y)
        lit = (row == self.hover_row, row == self.cursor_row, False, self.show_cursor, self._show_hover_cursor)
        key = (row, self.scroll_offset.x, self.size.width, lit, self._plain, self._update_count)
        if key not in self._strips:
            self._strips[key] = self._strip(self.backend, row, lit)
        return self._strips[key]

    def _strip(self, cells: Cells, row: int, lit: tuple[bool, bool, bool, bool, bool]) -> Strip:
        """A row: the first column stays, the others are scrolled."""
        widths = [column.render_width for column in self.ordered_columns]
        bases = (self.get_component_rich_style("datatable--fixed"), self._plain)
        still, moved = (
            base + self._get_styles_to_render_cell(False, False, fixed, *lit, False, True, True)[0]
            for base, fixed in zip(bases, (True, False), strict=True)
        )

        def drawn(column: int, style: Style) -> Segment:
            words = fitted(cells.words_at(row, column), widths[column] - PADDING, self.columns[column].right)
            return Segment(f" {words} ", style + Style.from_meta({"row": row, "column": column}))  # for the mouse

        first = [drawn(column, still) for column in range(self.fixed_columns)]
        left, room = self.scroll_offset.x, self.size.width - sum(widths[: self.fixed_columns])
        rest, start, skipped = [], 0, 0
        for column in range(self.fixed_columns, len(widths)):
            if start + widths[column] <= left:
                skipped = start + widths[column]
            elif start < left + room:
                rest.append(drawn(column, moved))
            start += widths[column]
        scrolled = Strip(rest).crop(left - skipped, left - skipped + room)
        return Strip([*first, *scrolled]).adjust_cell_length(self.size.width, self._plain)

    def _clear_caches(self) -> None:
        super()._clear_caches()
        self._strips.clear()

    def _fit(self) -> None:
        if self.table is None:
            return
        found: list[int | None] = [*widths(self.columns, self.table, self.scrollable_content_region.width)]
        same_widths = found == self._column_widths
        self._column_widths = found
        self._ordered_columns = None
        self._update_count += 1
        self._clear_caches()
        self._require_update_dimensions = True
        self.refresh(layout=not same_widths)  # which repaints the whole screen
        self.check_idle()
