"""CRA, VR, VI and CRT of the macros, against numbers computed by hand (arXiv:2511.11435, fig. 2)."""

import itertools
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.measured import encoder, fill, image, reference
from workbench.records import Covariate, Reference, RefScore
from workbench.store import Store, Write


def one(store: Store, text: str) -> dict[str, object]:
    frame = store.sql(text)
    assert frame.height == 1, frame
    return frame.row(0, named=True)


def reused(n: int, of: int = 16) -> list[float]:
    """p of an image in which n patches reach 0.60."""
    return [0.75] * n + [0.25] * (of - n)


@pytest.fixture
def study(store: Store) -> Store:
    """Static Q1: s = .9, .8, .6 with 4, 8, 16 of 16 patches reused; dynamic Q2: s = .74, .76 with 2, 4."""
    statics = [image("Q1", seed, s=s, p=reused(n)) for seed, (s, n) in enumerate([(0.9, 4), (0.8, 8), (0.6, 16)])]
    dynamics = [image("Q2", seed, s=s, p=reused(n), images=2) for seed, (s, n) in enumerate([(0.74, 2), (0.76, 4)])]
    fill(store, reference("Q1"), reference("Q2", kind="dynamic", images=2), *statics, *dynamics)
    return store


def test_static_reference_by_hand(study: Store) -> None:
    row = one(study, "FROM ref_scores() WHERE qid = 'Q1'")
    assert row["n"] == 3
    assert row["n_recognised"] == 2
    assert row["cra"] == pytest.approx(2 / 3)
    assert row["vr"] == pytest.approx((4 / 16 + 8 / 16) / 2)
    assert row["vi"] == pytest.approx(1 - 0.375)
    assert row["crt"] == pytest.approx(2 / 3 * 0.625)
    assert row["vi_all"] == pytest.approx(1 - (4 + 8 + 16) / 48)
    assert row["crt_all"] == pytest.approx(2 / 3 * (1 - 28 / 48))
    assert row["mean_s"] == pytest.approx((0.9 + 0.8 + 0.6) / 3)


def test_dynamic_references_have_their_own_tau(study: Store) -> None:
    assert one(study, "FROM ref_scores() WHERE qid = 'Q2'")["cra"] == pytest.approx(0.5)
    assert one(study, "FROM ref_scores(tau_dynamic := 0.74) WHERE qid = 'Q2'")["cra"] == pytest.approx(1.0)
    assert one(study, "FROM ref_scores(tau_static := 0.95) WHERE qid = 'Q2'")["cra"] == pytest.approx(0.5)


def test_the_threshold_itself_is_reached(store: Store) -> None:
    """0.70 and 0.60 are no binary fractions: compared as doubles, the stored floats would fall short of them."""
    fill(store, reference("Q1"), image("Q1", 0, s=0.70, p=[0.60] * 16))
    for thresholds in ("", "tau_static := 0.7::DOUBLE, tau_reuse := 0.6::DOUBLE"):
        row = one(store, f"FROM image_scores({thresholds})")
        assert (row["recognised"], row["vr"]) == (True, 1)
    query = store.rows("ref_scores", RefScore, tau_static=0.7, tau_dynamic=0.75, tau_reuse=0.6)
    assert (query[0].cra, query[0].vr) == (1, 1)


def test_nothing_recognised_gives_crt_zero_and_no_vr(study: Store) -> None:
    row = one(study, "FROM ref_scores(tau_static := 0.99) WHERE qid = 'Q1'")
    assert (row["cra"], row["crt"], row["vr"], row["vi"]) == (0, 0, None, None)


def test_tau_reuse_moves_vr(study: Store) -> None:
    assert one(study, "FROM image_scores(tau_reuse := 0.2) WHERE qid = 'Q1' AND seed = 0")["vr"] == 1
    assert one(study, "FROM image_scores(tau_reuse := 0.8) WHERE qid = 'Q1' AND seed = 0")["vr"] == 0


def test_blank_patches_do_not_count_as_informative(store: Store) -> None:
    fill(store, reference("Q1"))
    fill(store, image("Q1", 0, s=0.9, p=reused(4), entropy=[0.0] * 4 + [6.0] * 12))
    row = one(store, "FROM image_scores()")
    assert (row["vr"], row["vr_informative"]) == (0.25, 0.0)


def test_images_that_are_not_ok_are_counted_but_never_measured(study: Store) -> None:
    for seed, status in enumerate(("blocked", "black", "failed"), start=10):
        fill(study, image("Q1", seed, status=status, s=0.99, p=reused(16)))
    row = one(study, "FROM ref_scores() WHERE qid = 'Q1'")
    assert (row["n"], row["n_images"], row["n_excluded"]) == (3, 6, 3)
    assert row["cra"] == pytest.approx(2 / 3)


def test_unscored_images_are_not_averaged_in(study: Store) -> None:
    fill(study, image("Q1", 20))
    row = one(study, "FROM ref_scores() WHERE qid = 'Q1'")
    assert (row["n"], row["n_images"]) == (3, 4)


def test_recognised_images_without_patches_give_no_crt(store: Store) -> None:
    fill(store, reference("Q1"))
    fill(store, image("Q1", 0, s=0.9))
    row = one(store, "FROM ref_scores()")
    assert (row["cra"], row["vi"], row["crt"], row["n_realised"]) == (1, None, None, 0)


def test_settings_of_one_model_are_never_mixed(study: Store) -> None:
    fill(study, image("Q1", 0, settings_id="y", s=0.1, p=reused(0)))
    rows = study.sql("FROM ref_scores() WHERE qid = 'Q1' ORDER BY settings_id")
    assert rows["settings_id"].to_list() == ["x", "y"]
    assert rows["cra"].to_list() == pytest.approx([2 / 3, 0])


def test_model_scores_average_references_not_images(study: Store) -> None:
    rows = {row["kind"]: row for row in study.sql("FROM model_scores()").iter_rows(named=True)}
    assert rows["all"]["cra"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert rows["static"]["cra"] == pytest.approx(2 / 3)
    assert (rows["all"]["n_refs"], rows["all"]["n"]) == (2, 5)


def test_preferred_encoder_is_the_default_and_encoders_are_never_mixed(study: Store) -> None:
    fill(study, image("Q1", 0, s=0.1, encoder_id="study#1"))
    assert one(study, "FROM image_scores() WHERE qid = 'Q1' AND seed = 0")["encoder_id"] == "clip#1"
    assert one(study, "FROM ref_scores(encoder := 'study#1') WHERE qid = 'Q1'")["n"] == 1


def test_an_encoder_that_has_only_begun_does_not_take_over(study: Store) -> None:
    study.write(Write(query="insert_encoders", table="encoders", records=[encoder("study#0", preference=0)]))
    fill(study, image("Q1", 0, s=0.1, encoder_id="study#0"))
    assert one(study, "SELECT DISTINCT encoder_id FROM image_scores()")["encoder_id"] == "clip#1"


def test_scores_against_other_reference_images_than_there_are_now_do_not_count(study: Store) -> None:
    fill(study, image("Q1", 3, s=0.95, p=reused(1), images=2))
    assert one(study, "FROM ref_scores() WHERE qid = 'Q1'")["n"] == 3


def test_a_model_has_no_crt_while_a_reference_has_none(store: Store) -> None:
    fill(store, reference("Q1"), reference("Q2"), image("Q1", 0, s=0.9), image("Q2", 0, s=0.1))
    assert one(store, "FROM model_scores() WHERE kind = 'all'")["crt"] is None
    fill(store, image("Q1", 0, s=0.9, p=reused(8)), image("Q2", 0, s=0.1, p=reused(8)))
    assert one(store, "FROM model_scores() WHERE kind = 'all'")["crt"] == pytest.approx(0.25)


def test_the_studys_encoder_goes_before_one_used_earlier(study: Store) -> None:
    study.write(Write(query="insert_encoders", table="encoders", records=[encoder("study#0", preference=0)]))
    fill(study, *(image("Q1", seed, s=0.1, encoder_id="study#0") for seed in range(3)))
    fill(study, *(image("Q2", seed, s=0.1, encoder_id="study#0", images=2) for seed in range(2)))
    assert one(study, "SELECT DISTINCT encoder_id FROM image_scores()")["encoder_id"] == "study#0"


def test_correlation_input_joins_covariates_and_creation_date(study: Store) -> None:
    fact = Covariate(
        qid="Q1", name="popularity", method="sitelinks", value=7, unit="sitelinks", provenance="t", run_id="r"
    )
    dated = Reference(
        qid="Q1", label="Label Q1", kind="static", creation_date="-0459", creation_year=-459, source="t", run_id="r"
    )
    study.write(
        Write(query="upsert_covariates", table="covariates", records=[fact]),
        Write(query="upsert_refs", table="refs", records=[dated]),
    )
    rows = {r["covariate"]: r for r in study.sql("FROM correlation_input()").iter_rows(named=True)}
    assert {name: row["value"] for name, row in rows.items()} == {"popularity": 7, "creation_date": -459}
    assert rows["popularity"]["cra"] == pytest.approx(2 / 3)


def test_static_references_are_compared_with_their_first_image_dynamic_ones_with_all(study: Store) -> None:
    fill(study, reference("Q3", images=3))
    sets = dict(study.sql("SELECT qid, len(sha256s) AS n FROM reference_sets").iter_rows())
    assert sets == {"Q1": 1, "Q2": 2, "Q3": 1}


unit = st.floats(-1, 1, width=32)


numbers = itertools.count(1)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(unit, st.lists(unit, min_size=16, max_size=16)), min_size=1, max_size=6),
    low=unit,
    high=unit,
)
def test_measures_fall_as_thresholds_rise(
    store: Store, rows: list[tuple[float, list[float]]], low: float, high: float
) -> None:
    low, high = sorted((low, high))
    qid = f"Q{next(numbers)}"
    fill(store, reference(qid), *(image(qid, seed, s=s, p=p) for seed, (s, p) in enumerate(rows)))
    at = "FROM ref_scores(tau_static := {}::DOUBLE, tau_reuse := {}::DOUBLE) WHERE qid = '" + qid + "'"
    lower, higher, all_in = (
        one(store, at.format(low, low)),
        one(store, at.format(high, high)),
        one(store, at.format(-1, 0)),
    )
    assert lower["cra"] >= higher["cra"]  # type: ignore[operator]
    assert lower["vr_all"] >= higher["vr_all"]  # type: ignore[operator]
    assert math.isclose(all_in["crt"], all_in["cra"] * all_in["vi"])  # type: ignore[operator, arg-type]
    assert math.isclose(all_in["vi"], 1 - all_in["vr"], abs_tol=1e-12)  # type: ignore[operator]
