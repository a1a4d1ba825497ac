"""What the benchmark computes, against computations of another kind."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.analysis.resampling import Bootstrap
from workbench.analysis.telling import best_threshold, held_out, tell

FEW = Bootstrap(resamples=300)


def drawn(seed: int, refs: int = 12, each: int = 6) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Scores that tell somewhat, labels, and references that shift both."""
    rng = np.random.default_rng(seed)
    positive = np.tile([True, False], refs * each // 2)
    groups = np.repeat([f"Q{k}" for k in range(refs)], each)
    scores = positive + rng.normal(size=len(positive)) + np.repeat(rng.normal(size=refs), each) / 2
    return scores, positive, list(groups)


def test_a_measure_that_always_tells_and_one_that_never_does():
    _, positive, groups = drawn(0)
    found = {
        row.measure: row
        for row in tell(
            {"right": positive + 0.0, "wrong": 1.0 - positive}, positive, groups, against="right", bootstrap=FEW
        )
    }
    assert (found["right"].auc, found["right"].accuracy, found["right"].average_precision) == (1, 1, 1)
    assert found["right"].tau == 0.5
    assert found["wrong"].auc == 0
    assert found["wrong"].accuracy < 0.5 + 1e-9
    assert found["wrong"].auc_difference == -1
    assert found["right"].auc_difference is None, "a measure is not compared with itself"


def test_distances_are_turned_and_their_threshold_is_a_distance():
    scores, positive, groups = drawn(1)
    rows = tell(
        {"closeness": scores, "distance": 5 - scores},
        positive,
        groups,
        against="closeness",
        distances=["distance"],
        bootstrap=FEW,
    )
    near, far = rows
    assert far.auc == pytest.approx(near.auc)
    assert far.accuracy == near.accuracy
    assert far.tau == pytest.approx(5 - near.tau)
    assert far.auc_difference == pytest.approx(0, abs=1e-12)


@given(seed=st.integers(0, 500), n=st.integers(2, 12))
def test_the_threshold_is_as_good_as_any(seed: int, n: int):
    rng = np.random.default_rng(seed)
    scores, positive = rng.integers(0, 6, n) / 1.0, rng.random(n) < 0.5
    ends = [-np.inf, np.inf, *((a + b) / 2 for a, b in itertools.combinations(np.unique(scores), 2))]
    every = {tau: int(((scores >= tau) == positive).sum()) for tau in ends}
    found = best_threshold(scores, positive)
    assert int(((scores >= found) == positive).sum()) == max(every.values())


def test_a_threshold_is_never_chosen_on_the_references_that_it_decides():
    """Each reference has its own level: what was learned from it would decide it rightly."""
    rng = np.random.default_rng(3)
    units = np.repeat(np.arange(8), 20)
    positive = np.tile([True, False], 80)
    scores = rng.normal(size=160)
    assert held_out(scores, positive, units).mean() == pytest.approx(0.5, abs=0.13)
    alone = held_out(scores[:20], positive[:20], np.zeros(20, dtype=np.intp))
    assert alone.mean() == 0.5, "one reference: nothing to choose a threshold on, so no image reaches it"


def test_intervals_hold_the_value_and_narrow_with_references():
    widths = []
    for refs in (12, 60):
        (row,) = tell({"m": drawn(4, refs)[0]}, *drawn(4, refs)[1:], against="m", bootstrap=FEW)
        assert row.auc_low < row.auc < row.auc_high
        assert row.accuracy_low <= row.accuracy <= row.accuracy_high
        widths.append(row.auc_high - row.auc_low)
    assert widths[1] < widths[0]


def test_images_that_lack_a_measure_are_left_out_of_it_alone():
    scores, positive, groups = drawn(5)
    partly = scores.copy()
    partly[: len(partly) // 2] = np.nan
    whole, half = tell({"a": scores, "b": partly}, positive, groups, against="a", bootstrap=FEW)
    assert (whole.n_positive, half.n_positive) == (36, 18)
    assert half.auc_difference == pytest.approx(0, abs=1e-12), "over the images that have both they are the same"


def test_what_cannot_be_estimated_says_why():
    scores, positive, groups = drawn(6)
    (row,) = tell({"m": scores}, np.ones_like(positive), groups, against="m", bootstrap=FEW)
    assert row.auc is row.accuracy is row.tau is None
    assert "all 72 images are positive" in row.reason
    (row,) = tell({"m": scores[:12]}, positive[:12], groups[:12], against="m", bootstrap=FEW)
    assert row.auc is not None
    assert row.auc_low is None
    assert "2 references" in row.reason
