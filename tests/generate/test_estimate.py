"""What a dry run says about time, disk and memory."""

import re
from pathlib import Path

import pytest

from generate.estimate import pace_of, size
from generate.models.source import find_model
from generate.models.weights import is_loaded, weights_of
from generate.progress import duration
from generate.run import prepare
from tests.fixtures import families
from tests.fixtures.studies import add_references
from workbench.store import Store

QUICK = ("--steps", 2, "--device", "cpu")


def test_before_the_first_image_the_time_is_not_known(wb, store: Store, tiny: Path):
    add_references(store, count=2)
    dry = wb("generate", "--model", tiny, *QUICK, "--dry-run")
    assert "time: not known" in dry.err
    assert re.search(r"disk: at most 98.3 kB of pictures, .* free\n", dry.err)
    many = wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 10**9, "--dry-run")
    assert re.search(r"disk: at most [\d.]+ TB of pictures, .* free, perhaps not enough\n", many.err)
    assert re.search(r"memory: [\d.]+ MB of weights as float32, and sampling on top; cpu has .* free", dry.err)


def test_earlier_images_tell_how_long_it_takes_and_how_large_it_gets(wb, store: Store, tiny: Path):
    add_references(store, count=2)
    wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 2)
    same = wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 1000, "--dry-run")
    assert re.search(r"time: [\d:]+, [\d.]+ s an image as of 4 earlier images\n", same.err)
    assert re.search(r"disk: [\d.]+ MB of pictures, .* free\n", same.err)
    many = wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 10**9, "--dry-run")
    assert re.search(r"disk: [\d.]+ TB of pictures, .* free: not enough\n", many.err)
    other = wb("generate", "--model", tiny, "--steps", 4, "--device", "cpu", "--size", 128, "--dry-run")
    assert "4 earlier images under other settings, by steps and pixels" in other.err


@pytest.mark.parametrize(
    ("workers", "share", "said"),
    [(("--workers", 4), 4, " for each of 4 workers"), ((), 1, " of one worker, divided by as many as the cluster has")],
)
def test_a_cluster_takes_the_time_of_one_worker_divided(wb, store: Store, tiny: Path, workers, share: int, said: str):
    add_references(store, count=2)
    wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 2)
    each = store.sql("SELECT avg(seconds) FROM images").item()
    cluster = ("--engine", "ray", "--gpus-per-worker", 0, *workers, "--dry-run")
    dry = wb("generate", "--model", tiny, "--steps", 2, "--images-per-prompt", 1_000_002, *cluster)
    assert dry.code == 0, dry.err
    assert f"time: {duration(each * 2_000_000 / share)}{said}" in dry.err
    assert "an image as of 4 earlier images on cpu\n" in dry.err
    assert re.search(r"disk: [\d.]+ GB of pictures", dry.err)
    assert "sampling on top; on each worker\n" in dry.err
    gpus = wb("generate", "--model", tiny, "--steps", 2, "--engine", "ray", "--images-per-prompt", 3, "--dry-run")
    assert "time: not known; this study has no images of tiny from cuda yet" in gpus.err


def test_other_settings_count_by_steps_and_pixels(wb, store: Store, tiny: Path):
    from generate.models.settings import Size, Wishes
    from generate.request import GenerateRequest

    add_references(store, count=1)
    wb("generate", "--model", tiny, *QUICK)

    def pace(steps: int, side: int):
        wishes = Wishes(steps=steps, size=Size(width=side, height=side))
        found = pace_of(store, prepare(store, GenerateRequest(model=str(tiny), device="cpu", wishes=wishes)))
        assert found is not None
        return found

    assert pace(6, 128).seconds == pytest.approx(12 * pace(2, 64).seconds)
    assert pace(6, 128).picture_bytes == pytest.approx(4 * pace(2, 64).picture_bytes)


def test_a_plan_beyond_all_measure_is_counted_at_once(wb, store: Store, tiny: Path):
    add_references(store, count=3)
    dry = wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 100_000_000, "--dry-run")
    assert dry.code == 0
    assert dry.out.splitlines()[1].split() == ["title", "3", "3", "300000000"]
    assert "at most 3.69 TB of pictures" in dry.err


@pytest.mark.parametrize("name", ["sd1", "flux"])
def test_weights_are_counted_without_loading_them(name: str, tmp_path: Path):
    from diffusers import DiffusionPipeline

    folder = families.BUILDERS[name](tmp_path / name)
    weights = weights_of(find_model(str(folder)), "float16")
    pipe = DiffusionPipeline.from_pretrained(folder)
    parts = [part for part in pipe.components.values() if hasattr(part, "parameters")]
    assert weights is not None
    assert weights.parameters >= sum(p.numel() for part in parts for p in part.parameters())
    assert weights.parameters < 1.01 * sum(p.numel() for part in parts for p in part.parameters()) + 1000
    assert weights.memory_bytes("float16") == 2 * weights.parameters


def test_cut_weights_are_of_no_known_size(tmp_path: Path):
    folder = families.stable_diffusion(tmp_path / "sd")
    unet = folder / "unet" / "diffusion_pytorch_model.safetensors"
    unet.write_bytes(unet.read_bytes()[:100])
    assert weights_of(find_model(str(folder)), "float32") is None


def test_which_of_several_weight_files_is_loaded():
    names = ["model.safetensors", "model.fp16.safetensors", "model.bin", "model.non_ema.safetensors"]
    assert [n for n in names if is_loaded(n, None, names)] == ["model.safetensors"]
    assert [n for n in names if is_loaded(n, "fp16", names)] == ["model.fp16.safetensors"]
    assert [n for n in names[:1] if is_loaded(n, "fp16", names[:1])] == ["model.safetensors"]
    parts = [f"model{v}-0000{k}-of-00002.safetensors" for v in ("", ".fp16") for k in (1, 2)]
    assert [n for n in parts if is_loaded(n, None, parts)] == parts[:2]
    assert [n for n in parts if is_loaded(n, "fp16", parts)] == parts[2:]


def test_sizes_and_spans_to_read():
    assert [size(n) for n in (0, 999, 1500, 3.2e9, 5e15)] == ["0 B", "999 B", "1.5 kB", "3.2 GB", "5 PB"]
    assert [duration(s) for s in (7, 3600, 20 * 86400)] == ["0:07", "1:00:00", "20 days"]
