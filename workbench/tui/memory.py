"""What is freed goes back to the system at once, instead of being kept for later."""

import contextlib
import ctypes

import pyarrow as pa

MAPPED = 1 << 20
"""A block of so many bytes is mapped by itself, and unmapped when it is freed."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of ``malloc.h``."""


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
