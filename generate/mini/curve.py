"""Draws loss curves, with Pillow alone."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

_WIDTH, _HEIGHT, _MARGIN = 640, 300, 44


def draw_curves(path: Path, logs: Sequence[Path]) -> None:
    """One panel a log, losses on a logarithmic scale against steps."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT * len(logs)), "white")
    for i, log in enumerate(logs):
        image.paste(_panel(log), (0, _HEIGHT * i))
    image.save(path)


def _panel(log: Path) -> Image.Image:
    with log.open(encoding="utf-8", newline="") as file:
        rows = [(int(row["step"]), float(row["loss"])) for row in csv.DictReader(file)]
    image = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    draw.text((_MARGIN, 10), f"{log.stem}: loss against step", fill="black")
    draw.rectangle((_MARGIN, 30, _WIDTH - 12, _HEIGHT - 26), outline="#999999")
    if len(rows) < 2:
        return image
    low, high = min(loss for _, loss in rows), max(loss for _, loss in rows)
    points = [_place(step / rows[-1][0], loss, low, high) for step, loss in rows]
    draw.line([v for point in points for v in point], fill="#1c3f94", width=2)
    draw.text((4, 30), f"{high:.3f}", fill="black")
    draw.text((4, _HEIGHT - 40), f"{low:.3f}", fill="black")
    draw.text((_WIDTH - 60, _HEIGHT - 20), f"{rows[-1][0]:,}", fill="black")
    return image


def _place(done: float, loss: float, low: float, high: float) -> list[float]:
    up = (math.log(loss) - math.log(low)) / max(1e-9, math.log(high) - math.log(low))
    return [_MARGIN + done * (_WIDTH - 12 - _MARGIN), _HEIGHT - 26 - up * (_HEIGHT - 56)]
