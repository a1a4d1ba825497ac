"""Reference images are embedded once for each encoder and cutting: for all images, all runs and the null."""

from pathlib import Path

import numpy as np
import pytest

from generate.encoders import load_encoder
from generate.metrics.patches import grid_crops
from generate.pictures import read_picture
from tests.fixtures import checkpoints
from tests.fixtures.images import add_images
from tests.fixtures.studies import add_reference_image, add_references, drawn
from workbench.store import Store


@pytest.fixture(scope="module")
def vit(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"timm:test_vit@{checkpoints.timm_file(tmp_path_factory.mktemp('timm') / 'vit.safetensors')}"


@pytest.fixture
def score(wb, vit: str):
    names = ["--encoder", vit, "--patch-encoder", vit, "--device", "cpu"]
    return lambda command, *more: wb(command, *names, *more)


def embedded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures each call of an encoder took in, from now on."""
    from generate.encoders.encoder import Encoder

    sizes: list[int] = []
    embed = Encoder.embed

    def counted(self: Encoder, prepared):
        sizes.append(len(prepared))
        return embed(self, prepared)

    monkeypatch.setattr(Encoder, "embed", counted)
    return sizes


def test_what_is_kept_is_what_the_encoder_gives(score, store: Store, vit: str):
    add_references(store, count=2, images=2, kind="dynamic")
    add_images(store)
    assert score("score").code == 0
    encoder = load_encoder(vit, "cpu")
    rows = store.sql("FROM reference_embeddings JOIN ref_images USING (sha256) ORDER BY path, grid").to_dicts()
    assert [row["grid"] for row in rows] == [1, 4] * 4
    for row in rows:
        picture = read_picture(store.images.path(row["path"]))
        views = [picture] if row["grid"] == 1 else grid_crops(picture)
        kept = np.reshape(row["vectors"], (len(views), encoder.dimensions))
        assert np.allclose(kept, encoder.encode(views), atol=1e-5)
        assert row["encoder_id"] == encoder.encoder_id


def test_nothing_is_embedded_twice(score, store: Store, monkeypatch: pytest.MonkeyPatch):
    add_references(store, count=2, images=3, kind="dynamic")
    add_images(store, each=2)
    sizes = embedded(monkeypatch)
    loading = 1  # an encoder looks at one grey picture when it is loaded
    score("score")
    assert sum(sizes) == loading + (6 + 4) + 16 * (6 + 4)
    sizes.clear()
    add_images(store, each=1, model="another")
    score("score")
    assert sum(sizes) == loading + 2 + 16 * 2, "the new images alone"
    sizes.clear()
    score("calibrate")
    assert sum(sizes) == loading + 6 + 16 * 6, "the images of the null, and no reference"
    sizes.clear()
    add_reference_image(store, "Q1", drawn("a fourth"), rank=4)
    score("score")
    assert sum(sizes) == loading + (1 + 3) + 16 * (1 + 3), "one reference image, and the three images it is new to"


def test_scores_from_the_cache_are_the_same(score, store: Store):
    add_references(store, count=3, images=2, kind="dynamic")
    add_images(store)
    score("score")
    query = "SELECT image_id, s, p FROM similarities JOIN patches USING (image_id) ORDER BY image_id"
    before = store.sql(query)
    import duckdb

    with duckdb.connect(store.path) as con:
        con.execute("DELETE FROM similarities; DELETE FROM patches; CHECKPOINT")
    for (path,) in store.sql("SELECT path FROM ref_images").iter_rows():
        store.images.path(path).unlink()
    assert score("score").code == 0
    after = store.sql(query)
    assert np.allclose(after["s"].to_numpy(), before["s"].to_numpy(), atol=1e-6)
    assert np.allclose(after["p"].to_list(), before["p"].to_list(), atol=1e-6)


def test_another_encoder_keeps_its_own(score, store: Store, tmp_path: Path, wb):
    add_references(store, count=1)
    add_images(store)
    score("score")
    other = f"timm:test_vit@{checkpoints.timm_file(tmp_path / 'other.safetensors', seed=1)}"
    assert wb("score", "--encoder", other, "--patch-encoder", other, "--device", "cpu").code == 0
    counted = store.sql("SELECT encoder_id, count(*) AS n FROM reference_embeddings GROUP BY ALL")
    assert counted["n"].to_list() == [2, 2]
    assert "reference_embeddings" not in store.names()
