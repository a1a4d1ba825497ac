"""Exact p values and their adjustment, against scipy and statsmodels."""

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from workbench.analysis.exact import Adjusted, adjusted, rank_p

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("n", [3, 4, 5, 6, 7])
@pytest.mark.parametrize("ties", [False, True])
def test_few_references_take_all_orders(n: int, ties: bool) -> None:
    x, y = RNG.permutation(n).astype(float), RNG.permutation(n).astype(float)
    if ties:
        y = np.minimum(y, n // 2)
    expected = stats.permutation_test(
        (x,),
        lambda v: abs(stats.spearmanr(v, y).statistic),
        permutation_type="pairings",
        alternative="greater",
        n_resamples=10_000,
    )
    assert rank_p(x, y) == pytest.approx(expected.pvalue)


def test_three_references_never_show_anything() -> None:
    assert rank_p(np.array([1.0, 2, 3]), np.array([4.0, 5, 6])) == pytest.approx(1 / 3)


def test_many_take_the_t_distribution() -> None:
    x, y = RNG.normal(size=(2, 10))
    assert rank_p(x, y) == pytest.approx(stats.spearmanr(x, y).pvalue)


def test_even_a_perfect_order_is_not_impossible_by_chance() -> None:
    assert rank_p(np.arange(10.0), np.arange(10.0)) == pytest.approx(2 / math.factorial(10))


def test_adjustment_is_statsmodels_within_each_family() -> None:
    ps = RNG.uniform(size=20) ** 2
    tests: list[tuple[str, float | None]] = [("even" if i % 2 == 0 else "odd", float(p)) for i, p in enumerate(ps)]
    tests.insert(3, ("odd", None))
    found = adjusted(tests)
    assert found[3] == Adjusted(p=None, family=10)
    assert {a.family for a in found} == {10}
    told = [a.p for a in found if a.p is not None]
    for start in (0, 1):
        assert told[start::2] == pytest.approx(multipletests(ps[start::2], method="fdr_bh")[1])
