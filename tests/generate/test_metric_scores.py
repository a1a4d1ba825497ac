"""``wb score --metric``: each image once, the best of its references, reasons where there is no number."""

import json
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from generate.metrics.registry import load_metric
from tests.fixtures import checkpoints
from tests.fixtures.images import add_images, generated
from tests.fixtures.studies import add_reference_image, add_references, drawn
from workbench.store import Store, Write


def scores(store: Store, metric: str = "%") -> list[dict]:
    query = "FROM metric_scores JOIN metrics USING (metric_id) WHERE name LIKE $metric ORDER BY image_id"
    return store.sql(query, {"metric": metric}).to_dicts()


def test_the_closest_reference_image_is_stored_and_named(wb, store: Store):
    add_references(store, count=1, images=2, kind="dynamic")
    add_references(store, count=1, first=9)
    add_images(store)
    assert wb("score", "--metric", "ssim", "--metric", "phash", "--device", "cpu").code == 0
    metrics = {name: load_metric(name, "cpu") for name in ("ssim", "phash")}
    pictures = store.sql(
        "SELECT image_id, i.path, list(r.path ORDER BY rank) AS refs, list(r.sha256 ORDER BY rank) AS shas"
        " FROM images AS i JOIN prompts USING (prompt_id) JOIN ref_images AS r USING (qid) GROUP BY ALL"
    )
    stored = {(row["image_id"], row["name"]): row for row in scores(store)}
    assert len(stored) == 2 * pictures.height == 8
    for row in pictures.to_dicts():
        for name, metric in metrics.items():
            opened = [Image.open(store.images.path(path)).convert("RGB") for path in [row["path"], *row["refs"]]]
            one, *others = (metric.view(picture) for picture in opened)
            expected = metric.score(one, others)
            found = stored[row["image_id"], name]
            assert found["value"] == pytest.approx(expected.value, abs=1e-6)
            assert found["best_sha256"] == row["shas"][expected.best]
    again = wb("score", "--metric", "ssim", "--metric", "phash", "--device", "cpu")
    assert "nothing to score" in again.err
    (run,) = store.sql("SELECT command, planned, done, failed FROM runs").rows()
    assert run == ("score", 8, 8, 0)


def test_new_reference_images_make_scores_stale_but_texts_do_not(wb, store: Store, tmp_path: Path):
    clip = f"clipscore:{checkpoints.clip_with_texts(tmp_path / 'clip')}"
    add_references(store, count=2, kind="dynamic")
    add_images(store)
    names = ["--metric", "phash", "--metric", clip, "--device", "cpu"]
    assert wb("score", *names).code == 0
    add_reference_image(store, "Q1", drawn("one more"), rank=2)
    done = wb("score", *names)
    counted = [line for line in done.err.splitlines() if "to score" in line]
    assert ["2 images" in counted[0], "0 images" in counted[1]] == [True, True]
    assert len(scores(store)) == 8


def test_a_new_sibling_makes_its_whole_prompt_stale(wb, store: Store, tmp_path: Path):
    name = f"consistency:clip:{checkpoints.clip(tmp_path / 'clip')}"
    add_references(store, count=2, images=0)
    add_images(store, each=2)
    assert wb("score", "--metric", name, "--device", "cpu").code == 0
    before = scores(store)
    assert len(before) == 4
    prompt = store.sql("SELECT prompt_id FROM prompts ORDER BY prompt_id")["prompt_id"][0]
    new = generated(store, drawn("third"), prompt, 7, "drawn")
    store.write(Write(query="upsert_images", table="images", records=[new]))
    assert "3 images to score" in wb("score", "--metric", name, "--device", "cpu").err
    assert len(scores(store)) == 5
    alone = generated(store, drawn("alone"), prompt, 7, "another model")
    store.write(Write(query="upsert_images", table="images", records=[alone]))
    assert "nothing to score" in wb("score", "--metric", name, "--device", "cpu").err


def test_what_cannot_be_measured_is_a_row_with_a_reason(wb, store: Store, tmp_path: Path):
    name = f"vr:timm:test_vit@{checkpoints.timm_file(tmp_path / 'vit.safetensors')}"
    add_references(store, count=2, images=1)
    ids = add_images(store, each=2)
    (prompt,) = store.sql("SELECT prompt_id FROM prompts WHERE qid = 'Q1'")["prompt_id"]
    tiny = generated(store, Image.new("RGB", (1, 1), "red"), prompt, 9, "drawn")
    store.write(Write(query="upsert_images", table="images", records=[tiny]))
    paths = dict(store.sql("SELECT image_id, path FROM images").rows())
    broken = store.images.path(paths[ids[0]])
    content = broken.read_bytes()
    broken.write_bytes(b"no picture")
    store.images.path(store.sql("SELECT path FROM ref_images WHERE qid = 'Q2'")["path"][0]).unlink()
    done = wb("score", "--metric", name, "--device", "cpu")
    assert done.code == 4
    rows = {row["image_id"]: row for row in scores(store)}
    assert len(rows) == 5
    assert "1×1 pixels cannot be cut" in rows[tiny.image_id]["error"]
    assert "cannot identify" in rows[ids[0]]["error"]
    assert sum("a reference image cannot be used" in (row["error"] or "") for row in rows.values()) >= 1
    assert all((row["value"] is None) == (row["status"] == "failed") for row in rows.values())
    broken.write_bytes(content)
    status = [row for row in json.loads(wb("status", "--format", "json").out) if row["area"] == "metrics"]
    assert [(row["have"], row["failed"]) for row in status] == [
        (sum(row["status"] == "ok" for row in rows.values()), sum(row["status"] == "failed" for row in rows.values()))
    ]
    assert "scores that failed before" in wb("score", "--metric", name, "--device", "cpu").err
    assert wb("score", "--metric", name, "--device", "cpu", "--retry-failed").code == 4
    again = {row["image_id"]: row for row in scores(store)}[ids[0]]
    assert "cannot identify" not in (again["error"] or "")


def test_metrics_name_their_own_encoders(wb, store: Store):
    add_references(store, count=1)
    add_images(store)
    for options in (["--encoder", "efficientnet-lite0:64"], ["--preset", "study"], ["--like", "paper"]):
        done = wb("score", "--metric", "ssim", *options)
        assert done.code == 2
        assert "similarity:ENCODER" in done.err
    assert "did you mean ssim" in wb("score", "--metric", "sim").err


def test_ssim_sees_that_a_mirrored_picture_is_another(wb, store: Store):
    (qid,) = add_references(store, count=1, images=0)
    picture = drawn("the picture", size=(80, 80))
    add_reference_image(store, qid, picture)
    (prompt,) = store.sql("FROM prompts")["prompt_id"]
    rows = [generated(store, p, prompt, k, "m") for k, p in enumerate([picture, ImageOps.mirror(picture)])]
    store.write(Write(query="upsert_images", table="images", records=rows))
    wb("score", "--metric", "ssim", "--device", "cpu")
    found = {row["image_id"]: row["value"] for row in scores(store)}
    assert found[rows[0].image_id] == pytest.approx(1, abs=1e-5)
    assert found[rows[1].image_id] < 0.9
