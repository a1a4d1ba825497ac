"""The picture of ``wb show``: the image with its patches, and the matching patch of a reference image for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageEnhance, ImageFont

REUSED, GAP, STRIP = "#D55E00", 16, 24
"""Colour of the outline; pixels between the halves; pixels of the line of text above."""
SIDE = 768
"""Pixels of the longer side of a half."""
DIM = 0.35
"""Brightness of what is not reused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A patch of the image, and the one that is most like it."""

    patch: Image.Image
    reference: Image.Image
    p: float
    reused: bool


def draw_matches(matches: Sequence[Match], size: tuple[int, int], titles: tuple[str, str]) -> Image.Image:
    """Draw both halves: what is reused is outlined, the rest is dimmed.

    Args:
        matches: row-major, of a square grid.
        size: of the image, pixels: its shape is kept.
        titles: of the halves.
    """
    grid = round(len(matches) ** 0.5)
    scale = SIDE / max(size)
    wide, high = (max(1, round(side * scale / grid)) for side in size)
    canvas = Image.new("RGB", (2 * grid * wide + GAP, grid * high + STRIP), "white")
    pen = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(14)
    for half, title in enumerate(titles):
        left = half * (grid * wide + GAP)
        pen.text((left + 4, 4), title, fill="black", font=font)
        for k, match in enumerate(matches):
            corner = left + k % grid * wide, STRIP + k // grid * high
            cell = (match.reference if half else match.patch).resize((wide, high), Image.Resampling.LANCZOS)
            canvas.paste(cell if match.reused else ImageEnhance.Brightness(cell).enhance(DIM), corner)
            if half:
                pen.text(
                    (corner[0] + 5, corner[1] + 4), f"{match.p:.2f}", "white", font, stroke_width=2, stroke_fill="black"
                )
        for k, match in enumerate(matches):
            if match.reused:
                x, y = left + k % grid * wide, STRIP + k // grid * high
                pen.rectangle((x, y, x + wide - 1, y + high - 1), outline=REUSED, width=3)
    return canvas
