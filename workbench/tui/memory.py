"""Memory: when garbage is looked for, and that what is freed goes back to the system at once."""

import contextlib
import ctypes
import gc

import pyarrow as pa

WORTHWHILE, PATIENCE = 10, 200
"""Collections of what is young since the last one of all (each after 7,000 new objects): before all is gone through
at rest, and before it is in any case."""
MAPPED = 1 << 20
"""A block of so many bytes is mapped by itself, and unmapped when it is freed."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of ``malloc.h``."""


def collect_at_rest() -> None:
    """Leave the whole heap to ``tidy``: going through it stops the screen for a fifth of a second, again and again.

    What is imported stays, and is not gone through at all. The collector does so by itself only where it is not asked
    for very long.
    """
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, PATIENCE)


def tidy() -> None:
    """Free what is garbage, if there may be much of it; to be called while nobody waits."""
    if gc.get_count()[2] >= WORTHWHILE:
        gc.collect()


def give_back_at_once() -> None:
    """Let the C library allocate for Arrow, and keep no large block that was freed.

    Arrow's own allocator keeps what one thread allocated and another freed; the C library raises its limits with
    every block, up to 32 MB. A table of half a million rows left as much again behind, for nothing.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    with contextlib.suppress(AttributeError, OSError):  # of glibc alone
        libc = ctypes.CDLL(None)
        libc.mallopt(M_MMAP_THRESHOLD, MAPPED)
        libc.mallopt(M_TRIM_THRESHOLD, MAPPED)
