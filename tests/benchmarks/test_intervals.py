"""What intervals of rank correlations cost, against scipy.stats.bootstrap on the same job."""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from workbench.analysis.concordance import tau_intervals
from workbench.analysis.ranks import spearman_intervals
from workbench.analysis.resampling import CHUNK_BYTES, Bootstrap

REFERENCES, COVARIATES, MEASURES, RESAMPLES = 200, 2, 3, 2000


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def rho(x: np.ndarray, y: np.ndarray) -> float:
    return float(stats.spearmanr(x, y).statistic)


def tau(x: np.ndarray, y: np.ndarray) -> float:
    return float(stats.kendalltau(x, y).statistic)


def rho_of_rows(x: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
    ranks = stats.rankdata(x, axis=axis), stats.rankdata(y, axis=axis)
    return np.asarray(stats.pearsonr(*ranks, axis=axis).statistic)


def test_intervals_cost_a_twentieth_of_scipys() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(REFERENCES, COVARIATES))
    y = np.round(x[:, :1] + rng.normal(size=(REFERENCES, MEASURES)), 1)
    ours = min(seconds(lambda: spearman_intervals(x, y, Bootstrap(resamples=RESAMPLES))) for _ in range(9))
    found = spearman_intervals(x, y, Bootstrap(resamples=RESAMPLES))

    def scipys(statistic: Callable[..., object], vectorized: bool) -> list[tuple[float, float]]:
        options = {"paired": True, "vectorized": vectorized, "n_resamples": RESAMPLES, "rng": 1}
        return [
            stats.bootstrap((x[:, i], y[:, j]), statistic, **options).confidence_interval
            for i in range(COVARIATES)
            for j in range(MEASURES)
        ]

    plain = seconds(lambda: scipys(rho, vectorized=False))
    vectorised = min(seconds(lambda: scipys(rho_of_rows, vectorized=True)) for _ in range(3))
    for ours_at, theirs in zip(np.ndindex(COVARIATES, MEASURES), scipys(rho_of_rows, vectorized=True), strict=True):
        assert (found.low[ours_at], found.high[ours_at]) == pytest.approx(theirs, abs=0.03)
    print(
        f"\n{COVARIATES * MEASURES} BCa intervals of rho over {REFERENCES} references, {RESAMPLES:,} resamples: scipy "
        f"{plain / ours:.0f}x as long with spearmanr, {vectorised / ours:.0f}x with a vectorised statistic"
    )
    assert plain > 100 * ours
    assert vectorised > 20 * ours


def test_intervals_of_tau_cost_a_twentieth_of_scipys() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(REFERENCES, 1))
    y = np.round(x + rng.normal(size=(REFERENCES, 1)), 1)
    ours = min(seconds(lambda: tau_intervals(x, y, Bootstrap(resamples=RESAMPLES))) for _ in range(5))
    options = {"paired": True, "vectorized": False, "n_resamples": RESAMPLES, "rng": 1}
    plain = seconds(lambda: stats.bootstrap((x[:, 0], y[:, 0]), tau, **options))
    print(f"\na BCa interval of tau-b over {REFERENCES} references: scipy {plain / ours:.0f}x as long with kendalltau")
    assert plain > 20 * ours


def test_memory_is_bounded_whatever_the_resamples() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(767, 4)), rng.normal(size=(767, 20))
    tracemalloc.start()
    spearman_intervals(x, y, Bootstrap(resamples=2000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"\n80 intervals over 767 references, 2,000 resamples: at most {peak / 2**20:.0f} MiB at once")
    assert peak < 4 * CHUNK_BYTES
