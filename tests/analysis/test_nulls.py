"""Thresholds from the null: their quantiles and intervals, and whether they let through what they say."""

import numpy as np
import polars as pl
import pytest

from workbench.analysis.nulls import NullThreshold, held_out_rate, null_thresholds
from workbench.analysis.resampling import Bootstrap

STUDY = {"tau_static": 0.70, "tau_dynamic": 0.75, "tau_reuse": 0.60}
FEW = Bootstrap(resamples=400)


def drawn(seed: int, refs: int = 40, others: int = 10, *, shared: float = 0.0, k: int = 1) -> pl.DataFrame:
    """A null of normal similarities; ``shared`` is how much all comparisons of one reference have in common."""
    rng = np.random.default_rng(seed)
    level = rng.normal(size=(2, refs)) * shared
    rows = []
    for own in range(refs):
        for image in range(2):
            for other in rng.choice([r for r in range(refs) if r != own], others, replace=False):
                found = 0.4 + 0.1 * (level[0, own] + level[1, other] + rng.normal(size=k))
                rows.append(("tau_static", "e#1", f"{own}-{image}", f"Q{own}", f"Q{other}", found.tolist()))
    return pl.DataFrame(rows, schema=["threshold", "encoder_id", "image_id", "own", "other", "found"], orient="row")


def one(pairs: pl.DataFrame, rate: float = 0.05, bootstrap: Bootstrap = FEW) -> NullThreshold:
    (found,) = null_thresholds(pairs, STUDY, rate, bootstrap)
    return found


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.05, 0.5, 1.0])
def test_the_value_is_the_quantile_and_the_rate_is_kept(rate: float) -> None:
    pairs = drawn(0)
    values = np.array(pairs["found"].to_list()).ravel()
    found = one(pairs, rate)
    assert found.value == pytest.approx(np.quantile(values, 1 - rate))
    assert (values >= found.value).mean() == pytest.approx(rate, abs=2 / len(values))
    assert found.study_rate == pytest.approx((values >= 0.7).mean())
    assert (found.n_images, found.n_refs, found.n_pairs) == (80, 40, 800)


def test_resampled_quantiles_are_those_of_the_drawn_comparisons_themselves() -> None:
    """Against the comparisons written out as often as both of their references were drawn."""
    from workbench.analysis.nulls import _resampled_quantile, _sorted

    pairs = drawn(1, refs=12, others=4, k=3)
    null = _sorted(pairs)
    rng = np.random.default_rng(2)
    for rate in (0.02, 0.1, 0.6):
        for _ in range(20):
            counts = np.bincount(rng.integers(0, 12, 12), minlength=12).astype(float)
            often = (counts[null.own] * counts[null.other]).astype(int)
            expected = np.quantile(np.repeat(null.values, often), 1 - rate)
            assert _resampled_quantile(null, counts, rate) == pytest.approx(expected)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    truth = 0.4 + 0.1 * np.sqrt(1 + 2 * 0.5**2) * 1.6448536
    held = [
        found.low <= truth <= found.high for found in (one(drawn(s, refs=30, others=6, shared=0.5)) for s in range(60))
    ]
    assert np.mean(held) > 0.85


def test_what_the_comparisons_of_a_reference_share_widens_the_interval() -> None:
    widths = [one(drawn(5, shared=s)).high - one(drawn(5, shared=s)).low for s in (0.0, 1.0)]
    assert widths[1] > 2 * widths[0]


def test_shuffled_references_pass_as_often_as_is_said() -> None:
    rates = [one(drawn(s), bootstrap=Bootstrap(resamples=200)).held_out_rate for s in range(10)]
    assert np.mean(rates) == pytest.approx(0.05, abs=0.01)
    values = np.concatenate([0.9 + np.arange(50) / 1000, np.arange(50) / 1000])
    alike = held_out_rate(values, np.repeat([0, 1], 50), 0.05)
    assert alike == 0.5, "where references differ, a threshold of the one says nothing on the other, and this shows it"


def test_one_reference_has_nothing_to_be_held_out() -> None:
    assert np.isnan(held_out_rate(np.arange(5.0), np.zeros(5, dtype=np.intp), 0.05))


def test_too_few_references_for_an_interval() -> None:
    found = one(drawn(0, refs=4, others=3))
    assert found.low is found.high is None
    assert found.reason == "no interval: 4 references, at least 6 needed"
    assert null_thresholds(drawn(0).clear(), STUDY, 0.05) == []
