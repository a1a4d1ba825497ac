"""What a tab of the study is: what it asks, what it shows, and the SQL of it."""

from collections.abc import Callable
from typing import Any, ClassVar

from textual.containers import Horizontal
from textual.message import Message

from workbench.tui.filters import Filters
from workbench.tui.reader import StudyReader
from workbench.tui.slow import Work
from workbench.tui.widgets.table_view import TableView


class StudyTab(Horizontal):
    """A tab; its sub-classes say what is on it.

    Args:
        reader: of the study.
    """

    topic: ClassVar[str]
    """Its name among the tabs."""
    title: ClassVar[str]
    """On the tab."""
    noun: str = "rows"
    """What its table has rows of."""
    needs_study: ClassVar[bool] = True
    """It shows the answer to a question on the study, which goes stale."""
    filtered: ClassVar[bool] = True
    """The filters say what it shows."""

    def __init__(self, reader: StudyReader) -> None:
        super().__init__(id=f"{self.topic}-tab")
        self.reader = reader

    class AskWanted(Message):
        """The tab wants another answer."""

    class Shown(Message):
        """The tab shows other rows, which it has asked for by itself."""

    @property
    def view(self) -> TableView:
        """Its table."""
        return self.query_one(TableView)

    def question(self, filters: Filters) -> Callable[[], object]:
        """What to ask in a worker thread."""
        raise NotImplementedError

    def slow_question(self, filters: Filters) -> Work | None:
        """What takes seconds to ask and replaces the answer once it is there; None: nothing does."""
        return None

    def show_slow(self, answer: Any) -> None:
        """Show what took longer."""

    def show(self, answer: Any, filters: Filters) -> None:
        """Show what was asked."""
        self.view.show(answer)

    def sql(self, filters: Filters) -> str:
        """The SQL that gives what is shown."""
        raise NotImplementedError

    def focus_main(self) -> None:
        """Put the cursor where it is used most."""
        self.view.table.focus()
