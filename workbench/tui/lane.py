"""One question at a time to the store, the newest first; late answers are known to be late."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from textual.widget import Widget

from workbench.errors import WorkbenchError
from workbench.tui.messages import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What waits to be asked."""

    topic: str
    request_id: int
    work: Callable[[], object]


class Lane:
    """Asks questions in a thread, never two at once: what is asked anew meanwhile replaces what waits.

    The host gets an ``Answer`` message for each and must hand it to ``finished``.

    Args:
        host: runs the workers and gets the answers; a screen or a widget.
        group: name of the worker group.
    """

    def __init__(self, host: Widget, group: str) -> None:
        self._host = host
        self._group = group
        self._newest: dict[str, int] = {}
        self._waiting: dict[str, Question] = {}
        self._busy = False
        self._asked = 0

    @property
    def busy(self) -> bool:
        """Whether a question is under way."""
        return self._busy

    def ask(self, topic: str, work: Callable[[], object]) -> None:
        """Ask; an earlier question on the topic is out of date from now on."""
        self._asked += 1
        self._newest[topic] = self._asked
        self._waiting[topic] = Question(topic=topic, request_id=self._asked, work=work)
        self._start_next()

    def hurry(self, topic: str, work: Callable[[], object]) -> None:
        """Ask again what could not be done, before all that waits."""
        self._asked += 1
        self._newest[topic] = self._asked
        question = Question(topic=topic, request_id=self._asked, work=work)
        self._waiting = {topic: question, **self._waiting}
        self._start_next()

    def drop(self, topic: str) -> None:
        """Want no answer on the topic any more."""
        self._waiting.pop(topic, None)
        self._newest.pop(topic, None)

    def drop_all(self) -> None:
        """Want no answer at all any more."""
        self._waiting.clear()
        self._newest.clear()

    def finished(self, answer: Answer) -> bool:
        """Take note of an answer and ask what waits.

        Returns:
            Whether it is the newest on its topic: a stale one must be dropped.
        """
        self._busy = False
        self._start_next()
        return self._newest.get(answer.topic) == answer.request_id

    def _start_next(self) -> None:
        if self._busy or not self._waiting:
            return
        question = self._waiting.pop(next(iter(self._waiting)))
        self._busy = True
        work = partial(self._run, question)
        self._host.run_worker(work, group=self._group, exit_on_error=False, exclusive=True, thread=True)

    def _run(self, question: Question) -> None:
        """In the thread: touches no widget, only posts the answer."""
        started = time.perf_counter()
        value: object = None
        error: WorkbenchError | None = None
        try:
            value = question.work()
        except WorkbenchError as known:
            error = known
        except Exception as unexpected:
            error = WorkbenchError(f"unexpected {type(unexpected).__name__}: {unexpected}", "please report it")
        seconds = time.perf_counter() - started
        self._host.post_message(
            Answer(topic=question.topic, request_id=question.request_id, value=value, error=error, seconds=seconds)
        )
