"""How far a long command is: a bar on a terminal, one line a minute in a log. Always on stderr."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from workbench.options import printable, say

LINE_SECONDS = 60.0
LISTED = 20
"""Failures that are named; the rest is counted."""


class Progress:
    """Counts items of a command, as a context.

    Args:
        noun: what is counted, e.g. ``images``.
        total: how many there will be.
        line_seconds: between two lines where stderr is not a terminal.
        gauge: says something more about the machine, each time; None: nothing.
    """

    def __init__(
        self,
        noun: str,
        total: int,
        *,
        line_seconds: float = LINE_SECONDS,
        gauge: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.noun = noun
        self.total = total
        self.done = 0
        self.failed = 0
        self._line_seconds = line_seconds
        self._gauge = gauge
        self._bar = _bar(noun, total) if sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        self._started = self._last_line = time.monotonic()
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        elif self._last_line > self._started or self.done:
            say(self._line())
        if self.failed > LISTED:
            say(f"… and {self.failed - LISTED:,} more failures")

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._started

    @property
    def rate(self) -> float:
        """Items a second, failures included."""
        return self.done / self.seconds if self.seconds else 0.0

    def advance(self, count: int = 1) -> None:
        """Count items, whatever became of them."""
        self.done += count
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self.done, detail=self._detail())
        elif time.monotonic() - self._last_line >= self._line_seconds:
            self._last_line = time.monotonic()
            say(self._line())

    def complain(self, item: str, reason: str) -> None:
        """Name an item that failed (the first twenty)."""
        self.failed += 1
        if self.failed <= LISTED:
            self.note(f"failed: {item}: {reason}")

    def note(self, text: str) -> None:
        """Say something without tearing the bar."""
        if self._bar is not None:
            self._bar.console.print(printable(text), markup=False, highlight=False, soft_wrap=True)
        else:
            say(printable(text))

    def _detail(self) -> str:
        failed = f"{self.failed:,} failed" if self.failed else None
        return ", ".join(part for part in (f"{self.rate:.2f}/s", failed, self._gauge()) if part)

    def _line(self) -> str:
        text = f"{self.done:,} of {self.total:,} {self.noun}, {self._detail()}"
        left = self.total - self.done
        return f"{text}, {duration(left / self.rate)} left" if left > 0 and self.rate else text


def _bar(noun: str, total: int) -> Bar:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    more = (TextColumn("{task.fields[detail]}"), TimeRemainingColumn())
    bar = Bar(*columns, *more, console=Console(stderr=True), transient=False)
    bar.add_task(noun, total=total, detail="")
    return bar


def duration(seconds: float) -> str:
    """A time span, to read: ``0:07``, ``3:12:00``, ``12 days``."""
    if seconds >= 10 * 86400:
        return f"{seconds / 86400:,.0f} days"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
