"""Lots: items that are handed to a worker together, and what becomes of them where workers die."""

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic

from generate.engines.engine import I, Work

SUSPECT = 2
"""Deaths after which the groups of a lot are handed out one by one, to find the one that is to blame."""
MOST_DEATHS = 3
"""Deaths after which a group is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot(Generic[I]):
    """Items that are handed out together."""

    items: list[I]
    deaths: int = 0
    """Of workers that had it in hand."""


class Lots(Generic[I]):
    """Cuts items into lots, as they are asked for; those that come back go first.

    Args:
        work: says what belongs together.
        items: in their order.
    """

    def __init__(self, work: Work[Any, I, Any, Any], items: Iterable[I]) -> None:
        self._work = work
        self._fresh = self._cut(items)
        self._back: deque[Lot[I]] = deque()

    def take(self, *, behind: bool = False) -> Lot[I] | None:
        """The next lot; None: there is none now.

        Args:
            behind: it is to wait behind another. One that is suspected does not: where its worker dies, it has to be
                certain over what.
        """
        if self._back and not (behind and self._back[0].deaths):
            return self._back.popleft()
        return next(self._fresh, None)

    def give_back(self, lot: Lot[I]) -> None:
        """Take back a lot that its worker never came to."""
        self._back.appendleft(lot)

    def died(self, lot: Lot[I]) -> Lot[I] | None:
        """Take back a lot whose worker died over it.

        Returns:
            The lot, where it has had that too often and is to be given up; None: it is tried again.
        """
        deaths = lot.deaths + 1
        groups = [list(group) for _, group in itertools.groupby(lot.items, self._work.group)]
        if len(groups) > 1 and deaths >= SUSPECT:
            self._back.extendleft(Lot(items=group, deaths=1) for group in reversed(groups))
        elif deaths >= MOST_DEATHS:
            return Lot(items=lot.items, deaths=deaths)
        else:
            self._back.appendleft(Lot(items=lot.items, deaths=deaths))
        return None

    def _cut(self, items: Iterable[I]) -> Iterator[Lot[I]]:
        gathered: list[I] = []
        for _, group in itertools.groupby(items, self._work.group):
            while part := list(itertools.islice(group, self._work.most)):
                gathered += part
                if len(gathered) >= self._work.enough:
                    yield Lot(items=gathered)
                    gathered = []
        if gathered:
            yield Lot(items=gathered)
