"""A decoder that overflows float16 decodes those images once more, in float32, and nothing else is done twice."""

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from generate.models.sampler import Sampler
from tests.fixtures import families
from tests.generate.test_families import PROMPTS, sampler_of

SEEDS = list(range(len(PROMPTS)))


def half(folder: Path) -> Sampler:
    """A pipeline in float16, whose decoder no configuration asks to compute in float32."""
    sampler = sampler_of(folder, dtype="float16")
    sampler.pipe.vae.register_to_config(force_upcast=False)
    return sampler


def louder(sampler: Sampler, factor: float) -> None:
    """Make the decoder's numbers larger; a norm that follows takes it back."""
    import torch

    with torch.no_grad():
        sampler.pipe.vae.decoder.conv_in.weight.mul_(factor)
        sampler.pipe.vae.decoder.conv_in.bias.mul_(factor)


def counted(module: object) -> list[str]:
    """Number formats that a part of a pipeline has computed in, call by call."""
    seen: list[str] = []
    module.register_forward_hook(lambda _, __, made: seen.append(str(made[0].dtype)))
    return seen


def pixels(sampler: Sampler, seeds: list[int]) -> dict[int, np.ndarray]:
    made = sampler.sample([PROMPTS[seed] for seed in seeds], seeds, len(PROMPTS))
    assert [one.status for one in made] == ["ok"] * len(seeds), [one.error for one in made]
    return {seed: np.asarray(one.image, dtype=int) for seed, one in zip(seeds, made, strict=True)}


@pytest.mark.parametrize("name", list(families.BUILDERS))
def test_of_every_family_only_the_decoder_computes_again(name: str, tmp_path: Path):
    sampler = half(families.BUILDERS[name](tmp_path / name))
    denoiser = counted(getattr(sampler.pipe, "unet", None) or sampler.pipe.transformer)
    decoder = counted(sampler.pipe.vae.decoder)
    pixels(sampler, SEEDS)
    once = len(denoiser)
    assert decoder == ["torch.float16"] * len(SEEDS)
    louder(sampler, 3e5)
    mended = pixels(sampler, SEEDS)
    assert len(denoiser) == 2 * once
    assert decoder[len(SEEDS) :] == ["torch.float16"] * len(SEEDS) + ["torch.float32"] * len(SEEDS)
    assert sampler.pipe.vae.dtype == sampler.pipe.dtype
    whole = pixels(in_float32(sampler), SEEDS)
    assert max(abs(mended[seed] - whole[seed]).max() for seed in SEEDS) <= 1


def in_float32(sampler: Sampler) -> Sampler:
    """The decoder in float32 for all."""
    vae = sampler.pipe.vae.float()
    decode: Callable = vae.decode
    vae.decode = lambda latents, *args, **kwargs: decode(latents.float(), *args, **kwargs)
    return sampler


def test_an_image_is_the_same_whether_or_not_another_one_overflows(tmp_path: Path):
    sampler = half(families.stable_diffusion_2(tmp_path / "sd2"))
    louder(sampler, too_loud_for_some(sampler))
    decoder = counted(sampler.pipe.vae.decoder)
    together = pixels(sampler, SEEDS)
    assert 0 < decoder.count("torch.float32") < len(SEEDS)
    for seed in SEEDS:
        assert np.array_equal(pixels(sampler, [seed])[seed], together[seed])


def too_loud_for_some(sampler: Sampler) -> float:
    """A factor that lies, between the loudest number of one image and that of another, at the limit of float16."""
    loudest: list[float] = []

    def measure(_: object, __: object, made: object) -> None:
        loudest.append(float(made.abs().max()))

    hook = sampler.pipe.vae.decoder.conv_in.register_forward_hook(measure)
    pixels(sampler, SEEDS)
    hook.remove()
    low, high = max(itertools.pairwise(sorted(loudest)), key=lambda pair: pair[1] / pair[0])
    return np.finfo(np.float16).max / (low * high) ** 0.5


@pytest.mark.parametrize(("verdict", "status"), [("blocks", "blocked"), ("passes", "ok")])
def test_the_safety_checker_judges_what_was_mended(flawed, verdict: str, status: str):
    sampler = half(flawed(safety_checker=verdict))
    louder(sampler, 3e5)
    assert [one.status for one in sampler.sample(PROMPTS[:2], [0, 1], 2)] == [status] * 2


def test_what_the_denoiser_spoilt_is_not_decoded_again(flawed):
    sampler = half(flawed(nan_word="scream"))
    decoder = counted(sampler.pipe.vae.decoder)
    bad, good = sampler.sample(["the scream", "mona lisa"], [0, 0], 2)
    assert (bad.status, good.status) == ("failed", "ok")
    assert "torch.float32" not in decoder
