"""The bootstrap: seeded, the same whatever the chunks, and equal to scipy's on the same job."""

import numpy as np
import pytest
from scipy import stats

from workbench.analysis import concordance, resampling
from workbench.analysis.concordance import tau_intervals
from workbench.analysis.ranks import ResampledRanks, partial, spearman_intervals
from workbench.analysis.resampling import (
    Bootstrap,
    bca,
    drawn_columns,
    drawn_counts,
    expanded_level,
    interval_of,
    left_out_columns,
    left_out_counts,
    mean_intervals,
)

RNG = np.random.default_rng(11)
MANY = Bootstrap(resamples=20_000)


def paired(n: int, columns: int = 2) -> np.ndarray:
    """Columns that share something, with ties."""
    common = RNG.normal(size=(n, 1))
    return np.round(common + RNG.normal(size=(n, columns)), 1)


def test_draws_are_seeded_and_the_same_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = np.concatenate(list(drawn_counts(13, Bootstrap(resamples=300))))
    assert whole.shape == (300, 13)
    assert (whole.sum(axis=1) == 13).all()
    monkeypatch.setattr(resampling, "CHUNK_BYTES", 8 * 13 * 7)
    chunks = list(drawn_counts(13, Bootstrap(resamples=300)))
    assert max(len(c) for c in chunks) == 7
    assert np.array_equal(np.concatenate(chunks), whole)
    assert not np.array_equal(np.concatenate(list(drawn_counts(13, Bootstrap(resamples=300, seed=1)))), whole)


def test_columns_are_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.concatenate(list(drawn_counts(13, Bootstrap(resamples=300))))
    assert np.array_equal(np.concatenate(list(drawn_columns(13, Bootstrap(resamples=300))), axis=1), rows.T)
    monkeypatch.setattr(resampling, "CACHE_BYTES", 8 * 13 * 17)
    chunks = list(drawn_columns(13, Bootstrap(resamples=300)))
    assert max(c.shape[1] for c in chunks) == 17
    assert np.array_equal(np.concatenate(chunks, axis=1), rows.T)
    left_out = list(left_out_columns(40))
    assert len(left_out) == 3
    assert np.array_equal(np.concatenate(left_out, axis=1), 1 - np.eye(40))


def test_chunks_stay_within_their_bound() -> None:
    for counts in drawn_counts(5000, Bootstrap(resamples=2000), width=10):
        assert counts.nbytes * 10 <= resampling.CHUNK_BYTES


def test_ranks_in_a_resample_are_scipys_of_the_rows_drawn() -> None:
    table = paired(30, 3)
    ranks = ResampledRanks(table)
    for counts in next(drawn_counts(30, Bootstrap(resamples=20))):
        rows = np.repeat(np.arange(30), counts.astype(int))
        expected = stats.spearmanr(table[rows]).statistic
        assert ranks.matrices(counts[:, None], 3)[0] == pytest.approx(expected, abs=1e-12)
        assert ranks.correlations(counts[:, None], 1)[0] == pytest.approx(expected[:1, 1:], abs=1e-12)


def test_a_column_that_is_constant_within_a_resample_is_undefined() -> None:
    ranks = ResampledRanks(np.array([[0.0, 1.0], [0.0, 2.0], [1.0, 3.0]]))
    assert np.isnan(ranks.correlations(np.array([[2.0], [1.0], [0.0]]), 1)).all()
    assert ranks.correlations(np.array([[1.0], [1.0], [1.0]]), 1)[0] == pytest.approx(np.sqrt(0.75))


@pytest.mark.parametrize("n", [12, 80])
def test_intervals_of_rho_are_scipys_bca(n: int) -> None:
    table = paired(n)
    ours = spearman_intervals(table[:, :1], table[:, 1:], MANY)
    theirs = stats.bootstrap(
        (table[:, 0], table[:, 1]),
        lambda x, y, axis: stats.pearsonr(stats.rankdata(x, axis=axis), stats.rankdata(y, axis=axis), axis=axis)[0],
        paired=True,
        vectorized=True,
        n_resamples=20_000,
        batch=2000,
        rng=3,
    ).confidence_interval
    assert ours.low[0, 0] == pytest.approx(theirs.low, abs=0.02)
    assert ours.high[0, 0] == pytest.approx(theirs.high, abs=0.02)


def test_each_pair_of_a_table_gets_what_it_gets_alone() -> None:
    table = paired(40, 4)
    together = spearman_intervals(table[:, :2], table[:, 2:], Bootstrap())
    alone = spearman_intervals(table[:, 1:2], table[:, 2:3], Bootstrap())
    assert together.low[1, 0] == pytest.approx(alone.low[0, 0])
    assert together.high[1, 0] == pytest.approx(alone.high[0, 0])


def test_intervals_of_tau_are_scipys_bca() -> None:
    x, y = paired(30).T
    bounds = tau_intervals(x[:, None], y[:, None], Bootstrap(resamples=5000))
    theirs = stats.bootstrap(
        (x, y), lambda a, b: stats.kendalltau(a, b).statistic, paired=True, vectorized=False, n_resamples=5000, rng=3
    ).confidence_interval
    assert bounds.low[0, 0] == pytest.approx(theirs.low, abs=0.03)
    assert bounds.high[0, 0] == pytest.approx(theirs.high, abs=0.03)


def test_tau_in_a_resample_is_scipys_of_the_rows_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    table, seen = paired(25, 4), []
    monkeypatch.setattr(concordance, "BLOCK", 200)  # several blocks
    monkeypatch.setattr(concordance, "bca", lambda *found: seen.append(found) or bca(*found))
    tau_intervals(table[:, :2], table[:, 2:], Bootstrap(resamples=10))
    ((whole, drawn, left_out, _),) = seen
    pairs = [(i, j) for i in (0, 1) for j in (2, 3)]
    picked = [np.repeat(np.arange(25), c.astype(int)) for c in next(drawn_counts(25, Bootstrap(resamples=10)))]
    without = [np.delete(np.arange(25), at) for at in range(25)]
    for column, (i, j) in enumerate(pairs):
        for rows, found in zip([np.arange(25), *picked, *without], [whole, *drawn, *left_out], strict=True):
            assert found[column] == pytest.approx(stats.kendalltau(table[rows, i], table[rows, j]).statistic)


def test_intervals_of_means_are_scipys_bca() -> None:
    rows = RNG.exponential(size=(25, 3))
    bounds = mean_intervals(rows, MANY)
    for j in range(3):
        options = {"n_resamples": 20_000, "rng": 3, "confidence_level": expanded_level(25, 0.95)}
        theirs = stats.bootstrap((rows[:, j],), np.mean, **options).confidence_interval
        assert bounds.low[j] == pytest.approx(theirs.low, abs=0.02)
        assert bounds.high[j] == pytest.approx(theirs.high, abs=0.02)


def test_of_a_normal_mean_the_expanded_interval_is_students() -> None:
    rows = stats.norm.ppf((np.arange(12) + 0.5) / 12)[:, None]
    bounds = mean_intervals(rows, MANY)
    expected = stats.t.interval(0.95, 11, loc=0, scale=stats.sem(rows[:, 0]))
    assert (bounds.low[0], bounds.high[0]) == pytest.approx(expected, abs=0.04)
    assert expanded_level(10**6, 0.95) == pytest.approx(0.95, abs=1e-5)


def test_partial_correlation_without_controls_is_the_correlation() -> None:
    table = paired(20)
    assert partial(ResampledRanks(table).matrices(np.ones((20, 1)), 2))[0] == pytest.approx(
        stats.spearmanr(table).statistic
    )


def test_no_interval_says_why() -> None:
    assert interval_of(0.1, 0.9, 3).reason == "no interval: 3 references, at least 6 needed"
    assert interval_of(np.nan, np.nan, 30).reason == "no interval: too little variation among the 30 references"
    bounds = mean_intervals(np.full((20, 1), 0.3), Bootstrap())
    assert np.isnan(bounds.low).all() and np.isnan(bounds.high).all()


def test_a_statistic_that_no_jackknife_sample_has_makes_no_noise() -> None:
    bounds = bca(np.array([0.5]), RNG.normal(size=(200, 1)), np.full((8, 1), np.nan), 0.95)
    assert bounds.low[0] < bounds.high[0]


def test_the_jackknife_leaves_out_one_each() -> None:
    whole = np.concatenate(list(left_out_counts(4)))
    assert whole.tolist() == (1 - np.eye(4)).tolist()
    assert len(list(left_out_counts(300, width=10**4))) > 1
    assert np.concatenate(list(left_out_counts(300, width=10**4))).tolist() == (1 - np.eye(300)).tolist()
