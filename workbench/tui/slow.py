"""Answers that take seconds: asked when the person has come to rest, and given up when they go on."""

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.widget import Widget

from workbench.errors import WorkbenchError
from workbench.tui.lane import Lane
from workbench.tui.messages import Answer

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap

REST_SECONDS = 0.3
"""Without a change, before the work begins."""
GROUP = "slow"
Work = Callable[["Bootstrap"], object]
"""Makes intervals as it is told; runs in a thread."""


class Dropped(WorkbenchError):
    """Nobody wants the answer any more."""


class SlowAnswers:
    """One at a time; the host gets an ``Answer`` whose topic begins with ``slow-`` and hands it to ``finished``.

    Args:
        host: a screen, which gets the answers.
    """

    def __init__(self, host: Widget) -> None:
        self._host = host
        self._lane = Lane(host, GROUP)
        self._timer: Timer | None = None
        self._stop = threading.Event()
        self._unanswered: dict[str, Work] = {}

    @property
    def busy(self) -> bool:
        """Whether one is under way."""
        return self._lane.busy

    def want(self, topic: str, work: Work) -> None:
        """Ask for it soon, before any other."""
        self._unanswered[topic] = work
        self._start(topic)

    def resume(self, topic: str) -> None:
        """Ask for what was wanted and gave way to another."""
        if topic in self._unanswered and not self._lane.busy:
            self._start(topic)

    def drop(self, topic: str | None = None) -> None:
        """Want no answer any more, or none on a topic: what is under way ends at its next chunk."""
        for name in [topic] if topic else list(self._unanswered):
            self._unanswered.pop(name, None)
        self._halt()

    def finished(self, answer: Answer) -> str | None:
        """Take note of an answer; gives its topic, or None where nobody wants it."""
        topic = answer.topic.removeprefix(f"{GROUP}-")
        if not self._lane.finished(answer) or isinstance(answer.error, Dropped):
            return None
        self._unanswered.pop(topic, None)
        return topic

    def _start(self, topic: str) -> None:
        self._halt()
        ask = partial(self._ask, topic, self._unanswered[topic], self._stop)
        self._timer = self._host.set_timer(REST_SECONDS, ask)

    def _halt(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._stop.set()
        self._stop = threading.Event()
        self._lane.drop_all()

    def _ask(self, topic: str, work: Work, stop: threading.Event) -> None:
        self._lane.ask(f"{GROUP}-{topic}", partial(_with_intervals, work, stop))


def _with_intervals(work: Work, stop: threading.Event) -> object:
    """In the thread."""
    from workbench.analysis.resampling import Bootstrap

    def look() -> None:
        if stop.is_set():
            raise Dropped("not wanted any more")

    return work(Bootstrap(before_chunk=look))
