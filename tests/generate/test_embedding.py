"""A stream of pictures through an encoder: in order, in full batches, bad ones apart."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from generate.encoders.encoder import OTHER, Encoder
from generate.metrics.patches import grid_crops
from generate.scoring.embedding import Embedded, Picture, embed_pictures
from generate.scoring.measures import PATCH_MAXIMA, SIMILARITY, Measure
from tests.fixtures.studies import drawn
from workbench.errors import ModelError

NAN_COLOUR = (255, 0, 255)


class Colours:
    """A network that sees the mean colour of a picture, and has limits."""

    def __init__(self, most: int = 99) -> None:
        self.most = most
        self.sizes: list[int] = []
        self.error: type[Exception] = torch.OutOfMemoryError

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        self.sizes.append(len(batch))
        if len(batch) > self.most:
            raise self.error("no room")
        means = batch.mean(dim=(2, 3)) + 1
        means[(batch == torch.tensor(NAN_COLOUR).view(1, 3, 1, 1)).all(dim=(1, 2, 3))] = torch.nan
        return means


def encoder_of(network: Colours) -> Encoder:
    def prepare(image: Image.Image) -> torch.Tensor:
        return torch.tensor(np.asarray(image.resize((4, 4), Image.Resampling.NEAREST)).copy()).permute(2, 0, 1).float()

    made = Encoder(
        family="colours",
        name="colours:mean",
        label="colours:mean",
        weights="none",
        preprocessing={},
        preference=OTHER,
        prepare=prepare,
        forward=network,
        device="cpu",
    )
    network.sizes.clear()
    return made


def files(folder: Path, count: int) -> list[Picture[int]]:
    for k in range(count):
        drawn(f"picture {k}").save(folder / f"{k}.png")
    return [Picture(key=k, path=folder / f"{k}.png") for k in range(count)]


def embed(network: Colours, pictures: list[Picture[int]], measure: Measure, batch: int) -> list[Embedded[int]]:
    return list(embed_pictures(encoder_of(network), pictures, measure.cutting, batch))


def test_pictures_come_back_in_order_from_full_batches(tmp_path: Path):
    network = Colours()
    found = embed(network, files(tmp_path, 7), SIMILARITY, 3)
    assert [one.key for one in found] == list(range(7))
    assert all(one.vectors is not None and one.vectors.shape == (1, 3) for one in found)
    assert network.sizes == [3, 3, 1]


def test_patches_of_a_picture_may_be_spread_over_batches(tmp_path: Path):
    network = Colours()
    pictures = files(tmp_path, 3)
    found = embed(network, pictures, PATCH_MAXIMA, 20)
    assert network.sizes == [20, 20, 8]
    encoder = encoder_of(Colours())
    for picture, one in zip(pictures, found, strict=True):
        with Image.open(picture.path) as image:
            crops = grid_crops(image)
        assert np.allclose(one.vectors, encoder.encode(crops), atol=1e-6)
        assert [crop.convert("L").entropy() for crop in crops] == pytest.approx(list(one.entropies), abs=1e-6)


def test_bad_pictures_are_named_and_the_rest_goes_on(tmp_path: Path):
    pictures = files(tmp_path, 6)
    pictures[0].path.unlink()
    pictures[2].path.write_bytes(b"no picture")
    pictures[3].path.write_bytes(pictures[4].path.read_bytes()[:200])
    Image.new("RGB", (4, 4), NAN_COLOUR).save(pictures[5].path)
    found = embed(Colours(), pictures, SIMILARITY, 4)
    assert [one.key for one in found] == list(range(6))
    assert [one.vectors is None for one in found] == [True, False, True, True, False, True]
    assert "No such file" in str(found[0].error)
    assert "cannot identify image" in str(found[2].error)
    assert found[3].error
    assert "not made of numbers" in str(found[5].error)


def test_a_picture_smaller_than_the_grid_cannot_be_cut(tmp_path: Path):
    pictures = files(tmp_path, 2)
    Image.new("RGB", (3, 3)).save(pictures[0].path)
    found = embed(Colours(), pictures, PATCH_MAXIMA, 16)
    assert "3×3 pixels cannot be cut" in str(found[0].error)
    assert found[1].vectors is not None


def test_batches_that_do_not_fit_are_halved(tmp_path: Path):
    network = Colours()
    pictures = files(tmp_path, 6)
    whole = embed(network, pictures, SIMILARITY, 6)
    network.most = 2
    encoder = encoder_of(network)
    halved = list(embed_pictures(encoder, pictures, SIMILARITY.cutting, 6))
    assert network.sizes == [6, 3, 1, 2, 3, 1, 2]
    for one, other in zip(whole, halved, strict=True):
        assert np.allclose(one.vectors, other.vectors, atol=1e-6)


def test_a_dead_device_ends_the_run(tmp_path: Path):
    network = Colours()
    encoder = encoder_of(network)
    network.most, network.error = 0, torch.AcceleratorError
    with pytest.raises(ModelError, match="the device has failed"):
        list(embed_pictures(encoder, files(tmp_path, 2), SIMILARITY.cutting, 2))


def test_a_rotated_photograph_is_seen_upright(tmp_path: Path):
    upright = drawn("upright", size=(60, 40))
    upright.save(tmp_path / "upright.png")
    sideways = upright.transpose(Image.Transpose.ROTATE_90)
    exif = sideways.getexif()
    exif[0x0112] = 6
    sideways.save(tmp_path / "sideways.png", exif=exif)
    pictures = [Picture(key=k, path=tmp_path / name) for k, name in enumerate(("upright.png", "sideways.png"))]
    one, other = embed(Colours(), pictures, PATCH_MAXIMA, 16)
    assert np.allclose(one.vectors, other.vectors)


def test_few_pictures_are_in_memory_at_a_time(tmp_path: Path):
    taken: list[int] = []

    def pictures():
        for picture in files(tmp_path, 2) * 200:
            taken.append(picture.key)
            yield picture

    stream = embed_pictures(encoder_of(Colours()), pictures(), SIMILARITY.cutting, 4)
    next(stream)
    assert len(taken) < 40
    stream.close()
