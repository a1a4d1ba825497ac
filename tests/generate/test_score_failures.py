"""``wb score`` where there is no number: a reason for each image, and one line where nothing can be scored."""

from pathlib import Path

import pytest
from PIL import Image

from tests.fixtures import checkpoints
from tests.fixtures.images import add_images, generated, scores_in
from tests.fixtures.studies import add_references, drawn
from workbench.records import GeneratedImage
from workbench.store import Store, Write, utc_now


def test_images_that_cannot_be_read_or_cut_are_rows_with_a_reason(score, store: Store):
    add_references(store, count=1)
    ids = add_images(store, each=3)
    (prompt,) = store.sql("FROM prompts")["prompt_id"]
    small = generated(store, Image.new("RGB", (3, 3), "red"), prompt, 9, "drawn")
    store.write(Write(query="upsert_images", table="images", records=[small]))
    paths = dict(store.sql("SELECT image_id, path FROM images").rows())
    store.images.path(paths[ids[0]]).unlink()
    store.images.path(paths[ids[1]]).write_bytes(b"not a picture")
    done = score()
    assert done.code == 4
    assert "5 of 8 scores failed" in done.err
    assert f"failed: Q1 image {ids[0]}: " in done.err
    whole = {row["image_id"]: row for row in scores_in(store, "similarities").to_dicts()}
    patches = {row["image_id"]: row for row in scores_in(store, "patches").to_dicts()}
    assert "No such file" in whole[ids[0]]["error"]
    assert "cannot identify" in whole[ids[1]]["error"]
    assert [whole[key]["status"] for key in (ids[2], small.image_id)] == ["ok", "ok"]
    assert "cannot be cut" in patches[small.image_id]["error"]
    assert patches[small.image_id]["p"] is None
    assert patches[ids[2]]["status"] == "ok"
    assert store.sql("SELECT outcome, done, failed FROM runs").row(0) == ("some failed", 3, 5)


def test_failed_scores_are_tried_again_only_when_asked(score, store: Store):
    add_references(store, count=1)
    ids = add_images(store, each=2)
    path = store.images.path(store.sql("SELECT path FROM images WHERE image_id = $id", {"id": ids[0]})["path"][0])
    content = path.read_bytes()
    path.unlink()
    assert score().code == 4
    path.write_bytes(content)
    again = score()
    assert again.code == 0
    assert "nothing to score" in again.err
    assert "scores that failed before: 2" in again.err
    assert score("--retry-failed").code == 0
    assert set(scores_in(store, "similarities")["status"]) == set(scores_in(store, "patches")["status"]) == {"ok"}
    assert scores_in(store, "similarities")["error"].null_count() == 2


def test_a_reference_image_that_is_gone_fails_its_own_images_alone(score, store: Store):
    add_references(store, count=2, images=2, kind="dynamic")
    add_images(store, each=1)
    store.images.path(store.sql("SELECT path FROM ref_images WHERE qid = 'Q1' AND rank = 2")["path"][0]).unlink()
    assert score().code == 4
    rows = store.sql(
        "SELECT qid, s.status, s.error FROM similarities AS s JOIN images USING (image_id) "
        "JOIN prompts USING (prompt_id) ORDER BY qid"
    ).to_dicts()
    assert [row["status"] for row in rows] == ["failed", "ok"]
    assert "a reference image cannot be used" in rows[0]["error"]


def test_images_without_a_reference_image_are_counted(score, store: Store):
    add_references(store, count=1)
    add_references(store, count=2, first=5, images=0)
    add_images(store, each=2)
    done = score()
    assert done.code == 0
    assert "drawn: 4 of 6 images have nothing to be compared with" in done.err
    assert "(references without a reference image: 2)" in done.err
    assert "hint: wb ingest --images" in done.err
    assert scores_in(store, "similarities").height == 2


def test_images_that_did_not_come_out_are_not_scored(score, store: Store):
    add_references(store, count=1)
    add_images(store, each=1)
    (prompt,) = store.sql("FROM prompts")["prompt_id"]
    blocked = GeneratedImage(
        prompt_id=prompt,
        model_id="drawn",
        settings_id="by hand",
        seed=8,
        status="blocked",
        error="blocked",
        created_utc=utc_now(),
        run_id="fixture",
    )
    store.write(Write(query="upsert_images", table="images", records=[blocked]))
    score()
    assert scores_in(store, "similarities").height == 1


def test_a_study_without_images(score, store: Store):
    done = score()
    assert done.code == 1
    assert "no generated images" in done.err
    assert "hint: wb generate" in done.err


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("clp:openai/x", 2, "did you mean clip"),
        ("clip:", 2, "wants a name"),
        ("timm:vit_tinny_patch16_224", 2, "did you mean vit_tiny_patch16_224"),
        ("timm:test_vit#clz", 2, "did you mean cls"),
        ("timm:test_vit@nowhere.pth", 1, "no file nowhere.pth"),
        ("open_clip:ViT-B-61/openai", 2, "did you mean ViT-B-16"),
        ("open_clip:ViT-B-16/openi", 2, "did you mean openai"),
        ("efficientnet-lite0:huge", 2, "efficientnet-lite0"),
    ],
)
def test_unknown_encoders(wb, store: Store, name: str, code: int, said: str):
    add_references(store, count=1)
    add_images(store, each=1)
    done = wb("score", "--encoder", name, "--device", "cpu")
    assert done.code == code
    assert said in done.err
    assert scores_in(store, "similarities").is_empty()


def test_a_network_that_gives_no_numbers_is_refused_before_anything_is_scored(wb, store: Store, tmp_path: Path):
    from safetensors.torch import load_file, save_file

    add_references(store, count=1)
    add_images(store)
    folder = checkpoints.clip(tmp_path / "clip")
    weights = load_file(folder / "model.safetensors")
    weights["visual_projection.weight"][:] = float("nan")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    for asked in (["--encoder", f"clip:{folder}"], ["--metric", f"similarity:clip:{folder}"]):
        done = wb("score", *asked, "--device", "cpu")
        assert done.code == 1
        assert "an embedding that is zero or not made of numbers" in done.err
    assert scores_in(store, "similarities").is_empty()


def test_a_picture_of_one_pixel_has_no_score_but_a_reason(score, store: Store):
    add_references(store, count=1)
    (prompt,) = store.sql("FROM prompts")["prompt_id"]
    sizes = [(1, 1), (5, 4), (64, 64)]
    rows = [generated(store, drawn(f"{k}", size=size), prompt, k, "m") for k, size in enumerate(sizes)]
    store.write(Write(query="upsert_images", table="images", records=rows))
    assert score().code == 4
    whole = {row["image_id"]: row for row in scores_in(store, "similarities").to_dicts()}
    patches = {row["image_id"]: row for row in scores_in(store, "patches").to_dicts()}
    assert [whole[row.image_id]["status"] for row in rows] == ["failed", "ok", "ok"]
    assert [patches[row.image_id]["status"] for row in rows] == ["failed", "failed", "ok"]
    assert "1×1 pixels" in whole[rows[0].image_id]["error"]
    assert "1×1 pixels" in patches[rows[1].image_id]["error"], "its patches are of one pixel"
