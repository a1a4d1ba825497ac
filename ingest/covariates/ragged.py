"""Lists of numbers of different lengths, looked up many at a time."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Ragged:
    """Lists of numbers.

    Args:
        lists: each may be empty.
    """

    def __init__(self, lists: Sequence[Sequence[int]]) -> None:
        self._lengths = np.array([len(numbers) for numbers in lists], dtype=np.int64)
        self._begins = np.cumsum(self._lengths) - self._lengths
        self._values = np.array([number for numbers in lists for number in numbers], dtype=np.int64)

    def __bool__(self) -> bool:
        return bool(len(self._values))

    def of(self, which: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The numbers in some lists, one list after the other.

        Args:
            which: [N] places of the lists.

        Returns:
            [N] how many numbers are of each, and they themselves.
        """
        lengths = self._lengths[which]
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return lengths, self._values[np.repeat(self._begins[which], lengths) + within]
