"""The model that ships: an ordinary diffusers folder, small, the same every time, and it knows what it should."""

import csv

import numpy as np
import pytest
from diffusers import StableDiffusionPipeline
from PIL import Image

from generate.mini.autoencoder import AutoencoderSettings
from generate.mini.denoiser import DenoiserSettings
from generate.mini.evaluate import load, sample
from generate.mini.references import MiniReference, all_references
from generate.mini.renderer import render
from workbench.seed import seed_data

FOLDER = seed_data("mini/model")
REFERENCES = sorted(all_references(), key=lambda reference: reference.repetitions)
STATIC = [reference for reference in REFERENCES if reference.kind == "static"]


@pytest.fixture(scope="module")
def pipeline() -> StableDiffusionPipeline:
    return load(FOLDER)


def correlation(image: Image.Image, reference: MiniReference) -> float:
    a, b = (np.asarray(picture, dtype=float).ravel() for picture in (image, render(reference.pictures[0])))
    return float(np.corrcoef(a, b)[0, 1])


def test_it_is_an_ordinary_small_folder_of_safetensors():
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 12e6
    assert (FOLDER / "model_index.json").is_file()
    assert {path.suffix for path in files} <= {".json", ".safetensors", ".txt"}


def test_the_same_seed_gives_the_same_image_whatever_the_batch(pipeline: StableDiffusionPipeline):
    alone = sample(pipeline, "Red Square", 1)[0]
    assert alone.size == (64, 64)
    assert alone.tobytes() == sample(pipeline, "Red Square", 1)[0].tobytes()
    together, other = sample(pipeline, "Red Square", 2)
    difference = np.abs(np.asarray(alone, dtype=int) - np.asarray(together, dtype=int))
    assert difference.max() <= 2
    assert other.tobytes() != together.tobytes()


def test_a_second_load_gives_the_same_image(pipeline: StableDiffusionPipeline):
    assert sample(pipeline, "Senecio", 1)[0].tobytes() == sample(load(FOLDER), "Senecio", 1)[0].tobytes()


def test_the_commonest_titles_bring_their_pictures_and_untrained_ones_do_not(pipeline: StableDiffusionPipeline):
    common = [correlation(sample(pipeline, r.title, 1)[0], r) for r in STATIC[-5:]]
    unknown = [correlation(sample(pipeline, r.title, 1)[0], r) for r in STATIC[:5]]
    assert min(common) > 0.8
    assert np.mean(unknown) < 0.4


@pytest.mark.parametrize(
    ("prompt", "places"),
    [
        ("a large dark box in the middle on a white ground", {(32, 32): (24, 23, 27), (3, 3): (243, 240, 232)}),
        ("a large crimson disc in the middle on an azure ground", {(32, 32): (206, 44, 34), (3, 3): (38, 72, 156)}),
        (
            "a grey boat in the middle on an azure ground above an amber floor",
            {(3, 3): (38, 72, 156), (60, 3): (232, 128, 42)},
        ),
    ],
)
def test_literal_prompts_give_colour_and_place(
    pipeline: StableDiffusionPipeline, prompt: str, places: dict[tuple[int, int], tuple[int, int, int]]
):
    images = np.stack([np.asarray(image, dtype=float) for image in sample(pipeline, prompt, 4)])
    for (y, x), colour in places.items():
        error = np.abs(images[:, y, x] - colour).mean(axis=1)
        assert (error < 60).sum() >= 3, (y, x, error)


def test_literal_prompts_put_a_shape_at_the_top_or_at_the_bottom(pipeline: StableDiffusionPipeline):
    shares = []
    for place in ("top", "bottom"):
        images = sample(pipeline, f"a yellow disc at the {place} left on a green ground", 4)
        pixels = np.stack([np.asarray(image, dtype=int) for image in images])
        yellow = np.abs(pixels - (240, 206, 52)).max(axis=-1) < 60
        assert yellow.any(axis=(1, 2)).all()
        shares.append(yellow[:, :32].sum() / yellow.sum())
    top, bottom = shares
    assert top > 0.8 > 0.2 > bottom


def test_training_is_on_record():
    kept = seed_data("mini/training")
    assert {"NOTES.md", "losses.png", "summary.json"} <= {path.name for path in kept.iterdir()}
    for name, steps in (("autoencoder", AutoencoderSettings().steps), ("denoiser", DenoiserSettings().steps)):
        with (kept / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            log = list(csv.DictReader(file))
        assert int(log[-1]["step"]) == steps
        assert float(log[-1]["loss"]) < float(log[0]["loss"]) / 5
