"""``wb score``: every image once, the numbers of the libraries themselves, and reasons where there are none."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from tests.fixtures.images import add_images, generated, scores_in
from tests.fixtures.studies import add_reference_image, add_references, drawn
from workbench.store import Store, Write


def test_every_image_is_scored_once(score, store: Store):
    add_references(store, count=3)
    ids = add_images(store)
    done = score()
    assert (done.code, done.out) == (0, "")
    assert "next: wb tui" in done.err
    for name in ("similarities", "patches"):
        rows = scores_in(store, name)
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
    assert scores_in(store, "similarities")["s"][0] == pytest.approx(1.0, abs=1e-6)
    (patches,) = scores_in(store, "patches").to_dicts()
    assert patches["p"] == pytest.approx([1.0] * 16, abs=1e-6)
    measured = store.sql("SELECT vr, vi FROM image_scores()").row(0)
    assert measured == (1.0, 0.0)


@pytest.mark.parametrize("batch_size", [1, 7])
def test_the_batch_size_does_not_matter(score, store: Store, batch_size: int):
    add_references(store, count=2, images=2, kind="dynamic")
    add_images(store)
    score()
    whole, patches = scores_in(store, "similarities")["s"].to_list(), scores_in(store, "patches")["p"].to_list()
    forget(store)
    score("--batch-size", batch_size)
    assert scores_in(store, "similarities")["s"].to_list() == pytest.approx(whole, abs=1e-5)
    assert np.allclose(scores_in(store, "patches")["p"].to_list(), patches, atol=1e-5)


def forget(store: Store) -> None:
    """Take all scores away."""
    import duckdb

    with duckdb.connect(store.path) as con:
        con.execute("DELETE FROM similarities; DELETE FROM patches")


def test_a_changed_reference_set_makes_scores_stale(score, store: Store):
    (qid, other) = add_references(store, count=2, kind="dynamic")
    add_images(store)
    score()
    before = scores_in(store, "similarities")
    add_reference_image(store, qid, drawn("one more"), rank=2)
    done = score()
    assert "similarities by" in done.err
    assert "2 images to score" in done.err
    after = scores_in(store, "similarities")
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
    before = scores_in(store, "similarities")
    assert wb("score", "--encoder", "efficientnet-lite0", "--device", "cpu").code == 0
    after = scores_in(store, "similarities")
    assert after.height == 2 * before.height
    assert before.join(after, on=before.columns, nulls_equal=True).height == before.height
    families = store.sql("SELECT family, preference FROM encoders ORDER BY family").rows()
    assert families == [("clip", 1), ("efficientnet-lite0", 2), ("timm", 1)]
    chosen = store.sql("SELECT DISTINCT encoder_id FROM image_scores()")["encoder_id"].to_list()
    assert chosen == before["encoder_id"].unique().to_list()


def test_only_one_models_images(score, store: Store):
    add_references(store, count=1)
    ids = add_images(store, each=1, model="one")
    add_images(store, each=1, model="two")
    assert score("--model", "one").code == 0
    assert scores_in(store, "similarities")["image_id"].to_list() == ids
    unknown = score("--model", "oen")
    assert unknown.code == 2
    assert "did you mean one" in unknown.err


def test_it_says_which_encoder_scores_and_whose_thresholds_these_are_not(wb, score, store: Store):
    add_references(store, count=1)
    add_images(store, each=1)
    assert "chosen for CLIP" not in score().err
    packaged = wb("score", "--device", "cpu")
    assert "similarities by efficientnet-lite0#" in packaged.err
    assert "thresholds were chosen for CLIP ViT-B/16 and DINOv3" in packaged.err
