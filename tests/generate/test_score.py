"""``wb score``: every image once, the numbers of the libraries themselves, and reasons where there are none."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from tests.fixtures import checkpoints
from tests.fixtures.studies import add_reference_image, add_references, drawn
from workbench.records import GeneratedImage
from workbench.store import Store, Write, utc_now


@pytest.fixture
def score(wb, store: Store, weights: Path):
    """Runs ``wb score`` with tiny encoders."""
    names = ("--encoder", f"clip:{weights / 'clip'}", "--patch-encoder", f"timm:test_vit@{weights / 'vit.safetensors'}")
    return lambda *arguments: wb("score", *names, "--device", "cpu", *arguments)


def add_images(store: Store, each: int = 2, *, model: str = "drawn") -> list[str]:
    """Give every prompt so many generated images; their ids."""
    rows = []
    for prompt in store.sql("SELECT prompt_id, text FROM prompts ORDER BY prompt_id").to_dicts():
        for seed in range(each):
            picture = drawn(f"{prompt['text']} {seed}", size=(64, 72))
            rows.append(generated(store, picture, prompt["prompt_id"], seed, model))
    store.write(Write(query="upsert_images", table="images", records=rows))
    return [row.image_id for row in rows]


def generated(store: Store, picture: Image.Image, prompt_id: str, seed: int, model: str) -> GeneratedImage:
    from generate.saving import png

    file = store.images.put(png(picture), ".png")
    return GeneratedImage(
        prompt_id=prompt_id,
        model_id=model,
        settings_id="by hand",
        seed=seed,
        status="ok",
        sha256=file.sha256,
        path=file.path,
        width=picture.width,
        height=picture.height,
        created_utc=utc_now(),
        run_id="fixture",
    )


def table(store: Store, name: str) -> pl.DataFrame:
    return store.sql(f"FROM {name} ORDER BY image_id, encoder_id")


def test_every_image_is_scored_once(score, store: Store):
    add_references(store, count=3)
    ids = add_images(store)
    done = score()
    assert (done.code, done.out) == (0, "")
    assert "next: wb tui" in done.err
    for name in ("similarities", "patches"):
        rows = table(store, name)
        assert rows["image_id"].to_list() == sorted(ids)
        assert set(rows["status"]) == {"ok"}
    again = score()
    assert again.code == 0
    assert "nothing to score" in again.err
    assert store.sql("FROM runs").height == 1
    (run,) = store.sql("FROM runs").to_dicts()
    assert (run["command"], run["planned"], run["done"], run["failed"]) == ("score", 12, 12, 0)


def test_s_is_what_transformers_itself_computes(score, store: Store, weights: Path):
    import torch
    from transformers import CLIPVisionModelWithProjection
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    add_references(store, count=2)
    add_references(store, count=1, first=5, images=3, kind="dynamic")
    add_images(store)
    score()
    network = CLIPVisionModelWithProjection.from_pretrained(weights / "clip").eval()
    processor = CLIPImageProcessorPil.from_pretrained(weights / "clip")

    def embedding(path: str) -> torch.Tensor:
        pixels = processor(Image.open(store.images.path(path)).convert("RGB"), return_tensors="pt")
        with torch.no_grad():
            return torch.nn.functional.normalize(network(**pixels).image_embeds[0], dim=0)

    rows = store.sql(
        "SELECT s, best_sha256, i.path, list(r.sha256 ORDER BY r.rank) AS shas, list(r.path ORDER BY r.rank) AS refs "
        "FROM similarities JOIN images AS i USING (image_id) JOIN prompts USING (prompt_id) "
        "JOIN ref_images AS r USING (qid) GROUP BY ALL"
    ).to_dicts()
    assert sorted(len(row["refs"]) for row in rows) == [1] * 4 + [3] * 2
    for row in rows:
        cosines = [float(embedding(row["path"]) @ embedding(path)) for path in row["refs"]]
        assert row["s"] == pytest.approx(max(cosines), abs=1e-5)
        assert row["best_sha256"] == row["shas"][int(np.argmax(cosines))]


def test_p_is_what_timm_itself_computes(score, store: Store, weights: Path):
    import timm
    import torch
    from safetensors.torch import load_file
    from timm.data import create_transform, resolve_data_config

    add_references(store, count=1, images=2, kind="dynamic")
    add_images(store)
    score()
    network = timm.create_model("test_vit", num_classes=0).eval()
    network.load_state_dict(load_file(weights / "vit.safetensors"))
    transform = create_transform(**resolve_data_config(network.pretrained_cfg))

    def patches(path: str) -> torch.Tensor:
        picture = Image.open(store.images.path(path)).convert("RGB")
        wide, high = picture.width // 4, picture.height // 4
        boxes = [(c * wide, r * high, (c + 1) * wide, (r + 1) * high) for r in range(4) for c in range(4)]
        assert boxes[-1][2:] == picture.size
        with torch.no_grad():
            tokens = network.forward_features(torch.stack([transform(picture.crop(box)) for box in boxes]))
        return torch.nn.functional.normalize(tokens.mean(dim=1), dim=1)

    references = store.sql("SELECT sha256, path FROM ref_images ORDER BY rank").to_dicts()
    pool = torch.cat([patches(row["path"]) for row in references])
    rows = store.sql("SELECT p, best_sha256, best_patch, entropy, path FROM patches JOIN images USING (image_id)")
    assert rows.height == 2
    for row in rows.to_dicts():
        cosines = patches(row["path"]) @ pool.T
        assert row["p"] == pytest.approx(cosines.max(dim=1).values.tolist(), abs=1e-5)
        for k in range(16):
            image = [reference["sha256"] for reference in references].index(row["best_sha256"][k])
            assert float(cosines[k, image * 16 + row["best_patch"][k]]) == pytest.approx(row["p"][k], abs=1e-5)
            assert 0 <= row["entropy"][k] <= 8


def test_a_copy_of_the_reference_has_s_and_p_of_one(score, store: Store):
    (qid,) = add_references(store, count=1, images=0)
    picture = drawn("the picture", size=(64, 64))
    add_reference_image(store, qid, picture)
    (prompt,) = store.sql("FROM prompts")["prompt_id"]
    row = generated(store, picture, prompt, 0, "copyist")
    store.write(Write(query="upsert_images", table="images", records=[row]))
    score()
    assert table(store, "similarities")["s"][0] == pytest.approx(1.0, abs=1e-6)
    (patches,) = table(store, "patches").to_dicts()
    assert patches["p"] == pytest.approx([1.0] * 16, abs=1e-6)
    measured = store.sql("SELECT vr, vi FROM image_scores()").row(0)
    assert measured == (1.0, 0.0)


@pytest.mark.parametrize("batch_size", [1, 7])
def test_the_batch_size_does_not_matter(score, store: Store, batch_size: int):
    add_references(store, count=2, images=2, kind="dynamic")
    add_images(store)
    score()
    whole, patches = table(store, "similarities")["s"].to_list(), table(store, "patches")["p"].to_list()
    forget(store)
    score("--batch-size", batch_size)
    assert table(store, "similarities")["s"].to_list() == pytest.approx(whole, abs=1e-5)
    assert np.allclose(table(store, "patches")["p"].to_list(), patches, atol=1e-5)


def forget(store: Store) -> None:
    """Take all scores away."""
    import duckdb

    with duckdb.connect(store.path) as con:
        con.execute("DELETE FROM similarities; DELETE FROM patches")


def test_a_changed_reference_set_makes_scores_stale(score, store: Store):
    (qid, other) = add_references(store, count=2, kind="dynamic")
    add_images(store)
    score()
    before = table(store, "similarities")
    add_reference_image(store, qid, drawn("one more"), rank=2)
    done = score()
    assert "similarities by" in done.err
    assert "2 images to score" in done.err
    after = table(store, "similarities")
    touched = store.sql("SELECT image_id FROM images JOIN prompts USING (prompt_id) WHERE qid = $qid", {"qid": qid})
    changed = after.filter(pl.col("image_id").is_in(touched["image_id"].to_list()))
    assert after.height == before.height
    assert changed["run_id"].unique().to_list() != before["run_id"].unique().to_list()
    assert set(changed["reference_set"]).isdisjoint(before["reference_set"])
    kept = after.filter(~pl.col("image_id").is_in(touched["image_id"].to_list()))
    assert kept.equals(before.filter(~pl.col("image_id").is_in(touched["image_id"].to_list())))
    assert other


def test_a_second_image_of_a_static_reference_changes_nothing(score, store: Store):
    (qid,) = add_references(store, count=1)
    add_images(store)
    score()
    add_reference_image(store, qid, drawn("one more"), rank=2)
    assert "nothing to score" in score().err


def test_another_encoder_leaves_the_first_ones_rows(score, store: Store, wb):
    add_references(store, count=1)
    add_images(store)
    score()
    before = table(store, "similarities")
    assert wb("score", "--encoder", "efficientnet-lite0", "--device", "cpu").code == 0
    after = table(store, "similarities")
    assert after.height == 2 * before.height
    assert before.join(after, on=before.columns, nulls_equal=True).height == before.height
    families = store.sql("SELECT family, preference FROM encoders ORDER BY family").rows()
    assert families == [("clip", 1), ("efficientnet-lite0", 2), ("timm", 1)]
    chosen = store.sql("SELECT DISTINCT encoder_id FROM image_scores()")["encoder_id"].to_list()
    assert chosen == before["encoder_id"].unique().to_list()


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
    whole = {row["image_id"]: row for row in table(store, "similarities").to_dicts()}
    patches = {row["image_id"]: row for row in table(store, "patches").to_dicts()}
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
    assert set(table(store, "similarities")["status"]) == set(table(store, "patches")["status"]) == {"ok"}
    assert table(store, "similarities")["error"].null_count() == 2


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
    assert table(store, "similarities").height == 2


def test_only_one_models_images(score, store: Store):
    add_references(store, count=1)
    ids = add_images(store, each=1, model="one")
    add_images(store, each=1, model="two")
    assert score("--model", "one").code == 0
    assert table(store, "similarities")["image_id"].to_list() == ids
    unknown = score("--model", "oen")
    assert unknown.code == 2
    assert "did you mean one" in unknown.err


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
    assert table(store, "similarities").height == 1


def test_it_says_which_encoder_scores_and_whose_thresholds_these_are_not(wb, score, store: Store):
    add_references(store, count=1)
    add_images(store, each=1)
    assert "chosen for CLIP" not in score().err
    packaged = wb("score", "--device", "cpu")
    assert "similarities by efficientnet-lite0#" in packaged.err
    assert "thresholds were chosen for CLIP ViT-B/16 and DINOv3" in packaged.err


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
    assert table(store, "similarities").is_empty()


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
    assert table(store, "similarities").is_empty()


def test_a_picture_of_one_pixel_has_no_score_but_a_reason(score, store: Store):
    add_references(store, count=1)
    (prompt,) = store.sql("FROM prompts")["prompt_id"]
    sizes = [(1, 1), (5, 4), (64, 64)]
    rows = [generated(store, drawn(f"{k}", size=size), prompt, k, "m") for k, size in enumerate(sizes)]
    store.write(Write(query="upsert_images", table="images", records=rows))
    assert score().code == 4
    whole = {row["image_id"]: row for row in table(store, "similarities").to_dicts()}
    patches = {row["image_id"]: row for row in table(store, "patches").to_dicts()}
    assert [whole[row.image_id]["status"] for row in rows] == ["failed", "ok", "ok"]
    assert [patches[row.image_id]["status"] for row in rows] == ["failed", "failed", "ok"]
    assert "1×1 pixels" in whole[rows[0].image_id]["error"]
    assert "1×1 pixels" in patches[rows[1].image_id]["error"], "its patches are of one pixel"
