"""The selected row in full, where the terminal is too narrow for a pane beside the table."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer

from workbench.records import RefScore, Thresholds
from workbench.tui.imagemode import ImageMode
from workbench.tui.reader import StudyReader
from workbench.tui.widgets.detail_pane import DetailPane


class DetailScreen(Screen[None]):
    """One row.

    Args:
        reader: of the study.
        mode: how pictures are drawn.
        score: the row.
        thresholds: it is measured under.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss(None)", "Back"),
    ]

    def __init__(self, reader: StudyReader, mode: ImageMode, score: RefScore, thresholds: Thresholds) -> None:
        super().__init__()
        self._reader = reader
        self._mode = mode
        self._score = score
        self._thresholds = thresholds

    def compose(self) -> ComposeResult:
        """The pane alone."""
        yield DetailPane(self._reader, self._mode, id="detail")
        yield Footer()

    def on_mount(self) -> None:
        """Ask for the row."""
        pane = self.query_one(DetailPane)
        pane.focus()
        pane.show(self._score, self._thresholds)
