"""Pictures for tests, drawn by code."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def drawing(seed: int, size: tuple[int, int] = (96, 64)) -> Image.Image:
    """A picture of a few large rectangles; another seed gives one that looks different."""
    random = np.random.default_rng(seed)
    blocks = random.integers(0, 256, (4, 6, 3), dtype=np.uint8)
    return Image.fromarray(blocks).resize(size, Image.Resampling.NEAREST)


def encoded(image: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    """Bytes of a picture file."""
    content = io.BytesIO()
    image.save(content, format_, **options)
    return content.getvalue()


def save(folder: Path, name: str, content: bytes) -> Path:
    """Write a file, making its folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
