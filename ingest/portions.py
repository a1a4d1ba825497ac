"""Asking for many items in portions that an endpoint can answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest.sparql import TooMuch

T = TypeVar("T")
A = TypeVar("A")
_GOOD = 4
"""Portions answered one after the other before a larger one is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion(Generic[T, A]):
    """Items that were asked for together, and the answer."""

    items: Sequence[T]
    answer: A


def in_portions(
    items: Sequence[T], most: int, ask: Callable[[Sequence[T]], A], tell: Callable[[str], None]
) -> Iterator[Portion[T, A]]:
    """Ask for items, fewer at a time where it is too much at once: half, and half again, down to a single one.

    Args:
        items: in order.
        most: items at a time.
        ask: raises ``TooMuch`` where less might be answered.
        tell: is told of every halving.

    Raises:
        TooMuch: If a single item gets no answer; the portions before it were given.
    """
    size, start, good = most, 0, 0
    while start < len(items):
        portion = items[start : start + size]
        try:
            answer = ask(portion)
        except TooMuch as error:
            if len(portion) == 1:
                raise
            size, good = len(portion) // 2, 0
            tell(f"{error.message}: asking for {size} at a time")
            continue
        yield Portion(items=portion, answer=answer)
        start, good = start + len(portion), good + 1
        if good == _GOOD:
            size, good = min(most, 2 * size), 0
