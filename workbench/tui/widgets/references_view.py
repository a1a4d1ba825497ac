"""The tab of references: the table, and beside it the selected row in full."""

from collections.abc import Callable
from functools import partial
from typing import Any

from textual import on
from textual.app import ComposeResult

from workbench.records import RefScore, Thresholds
from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.imagemode import ImageMode
from workbench.tui.messages import RowHighlighted, RowOpened
from workbench.tui.reader import CellKey, StudyReader
from workbench.tui.screens.look import LookScreen
from workbench.tui.shown_sql import references_sql
from workbench.tui.tables import HIDDEN, REFERENCES
from workbench.tui.widgets.detail_pane import DetailPane
from workbench.tui.widgets.grouped_tab import GroupedTab
from workbench.tui.widgets.table_view import TableView

SORT = Sort(column="popularity", descending=True)
NOTHING = "No row passes the filters:  x clears them."
KEY = ("qid", "model_id", "settings_id", "perturbation")


class ReferencesView(GroupedTab):
    """Shows the row under the cursor beside the table, or on a screen of its own where there is no room.

    Args:
        reader: of the study.
        mode: how pictures are drawn.
    """

    topic, title = "references", "References"
    text = ("label", "model_id", "perturbation", "type", "kind", "qid")

    def __init__(self, reader: StudyReader, mode: ImageMode) -> None:
        super().__init__(reader)
        self._mode = mode
        self._total: int | None = None
        self.thresholds = Thresholds()
        """That the rows are measured under."""

    def compose(self) -> ComposeResult:
        """Table and pane."""
        yield TableView(REFERENCES, KEY, SORT, nothing=NOTHING, id="references-view", hidden=HIDDEN)
        yield DetailPane(self.reader, self._mode, id="detail")

    def question(self, filters: Filters) -> Callable[[], object]:
        """The rows that pass."""
        return partial(self.reader.references, filters)

    def show(self, answer: Any, filters: Filters) -> None:
        """Show rows."""
        self.thresholds = filters.thresholds
        self.view.show(answer)

    @property
    def pane(self) -> DetailPane:
        """The pane beside the table."""
        return self.query_one(DetailPane)

    @property
    def score(self) -> RefScore | None:
        """The row under the cursor."""
        row = self.view.row
        return RefScore(**{k: v for k, v in row.items() if k != "cell"}) if row else None

    def sql(self, filters: Filters) -> str:
        """The SQL that gives the table, sorted as it is."""
        return references_sql(filters, self.order)

    @on(RowHighlighted)
    def show_detail(self) -> None:
        """Show the row under the cursor, if its pane is there."""
        if self.pane.display:
            score = self.score
            key = CellKey.of(self.view.row) if self.view.row else None
            self.pane.show(key, self.thresholds, score)

    @on(RowOpened)
    def open(self) -> None:
        """See the row as large as the terminal allows."""
        if self.view.row:
            key = CellKey.of(self.view.row)
            self.app.push_screen(LookScreen(self.reader, self._mode, key, self.thresholds))
