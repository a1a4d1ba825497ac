"""A loaded pipeline: the same seed gives the same image, and what is no image says so."""

import io
import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generate.models.pipeline import load
from generate.models.sampler import Sampler
from generate.models.settings import Wishes, settings_for
from generate.models.source import find_model
from generate.models.tokens import count_tokens
from generate.saving import png
from workbench.errors import ModelError

PROMPTS = ["Mona Lisa", "The Scream", "The Starry Night", "Guernica", "Water Lilies"]
STEPS = 4


def sampler_of(folder: Path, *, safety_checker: bool = True) -> Sampler:
    source = find_model(str(folder))
    settings = settings_for(source, Wishes(steps=STEPS), "float32", safety_checker=safety_checker)
    return load(source, settings, "cpu")


@pytest.fixture(scope="module")
def sampler(tiny: Path) -> Sampler:
    return sampler_of(tiny)


def images(sampler: Sampler, order: list[int], batch_size: int) -> list[bytes]:
    """PNG of every prompt (the k-th with seed k), sampled in this order in batches of this size."""
    found: dict[int, bytes] = {}
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        made = sampler.sample([PROMPTS[k] for k in batch], batch, batch_size)
        assert [one.status for one in made] == ["ok"] * len(batch)
        found |= {k: png(one.image) for k, one in zip(batch, made, strict=True) if one.image}
    return [found[k] for k in sorted(found)]


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Within the tolerance that the README states: one grey level, in fewer than one value in a thousand."""
    return bool(abs(one - other).max() <= 1 and (one != other).mean() < 1e-3)


@pytest.mark.parametrize("batch_size", [1, 2, 5])
def test_the_same_seed_gives_the_same_bytes_in_any_order_and_company(sampler: Sampler, batch_size: int):
    order = list(range(len(PROMPTS)))
    first = images(sampler, order, batch_size)
    assert len(set(first)) == len(PROMPTS)
    assert images(sampler, order, batch_size) == first
    assert images(sampler, order[::-1], batch_size) == first
    random.Random(7).shuffle(order)
    assert images(sampler, order, batch_size) == first
    assert images(sampler, [3], batch_size) == [first[3]]


def test_batch_sizes_differ_by_one_grey_level_in_few_pixels(sampler: Sampler):
    """Matrix products of other shapes round otherwise: 1e-6 before an image is cut to 256 levels."""

    def pixels(batch_size: int) -> np.ndarray:
        made = images(sampler, list(range(len(PROMPTS))), batch_size)
        return np.stack([np.asarray(Image.open(io.BytesIO(one)), dtype=int) for one in made])

    for one, other in itertools.combinations([pixels(size) for size in (1, 2, 5)], 2):
        assert alike(one, other)


def test_another_seed_gives_another_image(sampler: Sampler):
    first, second = sampler.sample(["Mona Lisa", "Mona Lisa"], [0, 1], 2)
    assert png(first.image) != png(second.image)


def test_it_equals_a_bare_diffusers_call(sampler: Sampler, tiny: Path):
    """Which embeds the prompts of a batch together: on some processors that rounds otherwise."""
    import torch
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained(tiny)
    pipe.set_progress_bar_config(disable=True)
    generators = [torch.Generator().manual_seed(seed) for seed in (0, 1)]
    bare = pipe(PROMPTS[:2], num_inference_steps=STEPS, guidance_scale=7.5, generator=generators).images
    ours = sampler.sample(PROMPTS[:2], [0, 1], 2)
    assert alike(
        *(np.stack([np.asarray(image, dtype=int) for image in made]) for made in ([o.image for o in ours], bare))
    )


def test_blocked_images_are_kept_apart(flawed):
    blocks, passes = flawed(safety_checker="blocks"), flawed(safety_checker="passes")
    blocked = sampler_of(blocks).sample(["a"], [0], 1)[0]
    assert (blocked.status, blocked.image, blocked.error) == ("blocked", None, "the safety checker blocked it")
    assert sampler_of(passes).sample(["a"], [0], 1)[0].status == "ok"
    assert sampler_of(blocks, safety_checker=False).sample(["a"], [0], 1)[0].status == "ok"


def test_black_images_are_kept_apart(flawed):
    black = sampler_of(flawed(black=True)).sample(["a"], [0], 1)[0]
    assert (black.status, black.image, black.error) == ("black", None, "all pixels are black")


def test_pixels_that_are_no_numbers_fail_alone(flawed):
    bad, good = sampler_of(flawed(nan_word="scream")).sample(["the scream", "mona lisa"], [0, 0], 2)
    assert (bad.status, good.status) == ("failed", "ok")
    assert bad.image is None
    assert "not numbers" in str(bad.error)


def test_tokens_are_counted_and_cut_prompts_are_flagged(sampler: Sampler):
    rows = count_tokens(sampler, {"short": "mona lisa", "long": "painting " * 100})
    short, long = rows
    assert (short.token_count, short.max_tokens, short.truncated) == (4, 77, False)
    assert (long.token_count, long.max_tokens, long.truncated) == (102, 77, True)
    assert {row.tokenizer for row in rows} == {"tokenizer"}


def test_weights_that_are_missing_or_broken(tiny: Path, tmp_path: Path):
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(tiny, broken)
    weights = broken / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        sampler_of(broken)
    weights.unlink()
    (broken / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"a pickle")
    with pytest.raises(ModelError, match="cannot be loaded"):
        sampler_of(broken)


def test_a_pipeline_without_prompts(tmp_path: Path):
    from diffusers import DDPMPipeline, DDPMScheduler, UNet2DModel

    unet = UNet2DModel(
        sample_size=8,
        block_out_channels=(8,),
        down_block_types=("DownBlock2D",),
        norm_num_groups=4,
        up_block_types=("UpBlock2D",),
    )
    DDPMPipeline(unet=unet, scheduler=DDPMScheduler()).save_pretrained(tmp_path / "ddpm")
    with pytest.raises(ModelError, match="takes no prompt"):
        sampler_of(tmp_path / "ddpm")
