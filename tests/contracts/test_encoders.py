"""What holds for every encoder family: the registry is the list."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generate.encoders import ENCODERS, load_encoder
from generate.encoders.encoder import Encoder
from generate.encoders.viewing import CROPS, Viewing
from tests.fixtures import checkpoints
from tests.fixtures.studies import drawn
from workbench.errors import MetricError

PICTURES = [
    drawn(f"contract {k}", size=size) for k, size in enumerate([(90, 60), (60, 90), (300, 300), (31, 7), (4, 4)])
]
SMALL: dict[str, Callable[[Path], str]] = {
    "clip": lambda folder: f"clip:{checkpoints.clip(folder / 'clip')}",
    "open_clip": lambda folder: f"open_clip:{checkpoints.open_clip_folder(folder / 'open_clip')}",
    "timm": lambda folder: f"timm:{checkpoints.TIMM_NAME}@{checkpoints.timm_file(folder / 'vit.safetensors')}",
    "sscd": lambda folder: f"sscd:{checkpoints.sscd_file(folder / 'sscd.torchscript.pt')}",
    "efficientnet-lite0": lambda folder: "efficientnet-lite0",
}
"""For each family a name that needs no network."""


@pytest.fixture(scope="module", params=list(ENCODERS))
def name(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    return SMALL[request.param](tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def encoder(name: str) -> Encoder:
    import torch

    torch.set_num_threads(1)
    return load_encoder(name, "cpu")


def test_embeddings_are_unit_vectors_of_float32(encoder: Encoder):
    found = encoder.encode(PICTURES)
    assert found.shape == (len(PICTURES), encoder.dimensions)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert np.abs(found @ found.T).max() <= 1 + 1e-6


def test_pictures_that_differ_have_embeddings_that_differ(encoder: Encoder):
    found = encoder.encode(PICTURES)
    cosines = found @ found.T
    assert cosines[~np.eye(len(PICTURES), dtype=bool)].max() < 1 - 1e-4


def test_the_same_pictures_have_the_same_embeddings(encoder: Encoder):
    assert np.array_equal(encoder.encode(PICTURES), encoder.encode(PICTURES))


def test_neither_batch_size_nor_order_matters(encoder: Encoder):
    together = encoder.encode(PICTURES)
    alone = np.concatenate([encoder.encode([picture]) for picture in PICTURES])
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(encoder.encode(PICTURES[::-1])[::-1], together, atol=1e-5)


def test_any_mode_is_taken_as_rgb(encoder: Encoder):
    for mode in ("L", "RGBA", "P", "CMYK", "1"):
        picture = PICTURES[0].convert(mode)
        assert np.array_equal(encoder.encode([picture]), encoder.encode([picture.convert("RGB")]))


def test_what_cannot_be_embedded_is_refused(encoder: Encoder):
    with pytest.raises(MetricError, match="no pictures"):
        encoder.encode([])
    with pytest.raises(MetricError, match="0×5 pixels"):
        encoder.encode([Image.new("RGB", (0, 5))])
    with pytest.raises(MetricError, match="1×1 pixels"):
        encoder.encode([Image.new("RGB", (1, 1))])
    with pytest.raises(MetricError, match="not made of numbers"):
        encoder.embed([encoder.prepare(PICTURES[0]) * float("nan")])


def test_the_id_fixes_weights_and_preprocessing(encoder: Encoder, name: str):
    row = encoder.row()
    assert row.encoder_id == load_encoder(name, "cpu").encoder_id
    assert row.encoder_id.startswith(row.family)
    assert "/" not in row.encoder_id.partition("#")[0]
    assert len(row.encoder_id.rpartition("#")[2]) == 12
    assert row.weights.startswith("sha256:")
    for what in ("mean", "pooling", "backend"):
        assert what in row.preprocessing
    assert row.dimensions == encoder.encode(PICTURES[:1]).shape[1]
    assert row.preference == (2 if row.family == "efficientnet-lite0" else 1)


@pytest.mark.parametrize("crop", CROPS)
def test_only_a_centre_crop_is_blind_to_the_ends_of_a_film_frame(name: str, crop: str):
    frame = drawn("frame", size=(478, 200))
    other = frame.copy()
    other.paste((255, 0, 255), (0, 0, 100, 200))
    found = load_encoder(name, "cpu", Viewing(crop=crop)).encode([frame, other])
    assert (float(found[0] @ found[1]) > 1 - 1e-6) == (crop == "centre")


def test_every_way_of_looking_has_an_id_of_its_own(name: str, encoder: Encoder):
    ways = [Viewing(crop=crop) for crop in CROPS] + [Viewing(upright=False), Viewing(precision="bfloat16")]
    ids = [load_encoder(name, "cpu", way).encoder_id for way in ways]
    assert len({encoder.encoder_id, *ids}) == 5, "one of the crops is the encoder's own"
    assert encoder.encoder_id in ids
    assert sum("+squash#" in one or "+pad#" in one or "+centre#" in one for one in ids) == 2
    assert "+as-stored#" in ids[3]
    assert "+bfloat16-autocast#" in ids[4]


def test_padding_shows_the_picture_as_it_is(name: str):
    encoder = load_encoder(name, "cpu", Viewing(crop="pad"))
    square = drawn("square", size=(200, 200))
    found = encoder.encode([square, square])
    plain = load_encoder(name, "cpu", Viewing(crop="squash")).encode([square])
    assert np.allclose(found[:1], plain, atol=1e-4)


def test_bfloat16_moves_cosines_a_little(name: str, encoder: Encoder):
    exact = encoder.encode(PICTURES)
    rounded = load_encoder(name, "cpu", Viewing(precision="bfloat16")).encode(PICTURES)
    assert rounded.dtype == np.float32
    assert np.abs(exact @ exact.T - rounded @ rounded.T).max() < 0.04
    assert not np.array_equal(exact, rounded)
