"""Change points and smooth curves: found where they were planted, and none where there is nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.analysis.drawing import long_frame
from tests.conftest import Outcome
from workbench.analysis.changepoint import best_split, split_interval
from workbench.analysis.frequency import ChangePoint, SmoothPoint, change_points, local_linear, smooth_curves
from workbench.analysis.resampling import Bootstrap
from workbench.store import Store, connection

RNG = np.random.default_rng(21)
FAST = Bootstrap(resamples=500)
COUNTS = np.floor(np.exp(RNG.uniform(0, 8, size=120)))


def test_a_planted_threshold_lies_within_its_interval() -> None:
    y = np.where(COUNTS >= 400, 0.8, 0.2) + RNG.normal(0, 0.15, size=120)
    (found,) = change_points(long_frame({"training_frequency": COUNTS}, {"m": y}), ["all"], bootstrap=FAST)
    assert found.low is not None and found.high is not None and found.p is not None
    assert found.low <= 400 <= found.high
    assert found.high / found.low < 2
    assert (found.below, found.above) == (pytest.approx(0.2, abs=0.08), pytest.approx(0.8, abs=0.08))
    assert found.p < 0.01
    assert found.n_below + found.n_above == found.n == 120


@pytest.mark.parametrize(("n", "noise"), [(60, 0.25), (120, 0.15)])
def test_intervals_of_thresholds_cover_them(n: int, noise: float) -> None:
    rng = np.random.default_rng(60)
    covered, studies = 0, 800
    for _ in range(studies):
        x = np.sort(np.floor(np.exp(rng.uniform(0, 8, size=n))))
        chance = np.clip(np.where(x >= 400, 0.7, 0.3) + rng.normal(0, noise, size=n), 0, 1)
        y = rng.binomial(20, chance) / 20
        at = int(best_split(x, y, np.ones((1, n))).position[0])
        bounds = split_interval(np.log1p(x), y, at, 0.95)
        covered += x[bounds.start] <= 400 <= x[bounds.stop]
    assert 0.93 <= covered / studies <= 0.985  # surer than it says where the step is large


def test_a_change_without_scatter_is_known_to_the_gap() -> None:
    x, y = np.arange(12.0), np.repeat([0.2, 0.9], 6)
    bounds = split_interval(x, y, 5, 0.95)
    assert (bounds.start, bounds.stop) == (5, 6)


def test_noise_has_a_best_split_that_the_test_does_not_believe() -> None:
    ps = []
    for _ in range(40):
        frame = long_frame({"training_frequency": COUNTS[:30]}, {"m": RNG.normal(size=30)})
        (found,) = change_points(frame, ["all"], bootstrap=Bootstrap(resamples=200))
        assert found.threshold is not None
        ps.append(found.p or 0)
    assert np.mean(np.array(ps) < 0.05) <= 0.15
    assert 0.3 < np.mean(ps) < 0.7


def test_the_best_split_is_the_best_of_all() -> None:
    x, y = np.sort(COUNTS[:25]), RNG.normal(size=25)
    counts = RNG.integers(0, 3, size=25).astype(float)
    found = best_split(x, y, counts[None])
    drawn_x, drawn_y = np.repeat(x, counts.astype(int)), np.repeat(y, counts.astype(int))
    cuts = [c for c in np.unique(drawn_x)[:-1] if (drawn_x <= c).sum() >= 3 and (drawn_x > c).sum() >= 3]
    within = [
        ((drawn_y[s] - drawn_y[s].mean()) ** 2).sum() + ((drawn_y[~s] - drawn_y[~s].mean()) ** 2).sum()
        for s in (drawn_x <= c for c in cuts)
    ]
    total = ((drawn_y - drawn_y.mean()) ** 2).sum()
    assert found.explained[0] == pytest.approx(1 - min(within) / total)


def test_the_curve_is_a_weighted_line_through_each_point() -> None:
    x = np.log1p(COUNTS)
    y = np.sin(x) + RNG.normal(0, 0.2, size=120)
    grid = np.linspace(x.min(), x.max(), 7)
    ours = local_linear(x, y, grid, np.ones((1, 120)), 0.8)[0]
    lines = [np.polyfit(x - at, y, 1, w=np.exp(-0.25 * ((x - at) / 0.8) ** 2)) for at in grid]
    assert ours == pytest.approx([line[1] for line in lines])


def test_a_curve_stays_within_the_range_of_a_share_and_has_a_band() -> None:
    y = np.clip((np.log1p(COUNTS) / 8) ** 2 + RNG.normal(0, 0.1, size=120), 0, 1)
    found = smooth_curves(long_frame({"training_frequency": COUNTS}, {"m": y, "n": y}), ["all"], bootstrap=FAST)
    assert {p.model_id for p in found} == {"m", "n"}
    assert len(found) == 50
    for point in found:
        assert point.low is not None and point.high is not None
        assert 0 <= point.low <= point.fit <= point.high <= 1


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        (np.arange(5.0), np.arange(5.0), "not estimable: n = 5, at least 10 needed"),
        (np.full(12, 7.0), np.arange(12.0), "not estimable: the covariate is 7 for all 12"),
        (np.arange(12.0), np.zeros(12), "not estimable: the measure is 0 for all 12"),
        (np.append(np.zeros(11), 1.0), np.arange(12.0), "not estimable: no split leaves 3 references on either side"),
    ],
)
def test_what_cannot_be_split_says_why(x: np.ndarray, y: np.ndarray, reason: str) -> None:
    frame = long_frame({"training_frequency": x}, {"m": y})
    (found,) = change_points(frame, ["all"], bootstrap=FAST)
    assert found.reason == reason
    assert found.threshold is found.low is found.p is found.explained is None
    assert smooth_curves(frame, ["all"], bootstrap=FAST) == []


@pytest.mark.parametrize(("show", "record"), [("change-point", ChangePoint), ("curve", SmoothPoint)])
def test_the_command(measured: Store, wb: Callable[..., Outcome], show: str, record: type) -> None:
    options = ["--covariate", "popularity", "--resamples", 200, "--format", "json", "--db", measured.path]
    outcome = wb("analyze", "frequency", "--show", show, "--kind", "all", *options)
    assert outcome.code == 0, outcome.err
    frame = pl.read_json(outcome.out.encode())
    assert frame.columns == list(record.__annotations__)
    assert {"sd15", "sdxl"} <= set(frame["model_id"])


def test_a_covariate_that_the_study_does_not_have_is_refused(measured: Store, wb: Callable[..., Outcome]) -> None:
    outcome = wb("analyze", "frequency", "--covariate", "fame", "--format", "csv", "--db", measured.path)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("wb: no covariate named 'fame'; known: ")


def test_a_covariate_that_no_scored_reference_has_says_so(
    measured: Store, wb: Callable[..., Outcome], tmp_path: Path
) -> None:
    measured.settle()
    copy = Path(shutil.copy(measured.path, tmp_path / "copy.duckdb"))
    with connection.writing(copy, 5) as con:
        con.execute("DELETE FROM covariates WHERE name = 'training_frequency'")
    outcome = wb("analyze", "frequency", "--format", "csv", "--db", copy)
    assert outcome.err.startswith("no reference has both a scored image and the covariate training_frequency")
    assert outcome.out == ",".join(ChangePoint.__annotations__) + "\n"
