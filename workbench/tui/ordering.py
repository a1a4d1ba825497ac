"""Half a million images in any order: what no threshold changes is sorted once.

A column of few values is sorted by counting, in a few milliseconds: a slider that moves sorts by no more than that.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int32]
"""Of images."""
OF_CELLS = ("label", "model_id", "perturbation")
"""Columns that images have from their cell."""
COUNTED = np.iinfo(np.uint16).max
"""Whole numbers below this are sorted by counting them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOrder:
    """An order of images."""

    column: str
    descending: bool
    group: str | None = None
    """A column whose equal values stay together; None: none does."""


class ImageOrders:
    """The orders of the images of one state of the file; those that hold for every threshold are kept.

    Args:
        images: cell, seed, variant, s: row i is image i.
        ranks: of each cell, in order of ``cell``: its place by label, by model and by perturbation.
    """

    def __init__(self, images: pa.Table, ranks: pa.Table) -> None:
        self._images = images
        cell = images["cell"].to_numpy()
        self._of_cells = {name: pa.chunked_array([ranks[name].combine_chunks().take(cell)]) for name in OF_CELLS}
        plain = np.lexsort([images[name].to_numpy() for name in ("seed", "variant", "cell")])
        self._plain: Numbers = plain.astype(np.int32)
        self._kept: dict[ImageOrder, Numbers] = {}

    def of(self, order: ImageOrder, measured: pa.Table) -> Numbers:
        """Numbers of the images in an order: alike ones by cell, variant and seed, those without a value last.

        Args:
            order: the order.
            measured: of every image, what the thresholds of now say of it.
        """
        if order in self._kept:
            return self._kept[order]
        moves = order.column in measured.column_names
        values = measured[order.column] if moves else self._column(order.column)
        found = self._plain if values is None else sorted_by(values, self._plain, descending=order.descending)
        group = None if order.group is None else self._column(order.group)
        if group is not None:
            found = sorted_by(group, found, descending=False)
        if not moves:
            self._kept[order] = found
        return found

    def _column(self, name: str) -> pa.ChunkedArray | None:
        """A column of every image; None: they have none of this name."""
        if name in self._of_cells:
            return self._of_cells[name]
        return self._images[name] if name in self._images.column_names else None


def sorted_by(values: pa.ChunkedArray, order: Numbers, *, descending: bool) -> Numbers:
    """An order, sorted by values: NULLs come last either way, and what is alike stays in the order that it has.

    Args:
        values: of every image: numbers of any kind, whole ones from 0, or truths.
        order: numbers of images.
        descending: the highest first.
    """
    found: Numbers = order[np.argsort(_keys(values, descending)[order], kind="stable")]
    return found


def _keys(values: pa.ChunkedArray, descending: bool) -> npt.NDArray[Any]:
    """What sorts ascending as the values are to be sorted; of 16 bits where that is enough."""
    if pa.types.is_floating(values.type):
        numbers: npt.NDArray[Any] = values.to_numpy()
        return -numbers if descending else numbers
    whole: npt.NDArray[np.int64] = pc.fill_null(values.cast(pa.int64()), -1).to_numpy()
    top = int(whole.max(initial=0))
    keys = np.where(whole < 0, top + 1, top - whole if descending else whole)
    return keys.astype(np.uint16) if top < COUNTED else keys
