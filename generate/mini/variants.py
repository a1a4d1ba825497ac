"""Replications and re-interpretations of reference images, with the truth known: the same renderer makes both.

A replication is the picture itself, treated as copies are: cropped, shifted, recompressed, its colours slightly off.
A re-interpretation draws the same motif anew: another palette, another composition, often another style.
"""

import colorsys
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageColor, ImageEnhance

from generate.mini.pictures import Picture
from generate.mini.renderer import Style, render
from generate.mini.shapes import Path, Points, rotate

_MIDDLE = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pose:
    """How a whole composition is moved."""

    mirrored: bool
    angle: float
    scale: float
    shift: Points


def replicate(picture: Picture, seed: int, size: int = 64) -> Image.Image:
    """A near copy of a picture."""
    rng = _chance(picture, seed, 4)
    image = render(picture, 2 * size)
    image = _cropped(image, rng).resize((size, size), Image.Resampling.LANCZOS)
    for enhancer in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = enhancer(image).enhance(float(rng.uniform(0.88, 1.12)))
    return _compressed(image, int(rng.integers(35, 80)))


def _chance(picture: Picture, seed: int, kind: int) -> np.random.Generator:
    """Other numbers for each picture: the variants of one seed shall not have their style in common."""
    return np.random.default_rng((kind, seed, int(picture.qid.removeprefix("Q") or 0), picture.frame))


def _cropped(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Without up to an eighth of its side, from anywhere: a crop and a shift."""
    kept = round(image.width * float(rng.uniform(0.88, 1)))
    left, top = (int(rng.integers(image.width - kept + 1)) for _ in range(2))
    return image.crop((left, top, left + kept, top + kept))


def _compressed(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def reinterpret(picture: Picture, seed: int, size: int = 64) -> Image.Image:
    """The motif of a picture drawn anew: other colours, another composition, in one of several styles."""
    rng = _chance(picture, seed, 5)
    styles = list(Style)
    style = styles[int(rng.integers(len(styles)))]
    pose = _Pose(
        mirrored=bool(rng.random() < 0.5),
        angle=float(rng.uniform(6, 22) * rng.choice((-1, 1))),
        scale=float(rng.uniform(0.65, 0.92)),
        shift=rng.uniform(-9, 9, 2),
    )
    paths = [_moved(path, pose, rng) for path in picture.paths]
    return render(replace(picture, paths=paths, palette=_recoloured(picture.palette, rng)), size, style)


def _moved(path: Path, pose: _Pose, rng: np.random.Generator) -> Path:
    """One shape: moved with the whole, and a little by itself."""
    own = 1 + float(rng.uniform(-0.15, 0.15))
    points = path.centre + (path.points - path.centre) * own + rng.normal(0, 1.8, 2) - _MIDDLE
    if pose.mirrored:
        points = points * (-1, 1)
    points = rotate(points, pose.angle) * pose.scale + pose.shift + _MIDDLE
    return replace(path, points=points, width=path.width * pose.scale)


def _recoloured(palette: Mapping[str, str], rng: np.random.Generator) -> dict[str, str]:
    """Every hue turned by one angle, dark and light exchanged now and then, grey made colourful."""
    turn, inverted = float(rng.uniform(0.2, 0.8)), bool(rng.random() < 0.5)
    out = {}
    for name, colour in palette.items():
        red, green, blue = (v / 255 for v in ImageColor.getrgb(colour)[:3])
        hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
        light = 1 - light if inverted else light
        light = 0.12 + 0.76 * light
        new = colorsys.hls_to_rgb(math.fmod(hue + turn, 1), light, 0.25 + 0.7 * saturation)
        out[name] = "#" + "".join(f"{round(255 * v):02x}" for v in new)
    return out
