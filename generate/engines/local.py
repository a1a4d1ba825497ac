"""This process computes."""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from generate.engines.engine import A, EngineChoice, I, R, S, Work

L = TypeVar("L")


class LocalEngine(Generic[L]):
    """The model in this process: items pass it in one stream.

    Args:
        load: makes what it holds.
        choice: says no more.
        device: is known to ``load``.
    """

    def __init__(self, load: Callable[[], L], choice: EngineChoice, device: str) -> None:
        self._loaded = load()

    def ask(self, question: Callable[[L], A]) -> A:
        """What the model answers."""
        return question(self._loaded)

    def do(self, work: Work[L, I, R, S], items: Iterable[I], note: Callable[[str], None]) -> Iterator[Callable[[], S]]:
        """Do items, one after the other."""
        for result in work.compute(self._loaded, items, note):
            yield functools.partial(work.finish, result)

    def close(self) -> None:
        """Nothing to give back: the process ends."""
