"""Pictures from the images folder: opened, cut, outlined."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

PIXELS = 768
"""Longest side of a picture that is kept in memory."""
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises for a file that is no picture."""
GRID = 4
"""Patches a side."""
LEAST_SIDE = 256
"""A smaller picture is enlarged before lines are drawn on it."""
REUSED, CHOSEN, SHADE = (240, 198, 116), (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture, or why there is none."""

    path: Path
    image: Image.Image | None
    problem: str = ""


def open_picture(path: Path) -> Drawn:
    """Open a picture file, small enough to keep."""
    try:
        with Image.open(path) as file:
            file.draft("RGB", (PIXELS, PIXELS))
            image = ImageOps.exif_transpose(file).convert("RGB")
    except FileNotFoundError:
        return Drawn(path=path, image=None, problem="the file is not there")
    except UNREADABLE as error:
        return Drawn(path=path, image=None, problem=f"cannot be read: {str(error).splitlines()[0]}")
    image.thumbnail((PIXELS, PIXELS))
    return Drawn(path=path, image=image)


def patch_box(width: int, height: int, patch: int) -> tuple[int, int, int, int]:
    """Where a patch of the grid lies in a picture: left, top, right, bottom; the last row and column take the rest."""
    row, column = divmod(patch, GRID)

    def edge(side: int, i: int) -> int:
        return side if i == GRID else i * (side // GRID)

    return edge(width, column), edge(height, row), edge(width, column + 1), edge(height, row + 1)


def cut_patch(drawn: Drawn, patch: int) -> Drawn:
    """The patch alone."""
    if drawn.image is None:
        return drawn
    return Drawn(path=drawn.path, image=drawn.image.crop(patch_box(*drawn.image.size, patch)))


def _frame(pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], colour: tuple[int, int, int], width: int) -> None:
    """Draw a frame inside a box, with a dark edge that shows on any colour."""
    left, top, right, bottom = box
    pen.rectangle((left, top, right - 1, bottom - 1), outline=colour, width=width)
    pen.rectangle((left, top, right - 1, bottom - 1), outline=SHADE, width=max(1, width // 4))


def outline(drawn: Drawn, reused: Sequence[int], chosen: int | None) -> Drawn:
    """The picture with reused patches framed, and the chosen one in white, within its frame where it is reused.

    Args:
        drawn: the picture.
        reused: numbers of patches, row-major from 0.
        chosen: number of the patch under the cursor.
    """
    if drawn.image is None:
        return drawn
    scale = max(1, LEAST_SIDE // min(drawn.image.size))
    image = drawn.image.resize((drawn.image.width * scale, drawn.image.height * scale), Image.Resampling.BICUBIC)
    pen, line = ImageDraw.Draw(image), max(1, min(image.size) // 60)
    for patch in reused:
        _frame(pen, patch_box(*image.size, patch), REUSED, line * 2)
    if chosen is not None:
        left, top, right, bottom = patch_box(*image.size, chosen)
        inset = line * 2 if chosen in reused else 0  # within the frame that says that it is reused
        _frame(pen, (left + inset, top + inset, right - inset, bottom - inset), CHOSEN, line * 2)
    return Drawn(path=drawn.path, image=image)
