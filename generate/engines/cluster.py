"""``--engine ray``: workers on a cluster hold the model; this process hands items out, and takes the results."""

import functools
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from generate.engines.connection import Connection
from generate.engines.engine import A, EngineChoice, I, R, S, Work
from generate.engines.hands import LIBRARIES, Done, Hands, versions_here
from generate.engines.lots import Lot, Lots
from generate.reasons import DeviceFailed
from workbench.errors import ModelError, WorkbenchError, reason
from workbench.options import say

L = TypeVar("L")
IN_HAND = 2
"""Lots of a worker: one that it does, and one that waits, so that it never does."""
MOST_IN_A_ROW = 10
"""Deaths of workers with no lot done between them: then the cluster is broken, not the items."""
MOST_STARTS = 3
"""Times that a worker fails to start before it is left away."""
LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 60.0
"""Without a worker, before that is said."""


class _Died(Exception):
    """A worker is no more; why."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Worker:
    actor: Any
    starting: Any
    """Reference to the end of its start; None: it has started."""
    in_hand: deque[tuple[Any, Lot[Any]]] = field(default_factory=deque)
    """References to results, and what they are of, the oldest first."""
    failed_starts: int = 0


class RayEngine(Generic[L]):
    """Actors of Ray, which hold the model; one that dies is replaced, and what it had in hand done by others.

    Args:
        load: makes what each holds.
        choice: how many, and where.
        device: that ``load`` brings it onto.
        libraries: that decide what comes out: all have to have the same versions.
    """

    def __init__(
        self, load: Callable[[], L], choice: EngineChoice, device: str, libraries: Collection[str] = LIBRARIES
    ) -> None:
        gpus = choice.gpus_per_worker if device.startswith("cuda") else 0.0
        self._ray = Connection(choice.ray_address)
        self._new = functools.partial(self._ray.actor, Hands, gpus, load, versions_here(libraries))
        self._in_a_row = 0
        self._proven = False
        self._workers: list[_Worker] = []
        try:
            count = self._ray.room(gpus) if choice.workers is None else choice.workers
            for _ in range(count):
                self._add(failed_starts=0)
        except BaseException:
            self.close()
            raise

    def ask(self, question: Callable[[L], A]) -> A:
        """What the first worker that has started answers; others go on starting."""
        while True:
            ready = next((worker for worker in self._workers if worker.starting is None), None)
            if ready is None:
                self._attend(self._wait(say), say)
                continue
            try:
                answer: A = self._get(ready.actor.ask.remote(question))
                return answer
            except _Died as error:
                self._bury(ready, str(error))

    def do(self, work: Work[L, I, R, S], items: Iterable[I], note: Callable[[str], None]) -> Iterator[Callable[[], S]]:
        """Do items; results come as lots are done, those of one lot in order."""
        lots = Lots(work, items)
        while self._hand_out(work, lots):
            for reference in self._wait(note):
                worker = next(worker for worker in self._workers if _awaited(worker) == reference)
                if worker.starting is not None:
                    self._attend([reference], note)
                    continue
                try:
                    done: Done = self._get(reference)
                except _Died as error:
                    note(f"a worker died: {error}; another takes over")
                    yield from self._taken_over(work, lots, worker, str(error))
                    continue
                self._in_a_row = 0
                worker.in_hand.popleft()
                for text in done.notes:
                    note(text)
                for result in done.results:
                    yield functools.partial(_identity, result)

    def close(self) -> None:
        """End the actors, and the cluster where it was started for them."""
        for worker in self._workers:
            self._ray.kill(worker.actor)
        self._ray.close()

    def _hand_out(self, work: Work[L, I, Any, Any], lots: Lots[I]) -> bool:
        """Give every worker that has started its due; false: nothing is in hand, and nothing left."""
        left = True
        for depth in range(IN_HAND):  # the first of everyone before the second of anyone
            for worker in self._workers:
                if left and _has_room(worker, depth):
                    lot = lots.take(behind=bool(worker.in_hand))
                    left = lot is not None
                    if lot is not None:
                        worker.in_hand.append((worker.actor.do.remote(work, lot.items), lot))
        if any(worker.in_hand for worker in self._workers):
            return True
        lot = lots.take()
        if lot is not None:
            lots.give_back(lot)
        return lot is not None

    def _wait(self, note: Callable[[str], None]) -> list[Any]:
        """References of which something came: of starts, and of the lot that each worker does."""
        begun = time.monotonic()
        said = False
        while True:
            awaited = [_awaited(worker) for worker in self._workers]
            found = self._ray.ready([one for one in awaited if one is not None], LOOK_SECONDS)
            if found:
                return found
            idle = all(worker.starting is not None for worker in self._workers)
            if idle and not said and time.monotonic() - begun > PATIENCE_SECONDS:
                said = True
                note("no worker has started yet: the cluster has no room for one, or it is loading the model")

    def _attend(self, references: Iterable[Any], note: Callable[[str], None]) -> None:
        """Take workers into service that have started; those that could not get another try.

        Raises:
            WorkbenchError: If none is left.
        """
        for worker in [w for w in self._workers if w.starting in list(references)]:
            try:
                self._get(worker.starting)
                worker.starting = None
                self._proven = True
            except (_Died, WorkbenchError) as error:
                if isinstance(error, WorkbenchError) and not self._proven:
                    raise
                self._not_started(worker, str(error), note)

    def _not_started(self, worker: _Worker, why: str, note: Callable[[str], None]) -> None:
        self._remove(worker)
        self._count(why)
        if worker.failed_starts + 1 < MOST_STARTS:
            note(f"a worker could not start, and tries again: {why}")
            self._add(failed_starts=worker.failed_starts + 1)
        elif self._workers:
            note(f"going on without a worker that cannot start: {why}")
        else:
            raise ModelError(f"no worker can start: {why}", "what was written stays")

    def _taken_over(
        self, work: Work[L, I, R, S], lots: Lots[I], worker: _Worker, why: str
    ) -> Iterator[Callable[[], S]]:
        """Hand back what a dead worker had; what has killed too many is given up."""
        (_, blamed), *waited = worker.in_hand
        self._bury(worker, why)
        for _, lot in reversed(waited):
            lots.give_back(lot)
        given_up = lots.died(blamed)
        if given_up is not None:
            text = f"{given_up.deaths} workers died over it: {why}"
            yield functools.partial(work.lost, given_up.items, text)

    def _bury(self, worker: _Worker, why: str) -> None:
        self._remove(worker)
        self._count(why)
        self._add(failed_starts=0)

    def _count(self, why: str) -> None:
        self._in_a_row += 1
        if self._in_a_row >= MOST_IN_A_ROW:
            hint = "what was written stays; run the same command again to go on"
            raise ModelError(f"{self._in_a_row} workers died in a row, the last: {why}", hint)

    def _add(self, *, failed_starts: int) -> None:
        actor = self._new()
        self._workers.append(_Worker(actor=actor, starting=actor.start.remote(), failed_starts=failed_starts))

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        self._ray.kill(worker.actor)

    def _get(self, reference: Any) -> Any:
        """The result of a worker.

        Raises:
            _Died: If it, or its device, is no more.
            WorkbenchError: As the worker raises it.
        """
        try:
            return self._ray.get(reference)
        except self._ray.task_error as error:
            cause = error.cause
            if isinstance(cause, WorkbenchError) and not isinstance(cause, DeviceFailed):
                raise cause from None
            raise _Died(reason(cause)) from error
        except self._ray.any_error as error:
            raise _Died(self._ray.why(error)) from error


def _has_room(worker: _Worker, depth: int) -> bool:
    """Whether a worker takes a lot that so many are before; nothing waits behind one that is suspected."""
    alone = any(lot.deaths for _, lot in worker.in_hand)
    return worker.starting is None and len(worker.in_hand) <= depth and not alone


def _awaited(worker: _Worker) -> Any:
    """Reference to what comes next of a worker; None: it has nothing in hand."""
    if worker.starting is not None:
        return worker.starting
    return worker.in_hand[0][0] if worker.in_hand else None


def _identity(result: S) -> S:
    return result
