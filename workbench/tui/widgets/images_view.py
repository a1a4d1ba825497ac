"""The tab of images: one row each, of the references that pass the filters."""

from collections.abc import Callable
from functools import partial
from typing import Any

from textual import on
from textual.app import ComposeResult

from workbench.records import Thresholds
from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.imagemode import ImageMode
from workbench.tui.messages import RowHighlighted, RowOpened
from workbench.tui.reader import CellKey, StudyReader
from workbench.tui.screens.look import LookScreen
from workbench.tui.shown_sql import images_sql
from workbench.tui.tables import IMAGES
from workbench.tui.widgets.detail_pane import DetailPane
from workbench.tui.widgets.grouped_tab import GroupedTab
from workbench.tui.widgets.table_view import TableView

SORT = Sort(column="s", descending=True)
NOTHING = "No image of the rows that pass the filters:  x clears them."
KEY = ("qid", "model_id", "settings_id", "perturbation", "variant", "seed")


class ImagesView(GroupedTab):
    """Sorted by the store, which orders half a million rows faster than they could be handed over.

    Args:
        reader: of the study.
        mode: how pictures are drawn.
    """

    topic, title, noun = "images", "Images", "images"
    text = ("label", "model_id", "perturbation")

    def __init__(self, reader: StudyReader, mode: ImageMode) -> None:
        super().__init__(reader)
        self._mode = mode
        self._thresholds = Thresholds()

    def compose(self) -> ComposeResult:
        """Table and pane."""
        yield TableView(IMAGES, KEY, SORT, nothing=NOTHING, id="images-view", sorted_by_store=True)
        yield DetailPane(self.reader, self._mode, id="image-detail")

    @property
    def pane(self) -> DetailPane:
        """The pane beside the table."""
        return self.query_one(DetailPane)

    def question(self, filters: Filters) -> Callable[[], object]:
        """The images of the rows that pass."""
        return partial(self.reader.images, filters, self.view.sort, self.view.group)

    def show(self, answer: Any, filters: Filters) -> None:
        """Show rows."""
        self._thresholds = filters.thresholds
        self.view.show(answer)

    def sql(self, filters: Filters) -> str:
        """The SQL that gives the table, sorted as it is."""
        return images_sql(filters, self.order)

    @property
    def _image(self) -> tuple[int, int] | None:
        row = self.view.row
        return (row["variant"], row["seed"]) if row else None

    @on(RowHighlighted)
    def show_detail(self) -> None:
        """Show the row under the cursor, if its pane is there."""
        if self.pane.display:
            key = CellKey.of(self.view.row) if self.view.row else None
            self.pane.show(key, self._thresholds, image=self._image)

    @on(RowOpened)
    def open(self) -> None:
        """See the image as large as the terminal allows."""
        if self.view.row:
            key = CellKey.of(self.view.row)
            self.app.push_screen(LookScreen(self.reader, self._mode, key, self._thresholds, self._image))
