"""The renderer draws the same every time, and what it draws can be told apart."""

import re
from itertools import combinations

import numpy as np
import pytest

from generate.mini.compositions import collage, compose
from generate.mini.pictures import Picture, all_pictures
from generate.mini.renderer import Style, render
from generate.mini.shapes import parse_shape
from generate.mini.variants import reinterpret, replicate
from generate.mini.words import ALTERNATIVES, COLOURS
from tests.mini.similarity import ssim

PICTURES = [picture for frames in all_pictures().values() for picture in frames]
MEANING = COLOURS | {ALTERNATIVES[name]: rgb for name, rgb in COLOURS.items()}


def test_there_are_48_references_and_the_dynamic_ones_have_several_frames() -> None:
    assert len(all_pictures()) == 48
    several = [frames for frames in all_pictures().values() if len(frames) > 1]
    assert len(several) >= 8
    assert all(3 <= len(frames) <= 4 for frames in several)


@pytest.mark.parametrize("size", [64, 256])
def test_drawing_twice_gives_the_same_pixels(size: int) -> None:
    for picture in PICTURES[::9]:
        image = render(picture, size)
        assert image.size == (size, size)
        assert image.mode == "RGB"
        assert image.tobytes() == render(picture, size).tobytes()


def test_a_large_picture_is_the_small_one_with_more_detail() -> None:
    for picture in PICTURES[::9]:
        small = np.asarray(render(picture, 64), dtype=float)
        reduced = np.asarray(render(picture, 256).reduce(4), dtype=float)
        assert np.abs(small - reduced).mean() < 3


def test_pictures_of_different_references_can_be_told_apart() -> None:
    pixels = {(p.qid, p.frame): np.asarray(render(p), dtype=float) for p in PICTURES}
    distances = {(a, b): np.abs(pixels[a] - pixels[b]).mean() for a, b in combinations(pixels, 2)}
    nearest = min(distances, key=lambda pair: distances[pair])
    assert distances[nearest] > 12, nearest


def test_the_pixels_are_those_that_the_model_was_trained_on() -> None:
    square = np.asarray(render(all_pictures()["Q1170315"][0]))
    assert tuple(square[32, 32]) == (22, 21, 26)
    assert tuple(square[2, 2]) == (236, 230, 216)


def test_every_style_shows_something_else() -> None:
    picture = all_pictures()["Q60497141"][0]
    assert len({render(picture, 64, style).tobytes() for style in Style}) == len(Style)


@pytest.mark.parametrize(
    "text", ["cube ink 1 2 3 4", "rect ink 1 2", "poly ink 1 2 3", "line ink x 1 2 3 4", "rect ink", "rect"]
)
def test_a_malformed_shape_is_named(text: str) -> None:
    with pytest.raises(ValueError):
        parse_shape(text)


def test_variants_are_seeded() -> None:
    picture = all_pictures()["Q45585"][0]
    for make in (replicate, reinterpret):
        assert make(picture, 3).tobytes() == make(picture, 3).tobytes()
        assert make(picture, 3).tobytes() != make(picture, 4).tobytes()


def test_replications_are_nearer_to_the_picture_than_reinterpretations() -> None:
    def nearness(make: object) -> float:
        assert callable(make)
        return float(np.mean([ssim(render(p), make(p, seed)) for p in PICTURES[::4] for seed in range(3)]))

    near, far = nearness(replicate), nearness(reinterpret)
    assert near > far + 0.15


def test_compositions_show_what_they_say() -> None:
    large = re.compile(r"an? (?:large )?(\w+) (?:box|disc|diamond) in the middle on an? (\w+) ground")
    found = [(c, match) for c in map(compose, range(6000)) if (match := large.fullmatch(c.caption))]
    assert len(found) > 5
    for composition, match in found:
        pixels = np.asarray(render(composition.picture), dtype=float)
        for word, place in ((match[1], (32, 32)), (match[2], (1, 1))):
            assert np.abs(pixels[place] - MEANING[word]).max() < 50, composition.caption


def test_a_seed_is_one_composition() -> None:
    assert compose(5).caption == compose(5).caption
    assert len({compose(seed).caption for seed in range(200)}) > 190


def test_collages_are_seeded_and_various() -> None:
    def pixels(picture: Picture) -> bytes:
        return render(picture).tobytes()

    assert pixels(collage(1)) == pixels(collage(1))
    assert len({pixels(collage(seed)) for seed in range(20)}) == 20
