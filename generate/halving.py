"""Batches that fail: their halves, and theirs, so that only the bad items do (or all fit into memory)."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from generate.reasons import device_failed

A = TypeVar("A")
B = TypeVar("B")


def in_halves(work: Callable[[Sequence[A]], Iterable[B]], items: Sequence[A]) -> list[B | Exception]:
    """Do a batch; where that fails, its halves.

    Args:
        work: items → one result each, in order; a failure says nothing of any single one.
        items: at least one.

    Returns:
        For each item its result, or why there is none.

    Raises:
        ModelError: If the device has failed.
    """
    import torch

    try:
        return list(work(items))
    except torch.AcceleratorError as error:
        raise device_failed(error) from error
    except Exception as error:
        if len(items) == 1:
            return [error]
    half = len(items) // 2
    return in_halves(work, items[:half]) + in_halves(work, items[half:])
