"""What holds for every measure beside s and p: the registry is the list."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from generate.encoders import load_encoder
from generate.encoders.viewing import Viewing
from generate.metrics.metric import PROMPT, REFERENCES, SIBLINGS, Metric
from generate.metrics.registry import METRICS, load_metric
from tests.fixtures import checkpoints
from tests.fixtures.studies import drawn
from workbench.errors import ConfigError, MetricError, ModelError

PICTURES = [drawn(f"metric {k}", size=size) for k, size in enumerate([(90, 60), (64, 64), (300, 200)])]
SMALL: dict[str, Callable[[Path], str]] = {
    "clipscore": lambda folder: f"clipscore:{checkpoints.clip_with_texts(folder / 'clip')}",
    "consistency": lambda folder: f"consistency:clip:{checkpoints.clip(folder / 'clip')}",
    "dreamsim": lambda folder: f"dreamsim:open_clip_vitb32@{checkpoints.dreamsim_folder(folder / 'dreamsim')}",
    "lpips": lambda folder: f"lpips:alex@{checkpoints.alexnet_file(folder / 'alexnet.safetensors')}",
    "mean-p": lambda folder: f"mean-p:timm:test_vit@{checkpoints.timm_file(folder / 'vit.safetensors')}",
    "ms-ssim": lambda folder: "ms-ssim",
    "phash": lambda folder: "phash",
    "similarity": lambda folder: f"similarity:sscd:{checkpoints.sscd_file(folder / 'sscd.torchscript.pt')}",
    "ssim": lambda folder: "ssim",
    "vr": lambda folder: f"vr:timm:test_vit@{checkpoints.timm_file(folder / 'vit.safetensors')}",
}
"""For each metric a name that needs no network."""


@pytest.fixture(scope="module", params=list(METRICS))
def name(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    torch.set_num_threads(1)
    return SMALL[request.param](tmp_path_factory.mktemp("metric"))


@pytest.fixture(scope="module")
def metric(name: str) -> Metric:
    return load_metric(name, "cpu")


def encoded(metric: Metric, *pictures: Image.Image) -> list[Any]:
    return list(metric.encode([metric.view(picture) for picture in pictures]))


def others(metric: Metric, *pictures: Image.Image) -> list[Any]:
    return ["a drawn picture"] if metric.compared_with == PROMPT else encoded(metric, *pictures)


def test_values_are_numbers_in_their_range(metric: Metric):
    for picture in encoded(metric, *PICTURES):
        value = metric.score(picture, others(metric, *PICTURES)).value
        assert isinstance(value, float)
        assert metric.low <= value <= metric.high + 1e-6


def test_a_picture_is_closest_to_itself(metric: Metric):
    if metric.compared_with == PROMPT:
        pytest.skip("compared with a text")
    (picture,) = encoded(metric, PICTURES[0])
    itself = metric.score(picture, encoded(metric, PICTURES[0])).value
    other = metric.score(picture, encoded(metric, PICTURES[1])).value
    best = metric.high if metric.higher_is_closer else metric.low
    assert itself == pytest.approx(best, abs=1e-5)
    assert (itself > other) if metric.higher_is_closer else (itself < other)


def test_the_best_of_the_references_counts_and_is_named(metric: Metric):
    if metric.compared_with != REFERENCES:
        pytest.skip("compared with no references")
    (picture,) = encoded(metric, PICTURES[0])
    found = metric.score(picture, encoded(metric, PICTURES[1], PICTURES[0], PICTURES[2]))
    assert found.best in (1, None)
    assert found.value == pytest.approx(metric.high if metric.higher_is_closer else metric.low, abs=1e-5)
    assert (found.best is None) == metric.name.startswith(("vr:", "mean-p:"))


def test_neither_batch_nor_order_matters_and_twice_is_the_same(metric: Metric):
    together = encoded(metric, *PICTURES)
    alone = [encoded(metric, picture)[0] for picture in PICTURES]
    compared = others(metric, *PICTURES)
    turned = compared[::-1]
    for one, other in zip(together, alone, strict=True):
        value = metric.score(one, compared).value
        assert metric.score(one, compared).value == value
        assert metric.score(other, turned).value == pytest.approx(value, abs=1e-5)


def test_the_id_fixes_weights_and_settings(metric: Metric, name: str):
    row = metric.row()
    assert row.metric_id == load_metric(name, "cpu").metric_id
    assert "/" not in row.metric_id.partition("#")[0]
    assert row.name == name
    assert row.library.partition(" ")[2][0].isdigit()
    if ":" in name and not name.startswith(("lpips", "dreamsim")):
        assert load_metric(name, "cpu", Viewing(crop="pad")).metric_id != row.metric_id


def test_bad_input_never_becomes_a_number(metric: Metric):
    with pytest.raises(MetricError, match="0×5 pixels"):
        metric.view(Image.new("RGB", (0, 5)))
    (picture,) = encoded(metric, PICTURES[0])
    with pytest.raises(MetricError, match="nothing to compare with"):
        metric.score(picture, [])
    with pytest.raises(MetricError, match="1×1 pixels"):
        metric.view(Image.new("RGB", (1, 1), "red"))


def scaled(picture: Image.Image) -> torch.Tensor:
    small = np.asarray(picture.resize((256, 256), Image.Resampling.BICUBIC), dtype=np.float64) / 255
    return torch.from_numpy(small).permute(2, 0, 1)[None].float()


@pytest.mark.parametrize("name", ["ssim", "ms-ssim"])
def test_structural_similarity_is_that_of_another_library(name: str):
    import piq

    metric = load_metric(name, "cpu")
    blend = Image.blend(PICTURES[0], PICTURES[1].resize(PICTURES[0].size), 0.3)
    one, two = encoded(metric, PICTURES[0], blend)
    pixels = scaled(PICTURES[0]), scaled(blend)
    theirs = piq.ssim(*pixels, downsample=False) if name == "ssim" else piq.multi_scale_ssim(*pixels)
    assert metric.score(one, [two]).value == pytest.approx(float(theirs), abs=1e-4)
    assert float(theirs) < 0.99


def test_the_distance_of_hashes_is_that_of_their_bits():
    import imagehash

    metric = load_metric("phash", "cpu")
    hashes = [int(str(imagehash.phash(picture)), 16) for picture in PICTURES]
    one, two, three = encoded(metric, *PICTURES)
    assert metric.score(one, [two]).value == (hashes[0] ^ hashes[1]).bit_count()
    assert metric.score(one, [two, three]).value == min((hashes[0] ^ h).bit_count() for h in hashes[1:])


def test_lpips_is_what_its_library_computes(tmp_path: Path):
    import warnings

    import lpips
    from safetensors.torch import load_file
    from torchvision.models import alexnet

    file = checkpoints.alexnet_file(tmp_path / "alexnet.safetensors")
    trunk = alexnet(weights=None)
    trunk.load_state_dict(load_file(file), strict=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = lpips.LPIPS(net="alex", pnet_rand=True, verbose=False)
    for slice_ in ("slice1", "slice2", "slice3", "slice4", "slice5"):
        for index, layer in getattr(network.net, slice_).named_children():
            layer.load_state_dict(trunk.features[int(index)].state_dict())
    metric = load_metric(f"lpips:alex@{file}", "cpu")
    one, two = encoded(metric, *PICTURES[:2])
    with torch.no_grad():
        theirs = network(scaled(PICTURES[0]), scaled(PICTURES[1]), normalize=True)
    assert metric.score(one, [two]).value == pytest.approx(float(theirs), abs=1e-5)
    assert metric.score(one, [two]).value > 0.001


def test_lpips_without_its_trunk_is_an_error_and_never_random(tmp_path: Path):
    from safetensors.torch import save_file

    with pytest.raises(ModelError, match="there is no file"):
        load_metric(f"lpips:alex@{tmp_path / 'absent.pth'}", "cpu")
    save_file({"features.0.weight": torch.zeros(1)}, tmp_path / "half.safetensors")
    with pytest.raises(ModelError, match="do not fit: they lack features"):
        load_metric(f"lpips:alex@{tmp_path / 'half.safetensors'}", "cpu")
    with pytest.raises(ConfigError, match="did you mean alex"):
        load_metric("lpips:alexx", "cpu")


def test_clipscore_is_what_transformers_itself_computes(tmp_path: Path):
    from transformers import CLIPModel
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    folder = checkpoints.clip_with_texts(tmp_path / "clip")
    model = CLIPModel.from_pretrained(folder).eval()
    pixels = CLIPImageProcessorPil.from_pretrained(folder)(PICTURES, return_tensors="pt")["pixel_values"]
    metric = load_metric(f"clipscore:{folder}", "cpu")
    for text in ("a cat", "the Starry Night " * 40):
        ids = checkpoints.clip_tokenizer()(text, truncation=True, max_length=77, return_tensors="pt")
        with torch.no_grad():
            cosines = (model(pixel_values=pixels, **ids).logits_per_image / model.logit_scale.exp())[:, 0]
        for picture, cosine in zip(encoded(metric, *PICTURES), cosines.tolist(), strict=True):
            assert metric.score(picture, [text]).value == pytest.approx(2.5 * max(cosine, 0), abs=1e-5)


def test_consistency_averaged_is_the_mean_pairwise_cosine(tmp_path: Path):
    name = f"clip:{checkpoints.clip(tmp_path / 'clip')}"
    metric = load_metric(f"consistency:{name}", "cpu")
    assert metric.compared_with == SIBLINGS
    pictures = encoded(metric, *PICTURES)
    each = [metric.score(p, [q for q in pictures if q is not p]).value for p in pictures]
    vectors = load_encoder(name, "cpu").encode(PICTURES)
    pairs = [float(vectors[i] @ vectors[j]) for i in range(3) for j in range(i)]
    assert np.mean(each) == pytest.approx(np.mean(pairs), abs=1e-6)


def test_vr_is_the_share_of_patches_over_its_threshold(tmp_path: Path):
    from generate.metrics.patches import grid_crops

    name = f"timm:test_vit@{checkpoints.timm_file(tmp_path / 'vit.safetensors')}"
    one, two = (load_encoder(name, "cpu").encode(grid_crops(picture)) for picture in PICTURES[:2])
    p = (one @ two.T).max(axis=1)
    tau = float(np.median(p))
    metric = load_metric(f"vr:{tau:.4f}:{name}", "cpu")
    found = metric.score(*[encoded(metric, PICTURES[0])[0], encoded(metric, PICTURES[1])])
    assert found.value == pytest.approx(float((p >= round(tau, 4)).mean()))
    assert 0 < found.value < 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sim", "did you mean ssim"),
        ("ssim:512", "takes nothing after its name"),
        ("phash:8", "takes nothing after its name"),
        ("similarity", "wants an encoder"),
        ("consistency:clp:x", "did you mean clip"),
        ("vr:", "wants the encoder of the patches"),
        ("clipscore:", "wants a name"),
    ],
)
def test_names_that_make_no_sense(name: str, said: str):
    with pytest.raises(ConfigError, match=said):
        load_metric(name, "cpu")
