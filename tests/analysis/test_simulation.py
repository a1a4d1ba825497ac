"""Over many studies drawn from a known truth: intervals cover it as often as they say, and few claims are false."""

import numpy as np
import pytest
from scipy import stats

from tests.analysis.test_cells import images
from tests.analysis.test_discrimination import judgements
from workbench.analysis.agreement import agreements
from workbench.analysis.cells import cells
from workbench.analysis.concordance import tau_intervals
from workbench.analysis.discrimination import discriminate
from workbench.analysis.exact import adjusted, rank_p
from workbench.analysis.proportions import wilson
from workbench.analysis.ranks import Partial, partial_intervals, spearman_intervals
from workbench.analysis.resampling import Bootstrap, mean_intervals

STUDIES = 800
NOMINAL, TOLERANCE = 0.95, 0.02


def correlated(rng: np.random.Generator, n: int, r: float) -> np.ndarray:
    z = rng.normal(size=(n, 2))
    z[:, 1] = r * z[:, 0] + np.sqrt(1 - r * r) * z[:, 1]
    return z


@pytest.mark.parametrize(("n", "r"), [(40, 0.0), (40, 0.6)])
def test_intervals_of_rho_cover_it(n: int, r: float) -> None:
    rng = np.random.default_rng(100)
    truth = 6 / np.pi * np.arcsin(r / 2)  # of a bivariate normal distribution
    covered = 0
    for seed in range(STUDIES):
        z = correlated(rng, n, r)
        bounds = spearman_intervals(z[:, :1], z[:, 1:], Bootstrap(resamples=600, seed=seed))
        covered += bounds.low[0, 0] <= truth <= bounds.high[0, 0]
    assert covered / STUDIES == pytest.approx(NOMINAL, abs=TOLERANCE)


def test_intervals_of_tau_cover_it() -> None:
    rng = np.random.default_rng(105)
    r, n = 0.5, 30
    truth = 2 / np.pi * np.arcsin(r)
    covered = 0
    for seed in range(STUDIES):
        z = correlated(rng, n, r)
        bounds = tau_intervals(z[:, :1], z[:, 1:], Bootstrap(resamples=600, seed=seed))
        covered += bounds.low[0, 0] <= truth <= bounds.high[0, 0]
    assert covered / STUDIES == pytest.approx(NOMINAL, abs=TOLERANCE)


def test_partial_intervals_cover_no_association_behind_a_confounder() -> None:
    rng = np.random.default_rng(101)
    covered = plain = 0
    for seed in range(STUDIES // 2):
        shared = rng.normal(size=60)
        x, y = shared + rng.normal(size=60), shared + rng.normal(size=60)
        bounds = partial_intervals(
            np.column_stack([x, shared]), y[:, None], [Partial(0, 0, (1,))], Bootstrap(resamples=500, seed=seed)
        )
        covered += bounds.low[0] <= 0 <= bounds.high[0]
        simple = spearman_intervals(x[:, None], y[:, None], Bootstrap(resamples=500, seed=seed))
        plain += simple.low[0, 0] <= 0 <= simple.high[0, 0]
    assert covered / (STUDIES // 2) == pytest.approx(NOMINAL, abs=TOLERANCE)
    assert plain / (STUDIES // 2) < 0.2


def test_intervals_of_kappa_cover_it() -> None:
    rng = np.random.default_rng(106)
    refs, right, covered, studies = 30, 0.85, 0, 300
    for seed in range(studies):
        iconic = rng.uniform(size=(refs, 1)) < 0.5
        truth = np.where(rng.uniform(size=(refs, 4)) < 0.7, iconic, ~iconic).reshape(-1, 1)
        answers = np.where(rng.uniform(size=(refs * 4, 2)) < right, truth, ~truth).astype(int)
        (found,) = agreements(judgements(answers), bootstrap=Bootstrap(resamples=500, seed=seed))
        assert found.low is not None and found.high is not None
        covered += found.low <= (right**2 + (1 - right) ** 2 - 0.5) / 0.5 <= found.high
    assert covered / studies == pytest.approx(NOMINAL, abs=TOLERANCE)


def test_intervals_of_an_auc_cover_it() -> None:
    rng = np.random.default_rng(107)
    refs, images, covered, studies = 40, 5, 0, 300
    groups = [f"Q{at}" for at in range(refs) for _ in range(images)]
    truth = stats.norm.cdf(1 / np.sqrt(2 * 1.5))
    for seed in range(studies):
        copies = rng.uniform(size=refs * images) < 0.5
        scores = np.repeat(rng.normal(size=refs) * np.sqrt(0.5), images) + copies + rng.normal(size=refs * images)
        (found,) = discriminate({"s": scores}, copies, groups, Bootstrap(resamples=500, seed=seed))
        assert found.auc_low is not None and found.auc_high is not None
        covered += found.auc_low <= truth <= found.auc_high
    assert covered / studies == pytest.approx(NOMINAL, abs=TOLERANCE)


def test_intervals_of_paired_differences_cover_their_mean() -> None:
    rng = np.random.default_rng(102)
    # As CRA under two prompts: binomial shares that share the reference.
    p = rng.beta(2, 2, size=(50, STUDIES))
    differences = rng.binomial(20, 0.8 * p) / 20 - rng.binomial(20, p) / 20
    bounds = mean_intervals(differences, Bootstrap())
    covered = (bounds.low <= -0.2 * 0.5) & (bounds.high >= -0.2 * 0.5)
    assert covered.mean() == pytest.approx(NOMINAL, abs=TOLERANCE)


def test_intervals_of_a_cell_cover_its_measures() -> None:
    rng = np.random.default_rng(103)
    n, chance, vi = 50, 0.6, 0.4
    k = rng.binomial(n, chance, size=20_000)
    bounds = wilson(k, np.full_like(k, n))
    assert ((bounds.low <= chance) & (chance <= bounds.high)).mean() == pytest.approx(NOMINAL, abs=TOLERANCE)
    crt = vr = 0
    for seed in range(STUDIES):
        seen = rng.uniform(size=n) < chance
        reused = rng.binomial(16, 1 - vi, size=n) / 16
        (cell,) = cells(images(seen.tolist(), reused.tolist()), bootstrap=Bootstrap(resamples=600, seed=seed))
        crt += (cell.crt_low or 0) <= chance * vi <= (cell.crt_high or 0)
        vr += (cell.vr_low or 0) <= 1 - vi <= (cell.vr_high or 0)
    assert crt / STUDIES == pytest.approx(NOMINAL, abs=TOLERANCE)
    assert vr / STUDIES == pytest.approx(NOMINAL, abs=TOLERANCE)


def test_false_discoveries_are_as_rare_as_stated() -> None:
    rng = np.random.default_rng(104)
    shares = []
    for _ in range(300):
        effects = [0.0] * 18 + [0.7] * 6
        ps = [rank_p(*correlated(rng, 40, r).T) for r in effects]
        claimed = [a.p is not None and a.p < 0.05 for a in adjusted([("family", p) for p in ps])]
        false = sum(claimed[:18])
        shares.append(false / max(1, sum(claimed)))
    assert np.mean(shares) < 0.05 + 0.01
    assert np.mean(shares) > 0.01  # it is an adjustment, not a refusal to claim anything
