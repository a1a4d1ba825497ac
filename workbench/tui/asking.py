"""Asks for a row in full and for its pictures, in one lane; again where the file is locked by its writer."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial

from textual.timer import Timer
from textual.widget import Widget

from workbench.errors import StoreLocked
from workbench.tui.lane import Lane
from workbench.tui.messages import Answer
from workbench.tui.pictures import Drawn
from workbench.tui.reader import Detail, StudyReader

RETRY_SECONDS = 1.0
"""After the file was locked by its writer."""
KEPT_PICTURES = 64


class PictureShelf:
    """Pictures that were shown last, by their paths in the images folder."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Drawn] = OrderedDict()
        self._broken: dict[str, Drawn] = {}

    def missing(self, paths: Sequence[str]) -> list[str]:
        """Those that are to be loaded."""
        return [path for path in paths if path not in self._kept]

    def load(self, reader: StudyReader, paths: Sequence[str]) -> dict[str, Drawn]:
        """Load pictures, in a worker."""
        return {path: reader.picture(path) for path in paths}

    def keep(self, loaded: dict[str, Drawn]) -> None:
        """Keep what was loaded; of broken ones, only the newest."""
        self._broken = {path: drawn for path, drawn in loaded.items() if drawn.image is None}
        self._kept.update((path, drawn) for path, drawn in loaded.items() if drawn.image is not None)
        while len(self._kept) > KEPT_PICTURES:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Keep none of them."""
        self._kept.clear()
        self._broken.clear()

    def known(self) -> dict[str, Drawn]:
        """What can be drawn, or be said not to be there."""
        return {**self._kept, **self._broken}


class DetailLane:
    """Its host hands every ``Answer`` to ``take``.

    Args:
        host: runs the workers and gets the answers; a screen or a widget.
        group: name of the worker group.
        reader: of the study.
        filled: called with the row that was asked for.
        drawn: called when there are other pictures.
        refused: called with the reason why there is neither.
    """

    def __init__(
        self,
        host: Widget,
        group: str,
        reader: StudyReader,
        *,
        filled: Callable[[Detail], None],
        drawn: Callable[[], None],
        refused: Callable[[str], None],
    ) -> None:
        self._host, self._reader = host, reader
        self._filled, self._drawn, self._refused = filled, drawn, refused
        self._lane = Lane(host, group)
        self._shelf = PictureShelf()
        self._timer: Timer | None = None
        self._question: Callable[[], Detail] | None = None

    def ask(self, question: Callable[[], Detail], rest: float = 0.0) -> None:
        """Ask for a row, in the place of any other.

        Args:
            question: runs in a worker.
            rest: seconds to wait for yet another.
        """
        self.drop_timer()
        self._question = question
        if rest:
            self._lane.drop("detail")  # what is under way is out of date already
            self._timer = self._host.set_timer(rest, partial(self._lane.ask, "detail", question))
        else:
            self._lane.ask("detail", question)

    def drop(self) -> None:
        """Want no row any more."""
        self.drop_timer()
        self._lane.drop("detail")

    def close(self) -> None:
        """Show nothing any more: pictures are let go now, not when garbage is looked for."""
        self.drop()
        self._shelf.clear()

    def drop_timer(self) -> None:
        """Ask for nothing that waits."""
        if self._timer is not None:
            self._timer.stop()

    def load(self, paths: Sequence[str]) -> None:
        """Load pictures, where they are not in memory."""
        missing = self._shelf.missing(paths)
        self._lane.ask("pictures", partial(self._shelf.load, self._reader, missing))

    def known(self) -> dict[str, Drawn]:
        """What can be drawn, or be said not to be there."""
        return self._shelf.known()

    def take(self, answer: Answer) -> None:
        """Take an answer that came, and hand it on unless it is out of date."""
        answer.stop()
        if not self._lane.finished(answer):
            return
        if isinstance(answer.error, StoreLocked) and self._question is not None:
            self.ask(self._question, RETRY_SECONDS)
        elif answer.error is not None:
            self._refused(f"{answer.error.message}. {answer.error.hint}".strip())
        elif isinstance(answer.value, Detail):
            self._filled(answer.value)
        else:
            self._shelf.keep(answer.value)  # type: ignore[arg-type]
            self._drawn()
