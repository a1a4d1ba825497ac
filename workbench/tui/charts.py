"""Charts out of characters: pure functions from numbers to lines of text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
BLOCKS = " ▁▂▃▄▅▆▇█"
SIDEWAYS = " ▏▎▍▌▋▊▉█"
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille character, by row and column."""
DOTS_WIDE, DOTS_HIGH = 2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A stretch of numbers, linear or logarithmic."""

    low: float
    high: float
    log: bool = False
    """Of 1 + value: a frequency of 0 has its place."""

    def place(self, values: Values) -> Values:
        """Where values lie on it, 0 to 1."""
        low, high, found = self._scaled(np.array([self.low])), self._scaled(np.array([self.high])), self._scaled(values)
        span = float((high - low)[0])
        return (found - low[0]) / span if span else np.full(values.shape, 0.5)

    def _scaled(self, values: Values) -> Values:
        return np.log1p(np.maximum(values, 0)) if self.log else values


def axis_of(values: Values, log: bool = False) -> Axis:
    """The axis that holds all values."""
    known = values[np.isfinite(values)]
    if not known.size:
        return Axis(low=0.0, high=1.0)
    return Axis(low=float(known.min()), high=float(known.max()), log=log)


def counts(values: Values, axis: Axis, bins: int) -> npt.NDArray[np.int64]:
    """How many values fall into each of so many equal parts of an axis; those outside are left out."""
    places = axis.place(values[np.isfinite(values)])
    inside = places[(places >= 0) & (places <= 1)]
    return np.bincount(np.minimum((inside * bins).astype(np.int64), bins - 1), minlength=bins)


def histogram(values: Values, axis: Axis, width: int) -> str:
    """A line of blocks; any value at all shows."""
    found = counts(values, axis, width)
    return "".join(BLOCKS[level] for level in _levels(found, len(BLOCKS) - 1))


def sideways(values: Values, axis: Axis, height: int, width: int) -> list[str]:
    """A histogram that grows to the right, highest values on top."""
    found = _levels(counts(values, axis, height), (len(SIDEWAYS) - 1) * width)
    lines = []
    for level in reversed(found):
        whole, part = divmod(level, len(SIDEWAYS) - 1)
        lines.append(("█" * whole + (SIDEWAYS[part] if part else "")).ljust(width))
    return lines


def _levels(found: npt.NDArray[np.int64], most: int) -> list[int]:
    top = max(1, int(found.max(initial=0)))
    return [0 if n == 0 else max(1, round(int(n) / top * most)) for n in found]


class Braille:
    """A canvas of dots, two by four in a character.

    Args:
        width: characters.
        height: characters.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._bits = np.zeros((height, width), dtype=np.int64)

    def dot(self, x: float, y: float) -> None:
        """Set the dot at x from the left and y from below, each 0 to 1; outside: nothing."""
        column, row = round(x * (self.width * DOTS_WIDE - 1)), round((1 - y) * (self.height * DOTS_HIGH - 1))
        if 0 <= column < self.width * DOTS_WIDE and 0 <= row < self.height * DOTS_HIGH:
            self._bits[row // DOTS_HIGH, column // DOTS_WIDE] |= _DOTS[row % DOTS_HIGH][column % DOTS_WIDE]

    def lines(self) -> list[str]:
        """The canvas as text."""
        return ["".join(chr(0x2800 + int(bits)) if bits else " " for bits in row) for row in self._bits]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Column and row of the character that holds a place."""
        column = min(self.width - 1, max(0, round(x * (self.width * DOTS_WIDE - 1)) // DOTS_WIDE))
        return column, min(self.height - 1, max(0, round((1 - y) * (self.height * DOTS_HIGH - 1)) // DOTS_HIGH))


def short_number(value: float) -> str:
    """A number on an axis."""
    if abs(value) >= 10_000:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2g}"


def dots(x: Values, y: Values, along: Axis, up: Axis, width: int, height: int) -> Braille:
    """Points on a canvas."""
    canvas = Braille(width, height)
    for px, py in zip(along.place(x), up.place(y), strict=True):
        canvas.dot(float(px), float(py))
    return canvas


def stroke(rows: list[list[str]], ends: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Write a line between the points, told from them by its shape; a cell that has points keeps them.

    Args:
        rows: of characters; changed.
        ends: places of the line at the left and the right edge; empty: there is none.

    Returns:
        Column and row of what was written.
    """
    if not ends or not rows:
        return []
    line, (start, end) = Braille(len(rows[0]), len(rows)), (ends[0][1], ends[1][1])
    steps = 2 * max(line.width * DOTS_WIDE, line.height * DOTS_HIGH)
    for share in np.linspace(0, 1, steps):
        line.dot(float(share), start + float(share) * (end - start))
    written = []
    for row, marks in enumerate(line.lines()):
        for column, mark in enumerate(marks):
            if mark != " " and rows[row][column] == " ":
                rows[row][column] = mark
                written.append((column, row))
    return written


def fit_line(x: Values, y: Values, along: Axis, up: Axis) -> Sequence[tuple[float, float]]:
    """The least-squares line through the points as they are drawn: its places at the left and the right edge."""
    px, py = along.place(x), up.place(y)
    if px.size < 2 or np.ptp(px) == 0:
        return []
    slope, start = np.polyfit(px, py, 1)
    return [(0.0, float(start)), (1.0, float(start + slope))]


def cross(
    rows: list[list[str]],
    centre: tuple[int, int],
    across: tuple[int, int] | None,
    upright: tuple[int, int] | None,
    *,
    heavy: bool,
) -> list[tuple[int, int]]:
    """Write the intervals of a point over a canvas: lines through it, light ones behind what is there.

    Args:
        rows: of single characters.
        centre: column and row of the point.
        across: columns of the ends of one interval; None: it has none.
        upright: rows of the ends of the other.
        heavy: draw it over what is there.

    Returns:
        Columns and rows that were written.
    """
    column, row = centre
    cells = [(x, row) for x in range(across[0], across[1] + 1)] if across else []
    cells += [(column, y) for y in range(upright[0], upright[1] + 1)] if upright else []
    line, wall = "━┃" if heavy else "─│"
    written = []
    for x, y in cells:
        mark = line if y == row else wall
        if heavy or rows[y][x] == " ":
            rows[y][x] = mark
        elif rows[y][x] in "─│" and rows[y][x] != mark:
            rows[y][x] = "┼"
        else:
            continue
        written.append((x, y))
    return written
