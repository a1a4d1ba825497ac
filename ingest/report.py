"""What a run found and did, told on stderr: each problem when it is met, the sums at the end."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from workbench.errors import SomeItemsFailed
from workbench.options import printable, say
from workbench.store import RunLog

T = TypeVar("T")
_EXAMPLES = 5
_ALWAYS = {"found", "new", "changed", "unchanged"}
"""Sums that are said even where they are nothing."""
_PARTS = ("new", "changed", "unchanged", "counted", "counted_before")
"""What a total is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An item that could not be taken."""

    where: str
    """Its file and line, or its name."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of what a run found, skipped, or could not take."""

    item: str
    n: int | None
    note: str


_told: ContextVar[list[Told] | None] = ContextVar("told", default=None)


@contextmanager
def gathered() -> Iterator[list[Told]]:
    """Gathers what all reports inside have told in the end."""
    lines: list[Told] = []
    token = _told.set(lines)
    try:
        yield lines
    finally:
        _told.reset(token)


def leave_out(item: str, reason: str) -> None:
    """Say that something is not done, and why."""
    say(printable(f"{item} left out: {reason}"))
    if (lines := _told.get()) is not None:
        lines.append(Told(item=f"{item} left out", n=None, note=reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reason:
    """Why items are left out."""

    noun: str
    text: str
    hint: str


class Report:
    """The narration of one run, as a context: left, it says the sums, and fails if an item failed.

    Args:
        run: counts what fails.
    """

    def __init__(self, run: RunLog) -> None:
        self._run = run
        self._sums: dict[str, dict[str, int]] = defaultdict(dict)
        self._skipped: dict[_Reason, list[str]] = defaultdict(list)
        self._failed: list[Problem] = []

    def add(self, noun: str, **counts: int) -> None:
        """Add to the sums of a kind of item, e.g. ``add("references", new=3)``; a word's ``_`` is read as a space."""
        sums = self._sums[noun]
        for word, count in counts.items():
            sums[word] = sums.get(word, 0) + count

    def note(self, text: str) -> None:
        """Say something about the run as a whole."""
        say(printable(text))

    def fail(self, problems: Iterable[Problem]) -> None:
        """Name items that could not be taken."""
        for problem in problems:
            say(printable(f"{problem.where}: {problem.reason}"))
            self._failed.append(problem)
            self._run.step(failed=1)

    def skip(self, noun: str, names: Sequence[str], reason: str, hint: str = "") -> None:
        """Remember items that are left out on purpose, and why."""
        if names:
            self._skipped[_Reason(noun=noun, text=reason, hint=hint)] += names

    def _lines(self) -> Iterator[Told]:
        for noun, sums in self._sums.items():
            parts = [n for word, n in sums.items() if word in _PARTS] or [max(sums.values())]
            yield Told(item=noun, n=sum(parts), note=_counted(sums))
        for reason, names in self._skipped.items():
            yield Told(item=f"{reason.noun} skipped", n=len(names), note=f"{reason.text}: {_listed(names)}")
        if self._failed:
            shown = _listed([f"{problem.where}: {problem.reason}" for problem in self._failed], "; ")
            yield Told(item="could not be taken", n=len(self._failed), note=shown)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for noun, sums in self._sums.items():
            say(f"{noun}: {_counted(sums)}")
        for reason, names in self._skipped.items():
            say(printable(f"skipped {len(names):,} {reason.noun}, {reason.text}: {_listed(names)}"))
            if reason.hint:
                say(f"hint: {reason.hint}")
        if (lines := _told.get()) is not None:
            lines += self._lines()
        if error is None and self._run.failed:
            items = "item" if self._run.failed == 1 else "items"
            hint = "put them right and run the same command again: what is there stays"
            raise SomeItemsFailed(f"{self._run.failed:,} {items} could not be taken, listed above", hint)


def _counted(sums: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {word.replace('_', ' ')}" for word, n in sums.items() if n or word in _ALWAYS)


def _listed(names: Sequence[str], separator: str = ", ") -> str:
    more = f" and {len(names) - _EXAMPLES:,} more" if len(names) > _EXAMPLES else ""
    return f"{separator.join(names[:_EXAMPLES])}{more}"


def tracked(items: Sequence[T], label: str) -> Iterable[T]:
    """The items, with a progress bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, description=label, console=Console(stderr=True), transient=True)


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr where that is a terminal; what it gives is told how many more are done."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)
