"""Spearman's rho over references: against scipy on random data, by hand, and where it cannot be estimated."""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from workbench.analysis.correlation import KINDS, MEASURES, Correlation, as_frame, correlations, spearman
from workbench.analysis.exact import MOST_EXACT

VALUES = st.one_of(st.none(), st.integers(-5, 5).map(float), st.floats(-1e6, 1e6))


def as_array(values: list[float | None]) -> Any:
    return np.array([math.nan if v is None else v for v in values], dtype=float)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES), max_size=40))
def test_it_is_scipys_over_the_pairs_with_both_values(pairs: list[tuple[float | None, float | None]]) -> None:
    result = spearman(as_array([x for x, _ in pairs]), as_array([y for _, y in pairs]))
    kept = [(x, y) for x, y in pairs if x is not None and y is not None]
    assert result.n == len(kept)
    if len(kept) < 3 or len({x for x, _ in kept}) == 1 or len({y for _, y in kept}) == 1:
        assert result.rho is None and result.p is None
        assert result.reason is not None and result.reason.startswith("not estimable: ")
    else:
        expected = stats.spearmanr([x for x, _ in kept], [y for _, y in kept])
        assert result.reason is None
        assert result.rho == pytest.approx(expected.statistic, abs=1e-12)
        assert result.p is not None and 0 < result.p <= 1
        if result.n > MOST_EXACT:
            assert result.p == pytest.approx(max(expected.pvalue, 2 / math.factorial(result.n)), abs=1e-12)


def test_by_hand() -> None:
    # Ranks 1 2 3 4 5 against 2 1 4 3 5: sum of squared differences 4, so rho = 1 - 6·4 / (5·24) = 0.8.
    result = spearman(as_array([10, 20, 30, 40, 1000]), as_array([0.2, 0.1, 0.4, 0.3, 0.9]))
    assert result.rho == pytest.approx(0.8)
    # Of the 120 orders 1 has D = 0, 4 have 2 and 3 have 4 (rho 1, .9, .8), and as many their opposites.
    assert result.p == pytest.approx(16 / 120)
    assert result.n == 5


def test_by_hand_with_ties() -> None:
    # Mid-ranks 1.5 1.5 3 4 against 1 2 3 4: Pearson's r of the ranks, 4.5 / sqrt(4.5 · 5).
    result = spearman(as_array([7, 7, 8, 9]), as_array([1, 2, 3, 4]))
    assert result.rho == pytest.approx(4.5 / math.sqrt(4.5 * 5))


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([], [], "not estimable: n = 0, at least 3 needed"),
        ([1, 2], [1, 2], "not estimable: n = 2, at least 3 needed"),
        ([1, 2, None, 4], [1, None, 3, 4], "not estimable: n = 2, at least 3 needed"),
        ([5, 5, 5], [1, 2, 3], "not estimable: the covariate is 5 for all 3"),
        ([1, 2, 3], [0, 0, 0], "not estimable: the measure is 0 for all 3"),
    ],
)
def test_what_cannot_be_estimated_says_why(x: list[float | None], y: list[float | None], reason: str) -> None:
    result = spearman(as_array(x), as_array(y))
    assert (result.rho, result.p, result.reason) == (None, None, reason)


def study() -> pl.DataFrame:
    """Four static and three dynamic references under one model; VI is missing where nothing was recognised."""
    rows = [
        ("Q1", "static", 1.0, 0.1, 0.9, 0.2),
        ("Q2", "static", 2.0, 0.2, 0.8, 0.3),
        ("Q3", "static", 3.0, 0.3, 0.7, 0.1),
        ("Q4", "static", 4.0, 0.0, None, 0.0),
        ("Q5", "dynamic", 1.0, 0.9, 0.5, 0.4),
        ("Q6", "dynamic", 2.0, 0.8, 0.5, 0.4),
        ("Q7", "dynamic", 3.0, 0.7, 0.5, 0.4),
    ]
    names = ["qid", "kind", "value", "cra", "vi", "crt"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(mean_s=pl.col("cra"))
    keys = {
        "model_id": "m",
        "settings_id": "s",
        "perturbation": "title",
        "covariate": "popularity",
        "method": "sitelinks",
    }
    return frame.with_columns(**{name: pl.lit(value) for name, value in keys.items()})


def one(found: list[Correlation], kind: str, measure: str) -> Correlation:
    (result,) = [c for c in found if (c.kind, c.measure) == (kind, measure)]
    return result


def test_kinds_apart_and_together_with_missing_measures_dropped_pairwise() -> None:
    found = correlations(study())
    assert len(found) == len(KINDS) * len(MEASURES)
    assert one(found, "static", "vi").rho == pytest.approx(-1.0)
    assert one(found, "static", "vi").n == 3
    assert one(found, "static", "cra").rho == pytest.approx(stats.spearmanr([1, 2, 3, 4], [1, 2, 3, 0]).statistic)
    assert one(found, "static", "cra").n == 4
    assert one(found, "dynamic", "cra").rho == pytest.approx(-1.0)
    assert one(found, "dynamic", "crt").reason == "not estimable: the measure is 0.4 for all 3"
    assert one(found, "all", "cra").n == 7


def test_a_kind_without_references_is_left_out() -> None:
    static = study().filter(pl.col("kind") == "static")
    assert {c.kind for c in correlations(static)} == {"static", "all"}
    assert {c.kind for c in correlations(study(), ["dynamic"])} == {"dynamic"}


def test_each_condition_and_each_method_on_its_own() -> None:
    other = study().with_columns(model_id=pl.lit("m2"), method=pl.lit("pageviews"), value=-pl.col("value"))
    found = correlations(pl.concat([study(), other]))
    rho = {(c.model_id, c.method): c.rho for c in found if c.kind == "static" and c.measure == "vi"}
    assert rho == {
        (model, method): pytest.approx(-1.0 if method == "sitelinks" else 1.0)
        for model in ("m", "m2", "pooled")
        for method in ("sitelinks", "pageviews")
    }


def test_nothing_in_nothing_out() -> None:
    frame = as_frame(correlations(study().clear()))
    assert frame.height == 0
    assert frame.schema["rho"] == pl.Float64


def test_the_frame_has_no_nan() -> None:
    frame = as_frame(correlations(study()))
    assert frame.columns == list(Correlation.__annotations__)
    assert frame.filter(pl.col("rho").is_null() | pl.col("low").is_null())["reason"].null_count() == 0
    assert frame["rho"].null_count() > 0
    assert not frame["rho"].drop_nulls().is_nan().any()
