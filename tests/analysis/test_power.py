"""Power: as often as it says in simulated studies, near pingouin's, and clear where nothing can be found."""

import io
import json
import math
import warnings
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from tests.analysis.drawing import long_frame, ref_frame
from tests.conftest import Outcome
from workbench.analysis.exact import rank_p
from workbench.analysis.power import (
    ImagesBuy,
    detectable,
    detectable_rho,
    images_buy,
    intraclass,
    needed_n,
    needed_references,
    rank_power,
)
from workbench.analysis.resampling import Bootstrap
from workbench.store import Store

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pingouin

Wb = Callable[..., Outcome]
FAST = Bootstrap(resamples=400)


@pytest.mark.parametrize(("n", "r"), [(20, 0.6), (60, 0.35), (200, 0.2)])
def test_a_correlation_is_found_as_often_as_said(n: int, r: float) -> None:
    rng = np.random.default_rng(50)
    x = rng.normal(size=(1500, n))
    y = r * x + math.sqrt(1 - r * r) * rng.normal(size=(1500, n))
    found = np.mean([rank_p(a, b) < 0.05 for a, b in zip(x, y, strict=True)])
    rho = 6 / math.pi * math.asin(r / 2)
    assert rank_power(rho, n, 0.05) == pytest.approx(found, abs=0.03)


@pytest.mark.parametrize("rho", [0.1, 0.3, 0.6])
def test_ranks_take_hardly_more_references_than_pingouins_pearson(rho: float) -> None:
    theirs = pingouin.power_corr(r=rho, power=0.8)
    assert theirs < needed_n(rho, 0.05, 0.8) < 1.1 * theirs + 3


@pytest.mark.parametrize("n", [5, 28, 767])
def test_detectable_and_needed_are_each_others_inverse(n: int) -> None:
    rho = detectable_rho(n, 0.05, 0.8)
    assert rho is not None
    assert rank_power(rho, n, 0.05) == pytest.approx(0.8)
    assert needed_n(rho + 1e-9, 0.05, 0.8) == n


def test_more_is_asked_for_more() -> None:
    rhos = [r.n for r in needed_references()]
    assert rhos == sorted(rhos, reverse=True)
    assert needed_n(0.3, 0.01, 0.8) > needed_n(0.3, 0.05, 0.8)
    assert needed_n(0.3, 0.05, 0.95) > needed_n(0.3, 0.05, 0.8)


def test_four_references_cannot_reach_five_percent() -> None:
    assert detectable_rho(4, 0.05, 0.8) is None  # two of 24 orders are perfect
    assert detectable_rho(4, 0.1, 0.8) is not None
    frame = long_frame({"popularity": np.arange(3.0)}, {"m": np.arange(3.0)})
    (row,) = detectable(frame, ["all"])
    assert row.rho is None
    assert row.reason == "not estimable: 3 references cannot reach p < 0.05"


def test_references_count_that_have_the_covariate_and_an_image() -> None:
    x, first, second = np.arange(30.0), np.arange(30.0), np.arange(30.0)
    x[:4], first[3:8], second[3:6] = np.nan, np.nan, np.nan
    (row,) = detectable(long_frame({"popularity": x}, {"a": first, "b": second}), ["all"])
    assert row.n == 30 - 6  # the two models lack references 3, 4 and 5 both
    assert row.family == 8
    assert row.rho is not None and row.rho_family is not None and row.rho < row.rho_family
    assert row.rho_family == pytest.approx(detectable_rho(24, 0.05 / 8, 0.8))


def alike(rng: np.random.Generator, refs: int, images: int, icc: float, share: float = 0.3) -> np.ndarray:
    """Recognised images of references whose images correlate so much."""
    strength = 1 / icc - 1
    chances = rng.beta(strength * share, strength * (1 - share), size=refs)
    return rng.binomial(images, chances).astype(float)


def test_the_icc_is_that_of_the_draws_and_pingouins() -> None:
    rng = np.random.default_rng(51)
    k = alike(rng, 40, 8, 0.3)
    seen = np.array([np.arange(8) < m for m in k]).astype(float)
    (told, *_) = images_buy(ref_frame({("m", "title"): k / 8}, n=8), ["all"], bootstrap=FAST)
    long = pl.DataFrame(
        {"ref": np.repeat(np.arange(40), 8), "image": np.tile(np.arange(8), 40), "seen": seen.ravel()}
    ).to_pandas()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pingouin.intraclass_corr(long, targets="ref", raters="image", ratings="seen")
    assert told.icc == pytest.approx(theirs.set_index("Type")["ICC"].iloc[0], abs=1e-6)
    many = alike(rng, 50_000, 5, 0.2)
    n = rng.integers(1, 6, size=50_000).astype(float)
    fewer = rng.hypergeometric(many.astype(int), (5 - many).astype(int), n.astype(int)).astype(float)
    sums = np.array([[len(n), n.sum(), (n**2).sum(), fewer.sum(), (fewer**2 / n).sum()]])
    assert intraclass(sums)[0] == pytest.approx(0.2, abs=0.01)


def test_intervals_of_the_icc_cover_it() -> None:
    rng = np.random.default_rng(52)
    covered, studies = 0, 300
    for seed in range(studies):
        k = alike(rng, 60, 10, 0.3)
        frame = ref_frame({("m", "title"): k / 10})
        (told,) = images_buy(frame, ["all"], images=[10], bootstrap=Bootstrap(resamples=400, seed=seed))
        assert told.icc_low is not None and told.icc_high is not None
        covered += told.icc_low <= 0.3 <= told.icc_high
    assert covered / studies == pytest.approx(0.95, abs=0.025)


def test_what_images_buy_is_what_a_simulation_has() -> None:
    rng = np.random.default_rng(53)
    refs, icc = 6000, 0.3
    strength = 1 / icc - 1
    chance = rng.beta(strength * 0.3, strength * 0.7, size=refs)
    for k in (2, 20):
        first, second = (rng.binomial(k, chance) / k for _ in range(2))
        (told,) = images_buy(ref_frame({("m", "title"): first}, n=k), ["all"], images=[k], bootstrap=FAST)
        assert told.reliability == pytest.approx(np.corrcoef(first, second)[0, 1], abs=0.03)
        assert told.attenuation == pytest.approx(np.corrcoef(first, chance)[0, 1], abs=0.02)
        assert told.standard_error == pytest.approx(first.std() / math.sqrt(refs), rel=0.02)
        assert told.design_effect == pytest.approx(1 + (k - 1) * icc, rel=0.05)
        assert told.effective_images == pytest.approx(refs * k / (1 + (k - 1) * icc), rel=0.05)


def test_more_images_help_less_and_less() -> None:
    k = alike(np.random.default_rng(54), 60, 10, 0.3)
    told = images_buy(ref_frame({("m", "title"): k / 10}), ["all"], bootstrap=FAST)
    found = [row.detectable_rho or 1 for row in told]
    assert found == sorted(found, reverse=True)
    assert found[-2] - found[-1] < 0.01 < found[0] - found[1]
    assert found[-1] > (detectable_rho(60, 0.05, 0.8) or 1)


@pytest.mark.parametrize(
    ("shares", "n", "reason"),
    [
        ([0.0] * 9, 10, "not estimable: none of the 90 images is recognised"),
        ([1.0] * 9, 10, "not estimable: all 90 images are recognised"),
        ([1.0, 0.0] * 5, 1, "not estimable: no reference has two images"),
        ([0.4], 10, "not estimable: 1 reference with scored images, at least 2 needed"),
        ([0.5] * 9, 10, "no correlation with CRA can be found: references differ by no more than chance"),
        ([0.1, 0.9, 0.5], 10, "no correlation can be found: 3 references"),
        ([0.3, 0.6] * 3, 10, "no correlation can be found: CRA is too unreliable for so few references"),
    ],
)
def test_what_images_cannot_buy_says_why(shares: list[float], n: int, reason: str) -> None:
    told = images_buy(ref_frame({("m", "title"): np.array(shares)}, n=n), ["all"], images=[5], bootstrap=FAST)
    assert [row.reason for row in told] == [reason]
    assert told[0].detectable_rho is None


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (["--kind", "all", "--perturbation", "title"], 3),
        (["--show", "references", "--rho", 0.3, "--rho", 0.5], 2),
        (["--show", "images", "--model", "sd15", "--images-per-prompt", 5], 6),
    ],
)
def test_the_command_gives_each_table(measured: Store, wb: Wb, options: list[object], rows: int) -> None:
    outcome = wb("analyze", "power", "--db", measured.path, *options, "--format", "json")
    assert outcome.code == 0, outcome.err
    assert len(json.loads(outcome.out)) == rows


def test_nothing_scored_says_so(store: Store, wb: Wb) -> None:
    outcome = wb("analyze", "power", "--show", "images", "--format", "csv")
    assert outcome.err.startswith("nothing to go by")
    assert pl.read_csv(io.StringIO(outcome.out)).columns == list(ImagesBuy.__annotations__)


def test_a_chance_lies_between_none_and_certain(measured: Store, wb: Wb) -> None:
    outcome = wb("analyze", "power", "--db", measured.path, "--alpha", 0)
    assert outcome.code == 2
    assert "--alpha" in outcome.err
