"""``wb models check`` says beforehand what would keep weights from being loaded."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generate.models.pipeline import load
from generate.models.settings import Wishes, settings_for
from generate.models.source import find_model
from generate.models.weights import weights_of
from tests.fixtures import families
from tests.fixtures.studies import add_references
from workbench.errors import ModelError
from workbench.store import Store


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """A checkpoint to spoil."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


@pytest.fixture
def said(wb, copy: Path) -> Callable[[], tuple[str, str]]:
    """Verdict and result of the row about weights; a model that has flaws cannot be loaded, one without can."""

    def check() -> tuple[str, str]:
        done = wb("models", "check", copy, "--device", "cpu", "--format", "json")
        (row,) = [row for row in json.loads(done.out) if row["item"] == "weights"]
        assert done.code == {"yes": 0, "no": 1}[row["ok"]]
        source = find_model(str(copy))
        settings = settings_for(source, Wishes(), "float32")
        if row["ok"] == "yes":
            load(source, settings, "cpu")
        else:
            with pytest.raises(ModelError) as caught:
                load(source, settings, "cpu")
            assert caught.value.message == f"{copy} cannot be loaded: {row['result']}"
        return row["ok"], row["result"]

    return check


def in_parts(folder: Path) -> list[Path]:
    """Save a denoiser anew, in parts."""
    from diffusers import UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(folder)
    for file in folder.glob("*.safetensors"):
        file.unlink()
    unet.save_pretrained(folder, max_shard_size="1MB")
    return sorted(folder.glob("*.safetensors"))


def test_whole_weights(said):
    assert said() == ("yes", "safetensors, whole")


def test_pickles(said, copy: Path):
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    assert said() == ("no", "unet: no safetensors: pickles are never loaded")


@pytest.mark.parametrize("bytes_left", [0, 100, 100_000])
def test_a_cut_file(said, copy: Path, bytes_left: int):
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:bytes_left])
    assert said() == ("no", "unet: diffusion_pytorch_model.safetensors is cut")


def test_files_that_are_missing(said, copy: Path):
    (copy / "vae" / "config.json").unlink()
    (copy / "text_encoder" / "model.safetensors").rename(copy / "text_encoder" / "clip.safetensors")
    assert said() == ("no", "text_encoder: no weights; vae: config.json is missing")


def test_code_of_the_repository_s_own(said, copy: Path):
    declare(copy / "unet", "own_unet", "OwnUNet")
    assert said() == ("no", "unet: OwnUNet is code of the repository's own, and that is never run")


def test_a_class_that_only_a_newer_library_has(said, copy: Path):
    declare(copy / "unet", "diffusers", "UNet9DConditionModel")
    (copy / "unet" / "diffusers.py").unlink()
    assert said() == ("no", "unet: this version of diffusers has no UNet9DConditionModel")


def test_weights_in_parts(said, copy: Path):
    first, *rest = in_parts(copy / "unet")
    assert rest
    assert said() == ("yes", "safetensors, whole")
    first.rename(copy / first.name)
    assert said() == ("no", f"unet: {first.name} is missing")
    (copy / first.name).rename(first)
    (copy / "unet" / "diffusion_pytorch_model.safetensors.index.json").unlink()
    assert said() == ("no", "unet: the index of its parts is missing")


@pytest.mark.parametrize("component", ["tokenizer", "scheduler", "unet"])
def test_a_component_that_is_not_there(said, copy: Path, component: str):
    shutil.rmtree(copy / component)
    assert said() == ("no", f"{component}: no files")


@pytest.mark.parametrize(
    ("spoil", "hint"),
    [
        (lambda unet: next(unet.glob("*.safetensors")).rename(unet / "diffusion_pytorch_model.bin"), "as safetensors"),
        (lambda unet: (unet / "config.json").unlink(), "copy it here anew"),
        (lambda unet: next(unet.glob("*.safetensors")).write_bytes(b"cut"), "copy it here anew"),
        (lambda unet: declare(unet, "own_unet", "OwnUNet"), "whose classes are those of diffusers"),
        (lambda unet: another_size(unet), "another version of diffusers"),
    ],
)
def test_one_line_and_the_hint_that_helps(wb, store: Store, copy: Path, spoil: Callable[[Path], None], hint: str):
    add_references(store, count=1)
    spoil(copy / "unet")
    done = wb("generate", "--model", copy, "--steps", 1, "--device", "cpu")
    assert done.code == 1
    announced, first, second = done.err.splitlines()
    assert "images to make" in announced
    assert "cannot be loaded: " in first
    assert hint in second


def declare(unet: Path, library: str, class_: str) -> None:
    """Name another class in the index of a pipeline; a file beside the weights has it."""
    index = json.loads((unet.parent / "model_index.json").read_text())
    index["unet"] = [library, class_]
    (unet.parent / "model_index.json").write_text(json.dumps(index))
    (unet / f"{library}.py").write_text("raise SystemExit('run')")


def another_size(unet: Path) -> None:
    """A configuration that the weights do not fit."""
    config = json.loads((unet / "config.json").read_text())
    (unet / "config.json").write_text(json.dumps({**config, "cross_attention_dim": 64}))


def test_parts_of_diffusers_own_are_no_foreign_code(wb, flawed):
    """A safety checker's class stands in a room of diffusers."""
    assert wb("models", "check", flawed(safety_checker="passes"), "--device", "cpu").code == 0


def test_offloaded_a_model_needs_the_memory_of_its_largest_part(wb, tmp_path: Path):
    from diffusers import DiffusionPipeline

    folder = families.flux(tmp_path / "flux")
    weights = weights_of(find_model(str(folder)), "float16")
    pipe = DiffusionPipeline.from_pretrained(folder)
    parts = [part for part in pipe.components.values() if hasattr(part, "parameters")]
    largest = max(sum(p.numel() for p in part.parameters()) for part in parts)
    assert weights is not None
    assert largest <= weights.largest < 1.01 * largest + 1000
    assert weights.memory_bytes("float16", "model") == 2 * weights.largest < weights.memory_bytes("float16")
    refused = wb("models", "check", folder, "--device", "cpu", "--offload", "model")
    assert refused.code == 2
    assert "needs a GPU" in refused.err
