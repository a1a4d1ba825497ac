"""Generic compositions: pictures of things with literal captions, and collages without."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from PIL import Image

from generate.mini.pictures import Picture
from generate.mini.renderer import render
from generate.mini.shapes import Path, parse_shape
from generate.mini.words import ALTERNATIVES, COLOURS, NUMBERS, PLACES, SIZES, article, plural
from workbench.seed import seed_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A picture and its literal caption."""

    picture: Picture
    caption: str


@dataclass(slots=True)
class _Sketch:
    """A composition while it is being made."""

    rng: np.random.Generator
    paths: list[Path]
    palette: dict[str, str]

    def colour(self, name: str) -> str:
        """Take a colour near the named one into the palette; its name there."""
        key = f"c{len(self.palette)}"
        self.palette[key] = _hex(np.array(COLOURS[name]) + self.rng.normal(0, 9, 3))
        return key

    def choose(self, options: Sequence[str]) -> str:
        return options[int(self.rng.integers(len(options)))]

    def word(self, colour: str) -> str:
        return colour if self.rng.random() < 0.5 else ALTERNATIVES[colour]


@cache
def things() -> Mapping[str, Mapping[str, Sequence[Path]]]:
    """The shapes of every thing and pattern: ``things()["things"]["boat"]``."""
    table = tomllib.loads(seed_data("mini/things.toml").read_text(encoding="utf-8"))
    return {
        part: {name: [parse_shape(text) for text in shapes] for name, shapes in rows.items()}
        for part, rows in table.items()
    }


def compose(seed: int) -> Composition:
    """One of as many compositions as there are seeds."""
    sketch = _Sketch(np.random.default_rng((2, seed)), [], {})
    ground = sketch.choose(list(COLOURS))
    grounds = sketch.colour(ground)
    ending = f"on {article(word := sketch.word(ground))} {word} ground"
    used = [ground]
    if sketch.rng.random() < 0.3:
        ending += _floor(sketch, used)
    items = [_item(sketch, used) for _ in range(1 + int(sketch.rng.choice(3, p=(0.45, 0.35, 0.2))))]
    picture = Picture(paths=sketch.paths, palette=sketch.palette, ground=(grounds,))
    return Composition(picture=picture, caption=f"{' and '.join(items)} {ending}")


def _floor(sketch: _Sketch, used: list[str]) -> str:
    colour = _fresh(sketch, used)
    height = float(sketch.rng.uniform(26, 52))
    sketch.paths.append(parse_shape(f"rect {sketch.colour(colour)} 50 {100 - height / 2} 100 {height}"))
    word = sketch.word(colour)
    return f" above {article(word)} {word} floor"


def _item(sketch: _Sketch, used: list[str]) -> str:
    kind = sketch.rng.random()
    if kind < 0.12:
        return _pattern(sketch, used)
    return _several(sketch, used) if kind < 0.28 else _single(sketch, used)


def _fresh(sketch: _Sketch, used: list[str]) -> str:
    """A colour that is not yet there."""
    colour = sketch.choose([name for name in COLOURS if name not in used])
    used.append(colour)
    return colour


def _pattern(sketch: _Sketch, used: list[str]) -> str:
    name, colour = sketch.choose(list(things()["patterns"])), _fresh(sketch, used)
    _place(sketch, things()["patterns"][name], colour, (50, 50), 100)
    return f"{sketch.word(colour)} {name}"


def _single(sketch: _Sketch, used: list[str]) -> str:
    name, colour = sketch.choose(list(things()["things"])), _fresh(sketch, used)
    size, where = sketch.choose(list(SIZES)), sketch.choose(list(PLACES))
    middle = np.array(PLACES[where])
    if size == "large":
        middle = 50 + (middle - 50) * 0.6
    shift = sketch.rng.uniform(-4, 4, 2)
    _place(
        sketch, things()["things"][name], colour, middle + shift, SIZES[size] * float(sketch.rng.uniform(0.88, 1.12))
    )
    words = [word for word in (size, sketch.word(colour), name) if word]
    return f"{article(words[0])} {' '.join(words)} {where}"


def _several(sketch: _Sketch, used: list[str]) -> str:
    name, colour = sketch.choose(list(things()["things"])), _fresh(sketch, used)
    number = sketch.choose(list(NUMBERS))
    small = sketch.rng.random() < 0.5
    cells = sketch.rng.permutation(9)[: NUMBERS[number]]
    for cell in cells:
        middle = np.array((18 + 32 * (cell % 3), 18 + 32 * (cell // 3))) + sketch.rng.uniform(-4, 4, 2)
        _place(sketch, things()["things"][name], colour, middle, 17 if small else 28)
    return " ".join(word for word in (number, "small" if small else "", sketch.word(colour), plural(name)) if word)


def _place(
    sketch: _Sketch, shapes: Sequence[Path], colour: str, middle: Sequence[float] | np.ndarray, size: float
) -> None:
    main = sketch.colour(colour)
    rgb = np.array(COLOURS[colour], dtype=np.float64)
    second = f"c{len(sketch.palette)}"
    sketch.palette[second] = _hex(rgb * 0.45 if rgb.mean() > 110 else rgb + (255 - rgb) * 0.6)
    for path in shapes:
        points = path.points * (size / 100) + np.asarray(middle)
        sketch.paths.append(
            replace(
                path, points=points, colour=main if path.colour == "main" else second, width=path.width * size / 100
            )
        )


def collage(seed: int) -> Picture:
    """A picture without a caption, fuller and more various than compositions: what the autoencoder learns from."""
    sketch = _Sketch(np.random.default_rng((3, seed)), [], {})
    grounds = [_any_colour(sketch) for _ in range(1 + int(sketch.rng.random() < 0.3))]
    for _ in range(int(sketch.rng.integers(3, 26))):
        sketch.paths.append(parse_shape(_any_shape(sketch, _any_colour(sketch))))
    for _ in range(int(sketch.rng.integers(0, 4))):
        name = sketch.choose(list(things()["things"]))
        middle = sketch.rng.uniform(10, 90, 2)
        _place(
            sketch, things()["things"][name], sketch.choose(list(COLOURS)), middle, float(sketch.rng.uniform(12, 90))
        )
    return Picture(paths=sketch.paths, palette=sketch.palette, ground=grounds)


def _any_colour(sketch: _Sketch) -> str:
    """A colour of the picture so far, now and then, else a new one."""
    if len(sketch.palette) > 2 and sketch.rng.random() < 0.35:
        return sketch.choose(list(sketch.palette))
    key = f"c{len(sketch.palette)}"
    near = np.array(COLOURS[sketch.choose(list(COLOURS))]) + sketch.rng.normal(0, 30, 3)
    sketch.palette[key] = _hex(near if sketch.rng.random() < 0.7 else sketch.rng.uniform(0, 255, 3))
    return key


def _any_shape(sketch: _Sketch, colour: str) -> str:
    rng = sketch.rng
    kind = sketch.choose(
        ("rect", "rect", "oval", "oval", "ring", "poly", "blob", "line", "line", "curve", "pie", "arc", "bars")
    )
    cx, cy, size, other = rng.uniform(0, 100), rng.uniform(0, 100), rng.uniform(3, 60), rng.uniform(3, 60)
    width = rng.uniform(1, 7)
    knots = " ".join(
        f"{v:.1f}"
        for v in np.clip(np.array((cx, cy)) + rng.normal(0, size / 1.5, (int(rng.integers(3, 7)), 2)), -8, 108).ravel()
    )
    ends = f"{rng.uniform(0, 360):.0f}"
    return {
        "rect": f"rect {colour} {cx} {cy} {size} {other} {rng.uniform(0, 90) * (rng.random() < 0.5)}",
        "oval": f"oval {colour} {cx} {cy} {size / 1.5} {other / 1.5 if rng.random() < 0.4 else size / 1.5}",
        "ring": f"ring {colour} {width} {cx} {cy} {size} {size}",
        "poly": f"poly {colour} {knots}",
        "blob": f"blob {colour} {knots}",
        "line": f"line {colour} {width} {knots}",
        "curve": f"curve {colour} {width} {knots}",
        "pie": f"pie {colour} {cx} {cy} {size} {size} {ends} {float(ends) + rng.uniform(60, 280):.0f}",
        "arc": f"arc {colour} {width} {cx} {cy} {size} {size} {ends} {float(ends) + 180}",
        "bars": f"rect {colour} {cx} 50 {width} 110" if rng.random() < 0.5 else f"rect {colour} 50 {cy} 110 {width}",
    }[kind]


def _hex(rgb: np.ndarray) -> str:
    return "#" + "".join(f"{round(v):02x}" for v in np.clip(rgb, 0, 255))


def pixels(pictures: Sequence[Picture], size: int = 64) -> np.ndarray:
    """The pictures drawn: [N, size, size, 3] uint8."""
    return np.stack([np.asarray(render(picture, size)) for picture in pictures])


def sheet(images: Sequence[Image.Image], columns: int) -> Image.Image:
    """Images of one size side by side."""
    side = images[0].width
    out = Image.new("RGB", (columns * (side + 2), -(-len(images) // columns) * (side + 2)), "white")
    for i, image in enumerate(images):
        out.paste(image, (i % columns * (side + 2), i // columns * (side + 2)))
    return out
