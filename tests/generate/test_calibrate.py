"""``wb calibrate``: images against references that they were not asked for, and the thresholds that follow."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.fixtures.images import add_images
from tests.fixtures.studies import add_reference_image, add_references, drawn
from workbench.store import Store


@pytest.fixture
def tiny_encoders(weights: Path) -> list[str]:
    vit = f"timm:test_vit@{weights / 'vit.safetensors'}"
    return ["--encoder", f"clip:{weights / 'clip'}", "--patch-encoder", vit, "--device", "cpu"]


@pytest.fixture
def study(store: Store) -> Store:
    """Three static and two dynamic references, two images each."""
    add_references(store, count=3)
    add_references(store, count=2, images=2, first=10, kind="dynamic")
    add_images(store)
    return store


def test_every_image_against_the_other_references_of_its_kind(wb, study: Store, tiny_encoders: list[str]) -> None:
    assert wb("calibrate", *tiny_encoders).code == 0
    pairs = study.sql(
        "SELECT r.kind, n.qid = p.qid AS own, o.kind = r.kind AS alike, count(*) AS n FROM null_similarities AS n"
        " JOIN images AS i USING (image_id) JOIN prompts AS p USING (prompt_id)"
        " JOIN refs AS r ON r.qid = p.qid JOIN refs AS o ON o.qid = n.qid GROUP BY ALL ORDER BY r.kind"
    )
    assert pairs.rows() == [("dynamic", False, True, 2 * 2 * 1), ("static", False, True, 3 * 2 * 2)]
    assert study.table("null_patches").height == pairs["n"].sum()


def test_a_null_is_what_scoring_against_that_reference_would_give(
    wb, study: Store, tiny_encoders: list[str], weights: Path
) -> None:
    from generate.encoders import load_encoder
    from generate.pictures import read_picture

    wb("calibrate", *tiny_encoders)
    row = study.sql(
        "SELECT n.s, i.path, n.qid FROM null_similarities AS n JOIN images AS i USING (image_id)"
        " JOIN refs AS r ON r.qid = n.qid WHERE r.kind = 'dynamic' ORDER BY i.image_id LIMIT 1"
    ).row(0, named=True)
    paths = study.sql(f"SELECT path FROM ref_images WHERE qid = '{row['qid']}'")["path"].to_list()
    encoder = load_encoder(f"clip:{weights / 'clip'}", "cpu")
    vectors = encoder.encode([read_picture(study.images.path(path)) for path in [row["path"], *paths]])
    assert row["s"] == pytest.approx(float((vectors[:1] @ vectors[1:].T).max()), abs=1e-5)


def test_thresholds_are_quantiles_of_the_null(wb, study: Store, tiny_encoders: list[str]) -> None:
    printed = json.loads(wb("calibrate", *tiny_encoders, "--false-rate", "0.25", "--format", "json").out)
    found = {row["threshold"]: row["value"] for row in printed}
    nulls = study.sql("SELECT kind, s FROM null_similarities JOIN refs USING (qid)")
    for kind in ("static", "dynamic"):
        values = nulls.filter(nulls["kind"] == kind)["s"].to_numpy().astype(float)
        assert found[f"tau_{kind}"] == pytest.approx(np.quantile(values, 0.75), abs=1e-6)
    patches = np.concatenate(study.table("null_patches")["p"].to_list()).astype(float)
    assert found["tau_reuse"] == pytest.approx(np.quantile(patches, 0.75), abs=1e-6)


def test_twice_computes_nothing_and_a_new_reference_image_only_what_it_changes(
    wb, study: Store, tiny_encoders: list[str]
) -> None:
    wb("calibrate", *tiny_encoders)
    before = study.table("null_similarities").sort("image_id", "qid")
    assert "the null is there" in wb("calibrate", *tiny_encoders).err
    assert study.table("null_similarities").sort("image_id", "qid").equals(before)
    add_reference_image(study, "Q10", drawn("another"), rank=3)
    done = wb("calibrate", *tiny_encoders)
    assert "2 comparisons to make" in done.err
    assert study.table("null_similarities").height == before.height


def test_calibrated_thresholds_reach_other_commands(wb, study: Store, tiny_encoders: list[str]) -> None:
    assert wb("score", *tiny_encoders).code == 0
    refused = wb("analyze", "correlations", "--thresholds", "calibrated")
    assert refused.code == 1
    assert "not calibrated" in refused.err
    wb("calibrate", *tiny_encoders)
    assert wb("analyze", "correlations", "--thresholds", "calibrated").code == 0
    from workbench.records import Thresholds
    from workbench.store.thresholds import calibrate_thresholds

    loose, strict = (calibrate_thresholds(study, Thresholds(), rate) for rate in (0.9, 0.1))
    assert loose.tau_static < strict.tau_static
    assert loose.tau_reuse < strict.tau_reuse


def test_a_study_without_images_is_a_clear_error(wb, store: Store, tiny_encoders: list[str]) -> None:
    add_references(store, count=3)
    done = wb("calibrate", *tiny_encoders)
    assert done.code == 1
    assert "nothing to compare" in done.err
    assert "wb status" in done.err


def test_an_unreadable_image_is_named_and_the_rest_goes_on(wb, study: Store, tiny_encoders: list[str]) -> None:
    images = study.sql("SELECT i.path FROM images AS i JOIN prompts USING (prompt_id) WHERE qid = 'Q1'")
    study.images.path(images["path"][0]).write_bytes(b"no picture")
    done = wb("calibrate", *tiny_encoders)
    assert done.code == 4
    assert "failed: image" in done.err
    assert [line.split()[0] for line in done.out.splitlines()[1:]] == ["tau_dynamic", "tau_reuse", "tau_static"]
    assert study.sql("SELECT outcome, failed FROM runs").row(0) == ("some failed", 4)
    assert "4 of 32 comparisons could not be made" in done.err
    assert study.table("null_similarities").height > 0


def test_the_printed_thresholds_are_those_that_other_commands_take(wb, study: Store, tiny_encoders: list[str]) -> None:
    from workbench.records import Thresholds
    from workbench.store.thresholds import calibrate_thresholds

    printed = json.loads(wb("calibrate", *tiny_encoders, "--false-rate", "0.2", "--format", "json").out)
    wb("score", *tiny_encoders)
    taken = calibrate_thresholds(study, Thresholds(), 0.2).parameters()
    for row in printed:
        assert row["value"] == pytest.approx(taken[row["threshold"]], abs=1e-4)
        assert row["study_tau"] == Thresholds().parameters()[row["threshold"]]
        assert 0 <= row["study_rate"] <= 1
        assert row["low"] is None
        assert "at least 6 needed" in row["reason"]


def test_each_image_has_its_null_beside_its_s(wb, study: Store, tiny_encoders: list[str]) -> None:
    wb("calibrate", *tiny_encoders)
    wb("score", *tiny_encoders)
    rows = study.sql("FROM null_scores() ORDER BY image_id").to_dicts()
    assert len(rows) == study.table("images").height
    for row in rows:
        nulls = study.sql("SELECT s FROM null_similarities WHERE image_id = $id", {"id": row["image_id"]})["s"]
        assert row["n_pairs"] == len(nulls)
        assert row["null_mean"] == pytest.approx(nulls.mean(), abs=1e-6)
        if len(nulls) > 1:
            assert row["null_sd"] == pytest.approx(nulls.std(), abs=1e-6)
            assert row["z"] == pytest.approx((row["s"] - nulls.mean()) / nulls.std(), rel=1e-3)
        else:
            assert row["z"] is None
