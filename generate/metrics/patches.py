"""An image cut into a grid of patches."""

import numpy as np
from PIL import Image

from workbench.errors import MetricError

GRID = 4
"""Patches a side: K = 16."""


def grid_crops(image: Image.Image, grid: int = GRID) -> list[Image.Image]:
    """Cut an image into grid × grid patches, row-major.

    A patch is side // grid pixels long; the last row and the last column take the rest.

    Args:
        image: of at least grid × grid pixels.
        grid: patches a side.

    Returns:
        grid² images that cover every pixel once.

    Raises:
        MetricError: If the image is smaller than the grid.

    Source: the released ``compute_VR.py`` of arXiv:2511.11435.
    """
    columns, rows = _edges(image.width, grid), _edges(image.height, grid)
    if not columns or not rows:
        raise MetricError(f"a picture of {image.width}×{image.height} pixels cannot be cut {grid}×{grid}")
    return [image.crop((columns[c], rows[r], columns[c + 1], rows[r + 1])) for r in range(grid) for c in range(grid)]


def _edges(side: int, grid: int) -> list[int]:
    step = side // grid
    return [*(i * step for i in range(grid)), side] if step else []


def entropy(patch: Image.Image) -> float:
    """Shannon entropy of the grey levels of a patch.

    Args:
        patch: of any mode; colours are weighed by luma.

    Returns:
        Bits, from 0 (blank) to 8 (all 256 levels alike often).

    Raises:
        MetricError: If it has no pixels.
    """
    counts = np.array(patch.convert("L").histogram(), dtype=np.float64)
    total = counts.sum()
    if not total:
        raise MetricError("a patch without pixels has no entropy")
    shares = counts[counts > 0] / total
    return float(abs((shares * np.log2(shares)).sum()))
