"""Partial correlation, collinearity and stability: equal to pingouin and statsmodels, clear where there is nothing."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from statsmodels.stats.outliers_influence import variance_inflation_factor

from tests.analysis.drawing import long_frame
from workbench.analysis.blocks import blocks
from workbench.analysis.confounding import collinearity, partial_correlations, stability
from workbench.analysis.correlation import correlations
from workbench.analysis.resampling import Bootstrap
from workbench.analysis.scales import looks_skewed, scaled, variance_inflation

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pingouin

RNG = np.random.default_rng(2)
FAST = Bootstrap(resamples=400)


def confounded(n: int = 200) -> dict[str, np.ndarray]:
    """Frequency follows popularity, and so does the measure; nothing else ties the two."""
    popularity = RNG.normal(size=n)
    frequency = popularity + 0.6 * RNG.normal(size=n)
    return {
        "popularity": popularity,
        "training_frequency": frequency,
        "creation_date": RNG.normal(size=n),
        "y": popularity + 0.6 * RNG.normal(size=n),
    }


def test_it_is_pingouins() -> None:
    data = confounded(60)
    found = partial_correlations(long_frame(data, {"m": data["y"]}), ["all"], bootstrap=FAST)
    (one,) = [c for c in found if c.covariate == "training_frequency" and c.measure == "cra"]
    expected = pingouin.partial_corr(
        pd.DataFrame(data), "training_frequency", "y", ["popularity", "creation_date"], method="spearman"
    )
    assert one.partial_rho == pytest.approx(expected["r"].iloc[0])
    assert one.p == pytest.approx(expected["p_val"].iloc[0])
    assert one.controls == "creation_date (given), popularity (given)"


def test_holding_a_planted_confounder_leaves_nothing() -> None:
    data = confounded()
    found = partial_correlations(long_frame(data, {"m": data["y"]}), ["all"], bootstrap=FAST)
    told = {c.covariate: c for c in found if c.measure == "cra"}
    frequency, popularity = told["training_frequency"], told["popularity"]
    assert frequency.rho is not None and frequency.rho > 0.5
    assert frequency.low is not None and frequency.high is not None
    assert frequency.low < 0 < frequency.high
    assert popularity.low is not None and popularity.low > 0.2


def test_each_of_many_gets_the_interval_that_it_gets_alone() -> None:
    data = confounded(40)
    other = RNG.normal(size=40)
    other[:6] = np.nan
    together = partial_correlations(long_frame(data, {"a": data["y"], "b": other}), ["all"], bootstrap=FAST)
    for model, y in (("a", data["y"]), ("b", other)):
        alone = partial_correlations(long_frame(data, {model: y}), ["all"], bootstrap=FAST)
        known = [(c.covariate, c.measure, c.partial_rho, c.low, c.high) for c in together if c.model_id == model]
        for ours, theirs in zip(known, alone, strict=True):
            assert ours[:2] == (theirs.covariate, theirs.measure)
            assert ours[2:] == pytest.approx((theirs.partial_rho, theirs.low, theirs.high))


def test_what_cannot_be_held_says_why() -> None:
    data = confounded(20)
    alone = long_frame({"popularity": data["popularity"]}, {"m": data["y"]})
    assert {c.reason for c in partial_correlations(alone, ["all"])} == {
        "not estimable: there is no other covariate to hold"
    }
    few = long_frame({name: column[:4] for name, column in data.items()}, {"m": data["y"][:4]})
    assert {c.reason for c in partial_correlations(few, ["all"])} == {
        "not estimable: n = 4, at least 5 needed to hold 2"
    }
    data["creation_date"] = np.full(20, 1900.0)
    constant = partial_correlations(long_frame(data, {"m": data["y"]}), ["all"])
    assert {c.reason for c in constant if c.covariate != "creation_date"} == {
        "not estimable: creation_date (given) is the same for all 20"
    }
    data["creation_date"] = data["popularity"] * 2
    twice = partial_correlations(long_frame(data, {"m": data["y"]}), ["all"])
    assert {c.reason for c in twice if c.covariate == "popularity"} == {
        "not estimable: the controls determine the covariate or the measure"
    }
    assert all(c.partial_rho is None and c.low is None and c.p is None for c in twice if c.covariate == "popularity")


def test_no_column_has_no_variance_inflation() -> None:
    assert variance_inflation(np.empty((20, 0))).shape == (0,)


def test_variance_inflation_is_statsmodels() -> None:
    columns = np.array([v for k, v in confounded(80).items() if k != "y"]).T
    with_constant = np.column_stack([np.ones(80), columns])
    expected = [variance_inflation_factor(with_constant, j) for j in (1, 2, 3)]
    assert variance_inflation(columns) == pytest.approx(expected)
    assert np.isnan(variance_inflation(np.column_stack([columns, columns[:, 0]]))).all()
    assert np.isnan(variance_inflation(np.column_stack([columns, np.ones(80)]))).all()


def test_collinearity_gives_every_ordered_pair() -> None:
    data = confounded(50)
    found = collinearity(long_frame(data, {"m": data["y"], "m2": data["y"]}), ["all"], bootstrap=FAST)
    assert len(found) == 6
    told = {(c.covariate, c.other): c for c in found}
    assert told["popularity", "training_frequency"].rho == told["training_frequency", "popularity"].rho
    assert (told["popularity", "creation_date"].vif or 0) > 1.5 > (told["creation_date", "popularity"].vif or 9)
    assert {c.n for c in found} == {50}


def test_counts_with_a_long_tail_are_taken_as_logarithms_and_zeros_stay() -> None:
    counts = np.floor(np.exp(RNG.normal(3, 2, size=100)))
    counts[:5] = 0
    assert looks_skewed(counts)
    assert scaled(counts)[:5].tolist() == [0] * 5
    years = np.array([-500.0, *RNG.uniform(1500, 2000, size=50)])
    assert np.array_equal(scaled(years), years)
    assert not looks_skewed(np.array([]))


def test_leaving_a_model_out_pools_the_others() -> None:
    data = confounded(40)
    models = {"good": data["y"], "better": data["y"] + 0.1, "noise": RNG.normal(size=40)}
    found = stability(long_frame(data, models), ["all"], bootstrap=FAST)
    told = {s.left_out: s for s in found if s.covariate == "popularity" and s.measure == "cra"}
    assert set(told) == {"", *models}
    two = correlations(long_frame(data, {k: models[k] for k in ("good", "better")}), ["all"], bootstrap=FAST)
    (pooled,) = [c for c in two if (c.model_id, c.covariate, c.measure) == ("pooled", "popularity", "cra")]
    assert told["noise"].rho == pytest.approx(pooled.rho)
    assert told["noise"].change == pytest.approx((pooled.rho or 0) - (told[""].rho or 0))
    assert (told["noise"].low, told["noise"].high) == pytest.approx((pooled.low, pooled.high))
    assert told["noise"].change_low is not None and told["noise"].change_high is not None
    assert 0 < told["noise"].change_low < (told["noise"].change or 0) < told["noise"].change_high
    assert told[""].change is told[""].change_low is None
    single = stability(long_frame(data, {"good": data["y"]}), ["all"])
    assert {s.reason for s in single} == {"not estimable: fewer than two models are left"}


def test_a_change_over_other_references_has_no_interval() -> None:
    data = confounded(40)
    more, less = data["y"].copy(), data["y"] + RNG.normal(size=40)
    less[:5] = more[5:8] = np.nan
    frame = long_frame(data, {"more": more, "less": less, "third": np.where(np.arange(40) < 20, np.nan, data["y"])})
    told = {s.left_out: s for s in stability(frame, ["all"], bootstrap=FAST) if s.measure == "cra"}
    assert told["more"].n == 35 < told[""].n == 40
    assert told["more"].low is not None and told["more"].change is not None and told["more"].change_low is None
    assert told["more"].reason == "no interval of the change: it is over other references"


def test_pooling_takes_out_what_models_differ_by() -> None:
    y = np.arange(10.0)
    high = y + 100
    high[::2] = np.nan  # the model with the high values has them for every other reference only
    (block,) = blocks(long_frame({"popularity": y}, {"low": y, "high": high}), ["all"])
    pooled = block.pooled("cra")
    assert pooled is not None
    assert np.array_equal(np.argsort(pooled[1::2]), np.arange(5))
    assert np.ptp(pooled) < 12


def test_frames_of_nothing() -> None:
    nothing = long_frame({"popularity": RNG.normal(size=3)}, {"m": np.zeros(3)}).clear()
    assert partial_correlations(nothing) == collinearity(nothing) == stability(nothing) == []
    assert isinstance(nothing, pl.DataFrame)
