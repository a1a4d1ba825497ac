"""Rows on their way into the study, in one thread beside the model: short transactions, nothing held between them."""

import contextlib
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Protocol, Self

from workbench.errors import StoreLocked
from workbench.store import RunLog, Sink, Write

FLUSH_SECONDS = 2.0
"""Rows wait so long for their transaction, or until they are made, whichever is longer."""


class Row(Protocol):
    """A record with a status."""

    @property
    def status(self) -> str:
        """``ok``, or why not."""


class RowWriter:
    """Writes rows of one table, as a context: left by any way, all that it was given is written.

    Args:
        store: the study, or what takes rows in its stead.
        run: the run, whose counts are written with the rows.
        query: that writes them.
        table: that they are rows of.
        waiting: hand-overs that may wait before the model has to.
        flush_seconds: between two transactions.
    """

    def __init__(
        self, store: Sink, run: RunLog, *, query: str, table: str, waiting: int, flush_seconds: float = FLUSH_SECONDS
    ) -> None:
        self.counts: Counter[str] = Counter()
        """Rows by status."""
        self._store = store
        self._run = run
        self._query = query
        self._table = table
        self._allowed = waiting
        self._flush_seconds = flush_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._waiting: deque[Future[None]] = deque()
        self._rows: list[Row] = []
        self._new: Counter[str] = Counter()
        self._last_flush = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def put(self, make: Callable[[], Sequence[Row]]) -> None:
        """Hand over rows, or the work of making them, which is done in the thread; waits where that has fallen behind.

        Raises:
            StoreError: If earlier rows could not be made or written.
        """
        self._waiting.append(self._thread.submit(self._take, make))
        while len(self._waiting) > self._allowed or (self._waiting and self._waiting[0].done()):
            self._waiting.popleft().result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._thread:
            try:
                while self._waiting:
                    self._waiting.popleft().result()
            finally:
                self._thread.submit(self._flush).result()

    def _take(self, make: Callable[[], Sequence[Row]]) -> None:
        rows = make()
        self._rows += rows
        statuses = [row.status for row in rows]
        self.counts.update(statuses)
        self._new.update(statuses)
        if time.monotonic() - self._last_flush >= self._flush_seconds:
            # Where another program holds the file for long, the rows wait for the next turn.
            with contextlib.suppress(StoreLocked):
                self._flush()

    def _flush(self) -> None:
        """Write the rows that wait, and the run's counts with them, in one transaction."""
        if not self._rows:
            return
        failed = self._new["failed"]
        counts = self._run.step(done=self._new.total() - failed, failed=failed)
        self._new.clear()
        self._store.write(Write(query=self._query, table=self._table, records=self._rows), counts)
        self._rows = []
        self._last_flush = time.monotonic()
