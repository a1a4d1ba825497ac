"""What widgets and workers tell the screens."""

from textual.message import Message

from workbench.errors import WorkbenchError
from workbench.tui.filters import Filters


class Answer(Message):
    """What a worker found out, or why it could not.

    Args:
        topic: what was asked.
        request_id: which question it was: an older one than the newest is out of date.
        value: the answer; None where there is an error.
        error: why there is none.
        seconds: how long it took.
    """

    def __init__(
        self, *, topic: str, request_id: int, value: object, error: WorkbenchError | None, seconds: float
    ) -> None:
        super().__init__()
        self.topic = topic
        self.request_id = request_id
        self.value = value
        self.error = error
        self.seconds = seconds


class FiltersChanged(Message):
    """The person wants to see other rows, or the same under other thresholds."""

    def __init__(self, filters: Filters) -> None:
        super().__init__()
        self.filters = filters


class FilterRefused(Message):
    """What was typed makes no filter; the old one stays.

    Args:
        problem: one line; empty: it is mended.
    """

    def __init__(self, problem: str) -> None:
        super().__init__()
        self.problem = problem


class RowHighlighted(Message):
    """The cursor stands on another row.

    Args:
        row: its values by column; None: there is no row.
    """

    def __init__(self, row: dict[str, object] | None) -> None:
        super().__init__()
        self.row = row


class RowOpened(RowHighlighted):
    """The person wants to see a row in full."""


class ReferenceWanted(Message):
    """The person wants to see a reference in its table.

    Args:
        qid: the reference.
        model_id: under this model; None: any.
        perturbation: under this condition; None: any.
    """

    def __init__(self, qid: str, model_id: str | None = None, perturbation: str | None = None) -> None:
        super().__init__()
        self.qid = qid
        self.model_id = model_id
        self.perturbation = perturbation


class SqlOpened(Message):
    """The person wants to go on by hand.

    Args:
        text: the SQL to start from.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
