"""The shapes that pictures are made of: each becomes one path of points.

Places and lengths are per cent of the picture's side; y runs down; angles are degrees clockwise.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

_ROUND = 48
"""Points of a full turn: at 256 px no corner of an oval is seen."""
_SMOOTH = 12
"""Points between two knots of a smooth line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One shape: an area, or a line of some width."""

    points: Points
    """[N, 2] per cent."""
    colour: str
    """A name of the picture's palette."""
    width: float = 0.0
    """Per cent; 0: the area within the points is filled."""
    smooth: bool = False
    """Round at its ends and bends."""

    @property
    def centre(self) -> Points:
        """The middle of its bounding box."""
        middle: Points = (self.points.min(axis=0) + self.points.max(axis=0)) / 2
        return middle


def parse_shape(text: str) -> Path:
    """The path of a shape's description, ``oval ink 50 50 40 40``.

    Raises:
        ValueError: If it is none.
    """
    kind, colour, *numbers = text.split()
    if kind not in _KINDS:
        raise ValueError(f"unknown shape {kind!r} in {text!r}")
    try:
        return _KINDS[kind](colour, [float(n) for n in numbers])
    except (TypeError, ValueError, IndexError) as error:
        raise ValueError(f"malformed shape {text!r}") from error


def _rect(colour: str, n: list[float]) -> Path:
    cx, cy, w, h = n[:4]
    corners = np.array([(-w, -h), (w, -h), (w, h), (-w, h)]) / 2
    return Path(points=_at(cx, cy, _turned(corners, n[4:])), colour=colour)


def _oval(colour: str, n: list[float]) -> Path:
    cx, cy, w, h = n[:4]
    return Path(points=_at(cx, cy, _turned(_turn(w, h, 0, 360), n[4:])), colour=colour)


def _ring(colour: str, n: list[float]) -> Path:
    width, cx, cy, w, h = n
    points = _at(cx, cy, _turn(w, h, 0, 360))
    return Path(points=np.vstack([points, points[:1]]), colour=colour, width=width, smooth=True)


def _pie(colour: str, n: list[float]) -> Path:
    cx, cy, w, h, start, end = n
    return Path(points=_at(cx, cy, np.vstack([_turn(w, h, start, end), [(0, 0)]])), colour=colour)


def _arc(colour: str, n: list[float]) -> Path:
    width, cx, cy, w, h, start, end = n
    return Path(points=_at(cx, cy, _turn(w, h, start, end)), colour=colour, width=width, smooth=True)


def _spiral(colour: str, n: list[float]) -> Path:
    width, cx, cy, radius, turns = n
    t = np.linspace(0, 1, int(_ROUND * turns))
    angle = 2 * math.pi * turns * t
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (radius * (1 - 0.85 * t))[:, None]
    return Path(points=_at(cx, cy, points), colour=colour, width=width, smooth=True)


def _poly(colour: str, n: list[float]) -> Path:
    return Path(points=_pairs(n), colour=colour)


def _blob(colour: str, n: list[float]) -> Path:
    return Path(points=_through(_pairs(n), closed=True), colour=colour)


def _line(colour: str, n: list[float]) -> Path:
    return Path(points=_pairs(n[1:]), colour=colour, width=n[0])


def _curve(colour: str, n: list[float]) -> Path:
    return Path(points=_through(_pairs(n[1:]), closed=False), colour=colour, width=n[0], smooth=True)


_KINDS: dict[str, Callable[[str, list[float]], Path]] = {
    "rect": _rect,
    "oval": _oval,
    "ring": _ring,
    "pie": _pie,
    "arc": _arc,
    "spiral": _spiral,
    "poly": _poly,
    "blob": _blob,
    "line": _line,
    "curve": _curve,
}


def _pairs(numbers: list[float]) -> Points:
    if len(numbers) < 4:
        raise ValueError("fewer than two points")
    return np.array(numbers, dtype=np.float64).reshape(-1, 2)


def _turn(w: float, h: float, start: float, end: float) -> Points:
    angles = np.radians(np.linspace(start, end, _ROUND, endpoint=end - start < 360))
    return np.stack([np.cos(angles) * w / 2, np.sin(angles) * h / 2], axis=1)


def _at(cx: float, cy: float, points: Points) -> Points:
    moved: Points = points + np.array((cx, cy))
    return moved


def _turned(points: Points, angle: list[float]) -> Points:
    return rotate(points, angle[0]) if angle else points


def rotate(points: Points, degrees: float) -> Points:
    """The points turned clockwise about the origin."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned: Points = points @ np.array([(c, s), (-s, c)])
    return turned


def _through(knots: Points, *, closed: bool) -> Points:
    """A Catmull-Rom line through the knots."""
    if closed:
        ring = np.vstack([knots[-1:], knots, knots[:2]])
    else:
        ring = np.vstack([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    t = np.linspace(0, 1, _SMOOTH, endpoint=False)[:, None]
    parts = []
    for p0, p1, p2, p3 in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        parts.append(p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0))))
    return np.vstack(parts if closed else [*parts, knots[-1:]])
