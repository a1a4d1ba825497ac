"""``wb show``: the picture and the table of one image's patches."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generate.metrics.patches import grid_crops
from generate.showing.draw import GAP, REUSED, SIDE, STRIP
from tests.fixtures import checkpoints
from tests.fixtures.images import generated
from tests.fixtures.studies import add_reference_image, add_references, drawn
from workbench.store import Store, Write, connection

CELL = SIDE // 4


@pytest.fixture(scope="module")
def vit(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"timm:test_vit@{checkpoints.timm_file(tmp_path_factory.mktemp('timm') / 'vit.safetensors')}"


def mosaic(size: int = 128) -> Image.Image:
    """A picture of 16 patches of which no two look alike, to any encoder."""
    blocks = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    return Image.fromarray(blocks).resize((size, size), Image.Resampling.NEAREST)


@pytest.fixture
def image(wb, store: Store, vit: str) -> str:
    """An image whose upper half is that of the reference's second image; its id."""
    (qid,) = add_references(store, count=1, images=0, kind="dynamic")
    second = mosaic()
    add_reference_image(store, qid, drawn("first", size=(128, 96)), rank=1)
    add_reference_image(store, qid, second, rank=2)
    copy = drawn("elsewhere", size=(128, 128))
    copy.paste(second.crop((0, 0, 128, 64)), (0, 0))
    (prompt,) = store.sql("FROM prompts")["prompt_id"]
    row = generated(store, copy, prompt, 3, "copyist")
    store.write(Write(query="upsert_images", table="images", records=[row]))
    assert wb("score", "--encoder", vit, "--patch-encoder", vit, "--device", "cpu").code == 0
    return row.image_id


def test_the_table_says_which_patch_is_where(wb, store: Store, image: str, tmp_path: Path) -> None:
    done = wb("show", image[:6], "--tau-reuse", "0.9999", "--picture", tmp_path / "s.png", "--format", "json")
    assert done.code == 0
    rows = json.loads(done.out)
    assert [(row["row"], row["column"]) for row in rows] == [(r, c) for r in range(1, 5) for c in range(1, 5)]
    second = store.sql("SELECT path FROM ref_images WHERE rank = 2")["path"][0]
    for row in rows[:8]:
        assert row["p"] == pytest.approx(1, abs=1e-4)
        assert row["reused"]
        assert (row["reference"], row["reference_row"], row["reference_column"]) == (second, row["row"], row["column"])
    (patches,) = store.sql("FROM patches").to_dicts()
    assert [row["p"] for row in rows] == patches["p"]
    assert [row["entropy"] for row in rows] == patches["entropy"]


def test_the_picture_shows_what_is_reused_and_what_it_is_from(wb, store: Store, image: str, tmp_path: Path) -> None:
    target = tmp_path / "s.png"
    assert wb("show", image, "--tau-reuse", "0.9999", "--picture", target).code == 0
    picture = Image.open(target)
    assert picture.size == (2 * SIDE + GAP, SIDE + STRIP)
    (patches,) = store.sql("FROM patches").to_dicts()
    own = grid_crops(Image.open(store.images.path(store.sql("SELECT path FROM images")["path"][0])).convert("RGB"))
    outline = tuple(int(REUSED[k : k + 2], 16) for k in (1, 3, 5))
    for k, (patch, p) in enumerate(zip(own, patches["p"], strict=True)):
        left, top = k % 4 * CELL, STRIP + k // 4 * CELL
        shown = picture.crop((left + 20, top + 20, left + CELL - 20, top + CELL - 20))
        expected = patch.resize((CELL, CELL), Image.Resampling.LANCZOS).crop((20, 20, CELL - 20, CELL - 20))
        bright = np.asarray(shown, float).mean() / max(np.asarray(expected, float).mean(), 1)
        assert (picture.getpixel((left + 1, top + CELL // 2)) == outline) == (p >= 0.9999)
        assert bright == pytest.approx(1 if p >= 0.9999 else 0.35, abs=0.03)
    half = (SIDE + GAP, STRIP, 2 * SIDE + GAP, STRIP + SIDE // 2)
    reference = np.asarray(picture.crop(half), float)[:, 100:]
    same = np.asarray(picture.crop((0, STRIP, SIDE, STRIP + SIDE // 2)), float)[:, 100:]
    assert np.median(np.abs(reference - same)) == 0, "the reused half looks the same on both sides"


def test_an_image_is_named_by_its_path_too_and_the_picture_after_it(
    wb, store: Store, image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (path,) = store.sql("SELECT path FROM images")["path"]
    assert "Picture 1 (date unknown), prompt" in wb("show", path).err
    with connection.writing(store.path, 5) as con:
        con.execute("UPDATE refs SET creation_year = 1401, creation_precision = 7, creation_circa = true")
    done = wb("show", path)
    assert done.code == 0
    assert f"show-{image[:8]}.png: Picture 1 (c. 15th century), prompt 'Picture 1, title'" in done.err
    assert (tmp_path / f"show-{image[:8]}.png").is_file()


def test_what_cannot_be_shown(wb, store: Store, image: str, tmp_path: Path) -> None:
    (prompt,) = store.sql("FROM prompts")["prompt_id"]
    rows = [generated(store, drawn(f"new {seed}"), prompt, seed, "m") for seed in range(40)]
    store.write(Write(query="upsert_images", table="images", records=rows))
    assert "no image has an id that begins with 'xyz'" in wb("show", "xyz").err
    assert "write more of the id" in wb("show", rows[0].image_id[:1]).err
    unscored = wb("show", rows[0].image_id)
    assert unscored.code == 1
    assert "has no current patch maxima" in unscored.err
    assert "hint: wb score" in unscored.err
    assert "no patch encoder named 'timm'" in wb("show", image, "--patch-encoder", "timm").err
    assert "name it .png or .jpg" in wb("show", image, "--picture", tmp_path / "s.xyz").err
    store.images.path(store.sql("SELECT path FROM ref_images WHERE rank = 2")["path"][0]).unlink()
    assert "cannot be read: " in wb("show", image, "--picture", tmp_path / "s.png").err
