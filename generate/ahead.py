"""Work that threads do ahead of who needs it, in order, and never far ahead."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
MAX_THREADS = 8


def done_ahead(work: Callable[[T], R], items: Iterable[T], ahead: int) -> Iterator[R]:
    """Results in the order of the items, each computed in a thread before it is asked for.

    Args:
        work: thread-safe.
        items: taken lazily.
        ahead: results that may wait; at least one for every thread.
    """
    threads = min(os.cpu_count() or 1, MAX_THREADS)
    waiting: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="prepare")
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > max(threads, ahead):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
