"""The tab of references: the table, and beside it the selected row in full."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from workbench.records import RefScore, Thresholds
from workbench.store import Order
from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.imagemode import ImageMode
from workbench.tui.messages import RowHighlighted, RowOpened
from workbench.tui.reader import StudyReader, references_sql
from workbench.tui.screens.detail import DetailScreen
from workbench.tui.tables import REFERENCES
from workbench.tui.widgets.detail_pane import DetailPane
from workbench.tui.widgets.table_view import TableView

SORT = Sort(column="popularity", descending=True)
NOTHING = "No row passes the filters:  x clears them."
TEXT = ("label", "model_id", "perturbation", "type")
KEY = ("qid", "model_id", "settings_id", "perturbation")


class ReferencesView(Horizontal):
    """Shows the row under the cursor beside the table, or on a screen of its own where there is no room.

    Args:
        reader: of the study.
        mode: how pictures are drawn.
        id: of the widget.
    """

    def __init__(self, reader: StudyReader, mode: ImageMode, *, id: str) -> None:
        super().__init__(id=id)
        self._reader = reader
        self._mode = mode
        self.thresholds = Thresholds()
        """That the rows are measured under."""

    def compose(self) -> ComposeResult:
        """Table and pane."""
        yield TableView(REFERENCES, KEY, SORT, nothing=NOTHING, id="references-view")
        yield DetailPane(self._reader, self._mode, id="detail")

    @property
    def view(self) -> TableView:
        """The table with its sorting."""
        return self.query_one(TableView)

    @property
    def shows_detail(self) -> bool:
        """Whether the pane beside the table is on screen."""
        return self.query_one(DetailPane).is_on_screen

    @property
    def score(self) -> RefScore | None:
        """The row under the cursor."""
        row = self.view.row
        return RefScore(**row) if row else None

    def sql(self, filters: Filters) -> str:
        """The SQL that gives the table, sorted as it is."""
        sort = self.view.sort
        return references_sql(
            filters, Order(column=sort.column, descending=sort.descending, is_text=sort.column in TEXT)
        )

    def turn(self, pages: int) -> None:
        """Turn the pages of generated images."""
        self.query_one(DetailPane).action_turn(pages)

    @on(RowHighlighted)
    def show_detail(self) -> None:
        """Show the row under the cursor, if its pane is there."""
        pane = self.query_one(DetailPane)
        if pane.display:
            pane.show(self.score, self.thresholds)

    @on(RowOpened)
    def _open(self) -> None:
        pane = self.query_one(DetailPane)
        if pane.display:
            pane.focus()
        elif self.score is not None:
            self.app.push_screen(DetailScreen(self._reader, self._mode, self.score, self.thresholds))
