"""Every model family, on a checkpoint of its real pipeline class: the same images whatever the batch."""

import inspect
import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from generate.models import families as families_package
from generate.models.families import AUTO, family_of
from generate.models.families import families as known_families
from generate.models.pipeline import Loading, load
from generate.models.sampler import Sampler
from generate.models.settings import Size, Wishes, settings_for
from generate.models.source import find_model
from generate.models.table import known_models
from tests.fixtures import families
from workbench.errors import ConfigError

PROMPTS = ["Mona Lisa", "The Scream", "The Starry Night", "Guernica", "Water Lilies"]
SIZE = Size(width=families.SIDE, height=families.SIDE)


def sampler_of(folder: Path, *, steps: int = 3, dtype: str = "float32", **loading: object) -> Sampler:
    source = find_model(str(folder))
    settings = settings_for(source, Wishes(steps=steps, size=SIZE), dtype)
    return load(source, settings, "cpu", Loading(**loading))


@pytest.fixture(scope="module", params=list(families.BUILDERS))
def sampler(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sampler:
    """A loaded model of each family."""
    return sampler_of(families.BUILDERS[request.param](tmp_path_factory.mktemp("families") / request.param))


def pixels(sampler: Sampler, order: list[int], batch_size: int) -> np.ndarray:
    """Every prompt (the k-th with seed k), sampled in this order in batches of this size."""
    found: dict[int, np.ndarray] = {}
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        made = sampler.sample([PROMPTS[k] for k in batch], batch, batch_size)
        assert [one.status for one in made] == ["ok"] * len(batch)
        found |= {k: np.asarray(one.image, dtype=int) for k, one in zip(batch, made, strict=True)}
    return np.stack([found[k] for k in sorted(found)])


def test_every_family_of_the_table_has_a_checkpoint(tmp_path_factory: pytest.TempPathFactory):
    import diffusers

    proved = {family_of(name).name for family in known_families() for name in family.pipelines}
    assert proved == {family.name for family in known_families()}
    for family in known_families():
        for name in family.pipelines:
            taken = inspect.signature(getattr(diffusers, name).__call__).parameters
            assert set(family.embeddings) | set(family.call) <= set(taken), name


def test_a_new_family_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "newcomer.py").write_text(
        "from generate.models.families.family import Family\n"
        "FAMILY = Family(name='newcomer', pipelines=('NewcomerPipeline',), steps=9, guidance=1.0, size=256)\n"
    )
    assert family_of("NewcomerPipeline") is AUTO
    monkeypatch.setattr(families_package, "__path__", [*families_package.__path__, str(tmp_path)])
    known_families.cache_clear()
    try:
        assert family_of("NewcomerPipeline").steps == 9
        assert family_of("FluxPipeline").name == "flux"
    finally:
        known_families.cache_clear()
        sys.modules.pop("generate.models.families.newcomer")


def test_the_same_seed_gives_the_same_image_whatever_the_batch(sampler: Sampler):
    order = list(range(len(PROMPTS)))
    made = {size: pixels(sampler, order, size) for size in (1, 2, 5)}
    for size, first in made.items():
        assert np.array_equal(pixels(sampler, order[::-1], size), first), size
    assert len({image.tobytes() for image in made[1]}) == len(PROMPTS)
    for one, other in itertools.combinations(made.values(), 2):
        assert abs(one - other).max() <= 1
        assert (one != other).mean() < 1e-3


def test_it_equals_a_bare_call(sampler: Sampler):
    """Texts embedded beforehand and alone are what the pipeline makes of them itself."""
    import torch

    settings = sampler.settings
    made = pixels(sampler, [0, 1], 2)
    bare = sampler.pipe(
        prompt=PROMPTS[:2],
        num_inference_steps=settings.steps,
        guidance_scale=settings.guidance,
        height=settings.height,
        width=settings.width,
        generator=[torch.Generator().manual_seed(seed) for seed in (0, 1)],
        output_type="np",
        **json.loads(settings.extra),
    ).images
    assert abs(made - (bare * 255).round()).max() <= 1


def test_a_prompt_is_embedded_once_for_all_its_images(sampler: Sampler):
    before = sampler.embeddings.computed
    for start in range(0, 6, 2):
        sampler.sample(["a picture of its own"] * 2, [start, start + 1], 2)
    assert sampler.embeddings.computed == before + 1


def test_flux_is_called_as_its_transformer_was_distilled(tmp_path: Path):
    schnell = settings_for(find_model(str(families.flux(tmp_path / "any-name"))), Wishes(), "float32")
    listed = known_models()["flux-schnell"]
    assert (schnell.steps, schnell.guidance, json.loads(schnell.extra)) == (listed.steps, listed.guidance, listed.extra)
    source = find_model(str(families.flux(tmp_path / "schnell", guidance=True)))
    dev = settings_for(source, Wishes(), "float32")
    assert (dev.steps, dev.guidance, dev.extra) == (28, 3.5, "{}")
    made = load(source, dev, "cpu").sample(["Mona Lisa"], [0], 1)
    assert [one.status for one in made] == ["ok"]


def test_the_watermark_is_off(tmp_path: Path):
    assert sampler_of(families.sdxl(tmp_path / "sdxl")).pipe.watermark is None


def test_how_a_model_lies_on_its_device(tmp_path: Path):
    folder = families.pixart(tmp_path / "pixart")
    compiled = sampler_of(folder, compile=True).pipe
    assert compiled.transformer._compiled_call_impl is not None
    assert compiled.vae.use_slicing
    with pytest.raises(ConfigError, match="needs a GPU"):
        sampler_of(folder, offload="model")
    with pytest.raises(ConfigError, match="exclude each other"):
        Loading(offload="sequential", compile=True).check("cuda")
