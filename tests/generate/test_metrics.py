"""Similarities, patches and entropies, against computations of another kind."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generate.metrics.patches import entropy, grid_crops
from generate.metrics.similarity import patch_maxima, similarities
from tests.fixtures.studies import drawn
from workbench.errors import MetricError


def unit(seed: int, count: int, dimensions: int = 8) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    dot = sum(float(x) * float(y) for x, y in zip(a, b, strict=True))
    return dot / math.sqrt(sum(float(x) ** 2 for x in a) * sum(float(y) ** 2 for y in b))


@given(seed=st.integers(0, 999), generated=st.integers(1, 5), reference=st.integers(1, 6))
def test_s_is_the_highest_cosine(seed: int, generated: int, reference: int):
    images, references = unit(seed, generated), unit(seed + 1000, reference)
    best = similarities(images, references)
    for i, image in enumerate(images):
        every = [cosine(image, other) for other in references]
        assert best.values[i] == pytest.approx(max(every), abs=1e-5)
        assert best.indices[i] == int(np.argmax(every))


def test_an_image_is_most_similar_to_itself():
    references = unit(1, 4)
    best = similarities(references[[2]], references)
    assert best.values[0] == pytest.approx(1.0, abs=1e-6)
    assert best.values[0] <= 1.0
    assert best.indices[0] == 2


@given(seed=st.integers(0, 999), references=st.integers(1, 4))
def test_p_names_the_reference_image_and_its_patch(seed: int, references: int):
    generated, reference = unit(seed, 16), unit(seed + 1000, 16 * references)
    best = patch_maxima(generated, reference)
    assert best.p.shape == best.images.shape == best.patches.shape == (16,)
    for k in range(16):
        every = {(r, m): cosine(generated[k], reference[16 * r + m]) for r in range(references) for m in range(16)}
        assert best.p[k] == pytest.approx(max(every.values()), abs=1e-5)
        assert every[int(best.images[k]), int(best.patches[k])] == pytest.approx(max(every.values()), abs=1e-6)


@pytest.mark.parametrize(
    ("generated", "reference", "said"),
    [
        (np.zeros((0, 8), np.float32), unit(1, 2), "not empty"),
        (unit(1, 2), np.zeros((0, 8), np.float32), "not empty"),
        (unit(1, 2)[0], unit(1, 2), "must be"),
        (unit(1, 2), unit(1, 2, dimensions=7), "do not compare"),
        (unit(1, 2) * np.nan, unit(1, 2), "not numbers"),
    ],
)
def test_embeddings_that_do_not_compare(generated: np.ndarray, reference: np.ndarray, said: str):
    with pytest.raises(MetricError, match=said):
        similarities(generated, reference)


def test_reference_patches_come_in_whole_images():
    with pytest.raises(MetricError, match="no multiple"):
        patch_maxima(unit(1, 16), unit(2, 20))


@given(width=st.integers(4, 40), height=st.integers(4, 40))
@settings(max_examples=60)
def test_patches_cover_every_pixel_once_and_the_last_take_the_rest(width: int, height: int):
    pixels = np.arange(width * height, dtype=np.int32).reshape(height, width)
    patches = grid_crops(Image.fromarray(pixels))
    assert len(patches) == 16
    for (row, column), patch in zip(itertools.product(range(4), range(4)), patches, strict=True):
        top, left = row * (height // 4), column * (width // 4)
        bottom = height if row == 3 else top + height // 4
        right = width if column == 3 else left + width // 4
        assert np.array_equal(np.asarray(patch), pixels[top:bottom, left:right])


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (40, 3)])
def test_a_picture_smaller_than_the_grid(size: tuple[int, int]):
    with pytest.raises(MetricError, match="cannot be cut"):
        grid_crops(Image.new("RGB", size))


def test_entropy_of_what_is_known_by_heart():
    assert entropy(Image.new("RGB", (9, 9), "red")) == 0.0
    halves = Image.new("L", (8, 8))
    halves.paste(255, (0, 0, 4, 8))
    assert entropy(halves) == pytest.approx(1.0)
    every = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16))
    assert entropy(every) == pytest.approx(8.0)
    with pytest.raises(MetricError, match="without pixels"):
        entropy(Image.new("L", (0, 4)))


def test_entropy_agrees_with_pillow():
    picture = drawn("entropy").convert("L")
    assert entropy(picture) == pytest.approx(picture.entropy(), abs=1e-9)
