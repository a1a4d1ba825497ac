"""Draws pictures: one renderer, any size, the same pixels every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFilter

from generate.mini.pictures import Picture
from generate.mini.shapes import Path, Points

_FINE = 4
"""Drawn so many times larger, then reduced: smooth edges that no platform's anti-aliasing can change."""


class Style(StrEnum):
    """How the shapes are laid down."""

    FLAT = "flat"
    OUTLINE = "outline"
    HATCHED = "hatched"
    SOFT = "soft"
    TILES = "tiles"


@dataclass(frozen=True, slots=True)
class _Canvas:
    image: Image.Image
    draw: ImageDraw.ImageDraw
    scale: float
    """Pixels per cent."""


def render(picture: Picture, size: int = 64, style: Style = Style.FLAT) -> Image.Image:
    """The picture as RGB, size × size pixels."""
    image = _ground(picture, size * _FINE)
    canvas = _Canvas(image, ImageDraw.Draw(image), size * _FINE / 100)
    for path in picture.paths:
        _lay(canvas, path, picture.palette[path.colour], style)
    reduced = image.reduce(_FINE)
    if style is Style.SOFT:
        return reduced.filter(ImageFilter.GaussianBlur(size / 75))
    if style is Style.TILES:
        return reduced.resize((22, 22), Image.Resampling.BOX).resize((size, size), Image.Resampling.NEAREST)
    return reduced


def _ground(picture: Picture, side: int) -> Image.Image:
    top, bottom = (
        np.array(ImageColor.getrgb(picture.palette[picture.ground[i]])[:3], dtype=np.float64) for i in (0, -1)
    )
    t = np.linspace(0, 1, side)[:, None, None]
    rows = np.round(top + t * (bottom - top)).astype(np.uint8)
    return Image.fromarray(np.ascontiguousarray(np.broadcast_to(rows, (side, side, 3))))


def _lay(canvas: _Canvas, path: Path, colour: str, style: Style) -> None:
    points = path.points * canvas.scale
    if path.width:
        _stroke(canvas, points, colour, path.width, round_ends=path.smooth)
    elif style is Style.OUTLINE:
        _stroke(canvas, np.vstack([points, points[:1]]), colour, 2.4, round_ends=True)
    elif style is Style.HATCHED:
        _hatch(canvas, points, colour)
    else:
        canvas.draw.polygon(_flat(points), fill=colour)


def _stroke(canvas: _Canvas, points: Points, colour: str, width: float, *, round_ends: bool) -> None:
    pixels = max(1, round(width * canvas.scale))
    canvas.draw.line(_flat(points), fill=colour, width=pixels, joint="curve")
    if round_ends:
        half = pixels / 2
        for x, y in (points[0], points[-1]):
            canvas.draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)


def _hatch(canvas: _Canvas, points: Points, colour: str) -> None:
    """Fill an area with slanting lines, and draw its edge."""
    side = canvas.image.width
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).polygon(_flat(points), fill=255)
    lines = Image.new("L", (side, side))
    pen = ImageDraw.Draw(lines)
    for offset in range(-side, side, max(2, round(6 * canvas.scale))):
        pen.line((offset, side, offset + side, 0), fill=255, width=max(1, round(2.4 * canvas.scale)))
    inside = np.minimum(np.asarray(mask), np.asarray(lines))
    canvas.image.paste(colour, (0, 0), Image.fromarray(inside))
    _stroke(canvas, np.vstack([points, points[:1]]), colour, 1.2, round_ends=False)


def _flat(points: Points) -> Sequence[float]:
    flat: list[float] = points.ravel().tolist()
    return flat
