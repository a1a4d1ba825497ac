"""Weights that are there in a variant alone, as ``*.fp16.safetensors``, are loaded as plain ones are."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generate.models.source import find_model
from generate.models.weights import variant_for, weights_of
from tests.fixtures import hub
from tests.fixtures.studies import add_references
from tests.generate.test_families import sampler_of
from tests.generate.test_hub import SETTINGS
from tests.generate.test_models import checks
from workbench.store import Store


@pytest.fixture(scope="module")
def fp16(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same checkpoint in such files, its denoiser in parts."""
    from diffusers import DiffusionPipeline

    folder = tmp_path_factory.mktemp("variants") / "fp16"
    DiffusionPipeline.from_pretrained(tiny).save_pretrained(folder, variant="fp16", max_shard_size="1MB")
    return folder


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_a_folder_of_a_variant_makes_the_same_images(wb, tiny: Path, fp16: Path, dtype: str):
    plain, variant = (sampler_of(folder, dtype=dtype).sample(["Mona Lisa"], [0], 1)[0] for folder in (tiny, fp16))
    assert (plain.status, variant.status) == ("ok", "ok")
    assert plain.image.tobytes() == variant.image.tobytes()
    assert wb("models", "check", fp16, "--device", "cpu", "--dtype", dtype).code == 0
    assert weights_of(find_model(str(fp16)), dtype).parameters == weights_of(find_model(str(tiny)), dtype).parameters


def test_a_folder_where_one_component_alone_has_plain_files(tiny: Path, fp16: Path, tmp_path: Path):
    mixed = Path(shutil.copytree(fp16, tmp_path / "mixed"))
    shutil.rmtree(mixed / "vae")
    shutil.copytree(tiny / "vae", mixed / "vae")
    assert sampler_of(mixed).sample(["Mona Lisa"], [0], 1)[0].status == "ok"
    assert (
        weights_of(find_model(str(mixed)), "float32").parameters
        == weights_of(find_model(str(tiny)), "float32").parameters
    )


def test_plain_files_go_before_variants(tiny: Path, tmp_path: Path):
    both = Path(shutil.copytree(tiny, tmp_path / "both"))
    (both / "unet" / "diffusion_pytorch_model.fp16.safetensors").write_bytes(b"not looked at")
    assert sampler_of(both, dtype="float16").sample(["Mona Lisa"], [0], 1)[0].status == "ok"


def test_of_several_variants_that_of_the_number_format(tiny: Path):
    names = {"unet": ["model.bf16.safetensors", "model.fp16.safetensors", "model.ema.safetensors", "model.bin"]}
    source = find_model(str(tiny))
    picked = {dtype: variant_for(source, dtype, names) for dtype in ("float32", "float16", "bfloat16")}
    assert picked == {"float32": "fp16", "float16": "fp16", "bfloat16": "bf16"}
    assert variant_for(source, "float16", {**names, "vae": ["model.bf16.safetensors"]}) == "bf16"
    assert variant_for(find_model("mini"), "float16", names) is None


def generate(db: Path, hub_address: str, seed: int) -> str:
    """What a real ``wb generate`` says: the hub's client reads its settings when it is imported."""
    here = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    cache = {"HF_HOME": str(db.parent / "cache"), "HF_TOKEN": "", "HF_HUB_DISABLE_XET": "1", "WB_DB": str(db)}
    one = ("--steps", "1", "--images-per-prompt", "1", "--seed", str(seed), "--device", "cpu")
    done = subprocess.run(
        [Path(sys.executable).with_name("wb"), "generate", "--model", "org/fp16", *one],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={**here, **cache, "HF_ENDPOINT": hub_address},
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_hub_that_has_a_variant_alone(db: Path, store: Store, fp16: Path):
    add_references(store, count=1)
    with hub.serving("org/fp16", fp16) as address:
        assert "made 1 images" in generate(db, address, 0)
    assert "made 1 images" in generate(db, "http://127.0.0.1:9", 1)


def test_it_is_checked_by_what_the_hub_says(wb, ask, fp16: Path):
    with hub.serving("org/fp16", fp16) as address:
        ask(address)
        found = checks(wb("models", "check", "org/fp16", "--device", "cpu", "--format", "json").out)
    assert found["weights"][0] == "yes"
    assert found["cache"][1].endswith(" MB to download")
    assert "about" not in found["memory"][1]
