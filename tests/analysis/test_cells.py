"""Cells: Wilson's intervals as statsmodels has them, bootstrap intervals, counts of what is not measured."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from tests.conftest import Outcome
from tests.store.measured import fill, image, reference
from workbench.analysis.cells import Cell, cells
from workbench.analysis.proportions import newcombe, wilson
from workbench.analysis.resampling import Bootstrap, expanded_level
from workbench.store import Store

RNG = np.random.default_rng(4)


def images(recognised: list[bool | None], vr: list[float | None], status: str = "ok") -> pl.DataFrame:
    keys = {"qid": "Q1", "label": "A", "kind": "static", "model_id": "m", "settings_id": "s", "perturbation": "title"}
    rows = [
        {
            **keys,
            "status": status,
            "s": None if seen is None else (0.9 if seen else 0.1),
            "recognised": seen,
            "vr": share,
            "vi": None if share is None else 1 - share,
        }
        for seen, share in zip(recognised, vr, strict=True)
    ]
    numbers = dict.fromkeys(["s", "vr", "vi"], pl.Float64)
    return pl.DataFrame(rows, schema=dict.fromkeys([*keys, "status"], pl.String) | {"recognised": pl.Boolean} | numbers)


@pytest.mark.parametrize(("k", "n"), [(0, 5), (5, 5), (1, 50), (17, 50), (1, 1)])
def test_wilson_is_statsmodels(k: int, n: int) -> None:
    bounds = wilson(np.array([k]), np.array([n]))
    assert (bounds.low[0], bounds.high[0]) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-12)


def test_wilson_of_nothing_is_nothing() -> None:
    bounds = wilson(np.array([0]), np.array([0]))
    assert np.isnan(bounds.low[0]) and np.isnan(bounds.high[0])


def test_newcombe_is_statsmodels() -> None:
    bounds = newcombe(np.array([30]), np.array([50]), np.array([12]), np.array([40]))
    expected = confint_proportions_2indep(30, 50, 12, 40, method="newcomb", compare="diff")
    assert (bounds.low[0], bounds.high[0]) == pytest.approx(expected)


def test_crt_is_a_mean_and_its_interval_scipys() -> None:
    seen = (RNG.uniform(size=40) < 0.6).tolist()
    vr = (RNG.binomial(16, 0.4, size=40) / 16).tolist()
    (cell,) = cells(images(seen, vr), bootstrap=Bootstrap(resamples=20_000))
    kept = np.array(vr)[seen]
    assert cell.crt == pytest.approx(np.mean(seen) * (1 - kept.mean()))
    assert (cell.cra, cell.vr, cell.vi) == pytest.approx((np.mean(seen), kept.mean(), 1 - kept.mean()))
    parts = np.where(seen, 1 - np.array(vr), 0)
    options = {"n_resamples": 20_000, "rng": 1, "confidence_level": expanded_level(40, 0.95)}
    theirs = stats.bootstrap((parts,), np.mean, **options).confidence_interval
    assert (cell.crt_low, cell.crt_high) == pytest.approx((theirs.low, theirs.high), abs=0.01)
    options["confidence_level"] = expanded_level(len(kept), 0.95)
    theirs = stats.bootstrap((kept,), np.mean, **options).confidence_interval
    assert (cell.vr_low, cell.vr_high) == pytest.approx((theirs.low, theirs.high), abs=0.01)
    assert cell.vi_low == pytest.approx(1 - (cell.vr_high or 0))
    assert cell.reason is None


@pytest.mark.parametrize(
    ("recognised", "vr", "reason"),
    [
        ([None, None], [None, None], "not estimable: no image is scored"),
        ([False] * 8, [0.1] * 8, "VR and VI not estimable: no image is recognised"),
        ([True] * 8, [0.1] * 7 + [None], "CRT not estimable: a recognised image has no patch maxima"),
        ([True] * 4 + [False] * 4, [0.1] * 8, "VR and VI have no interval: 4 recognised images, at least 6 needed"),
        ([True] + [False] * 7, [0.1] * 8, "VR and VI have no interval: 1 recognised image, at least 6 needed"),
        ([True] * 8, [0.25] * 8, "VR and VI have no interval: VR is 0.25 for all 8 recognised images"),
    ],
)
def test_what_is_missing_says_why(recognised: list[bool | None], vr: list[float | None], reason: str) -> None:
    (cell,) = cells(images(recognised, vr))
    assert cell.reason == reason
    assert cell.vr_low is None or cell.crt is None


def test_none_recognised_bounds_crt_by_cra() -> None:
    (cell,) = cells(images([False] * 8, [0.1] * 8))
    assert (cell.cra, cell.crt, cell.crt_low) == (0, 0, 0)
    assert cell.crt_high == cell.cra_high == pytest.approx(proportion_confint(0, 8, method="wilson")[1])


def test_the_command_counts_what_is_not_measured(store: Store, wb: Callable[..., Outcome]) -> None:
    writes = [image("Q1", seed, s=0.9 if seed < 5 else 0.2, p=[0.7] * seed + [0.1] * (16 - seed)) for seed in range(9)]
    bad = [image("Q1", 10 + i, status=status) for i, status in enumerate(["blocked", "black", "failed", "failed"])]
    fill(store, reference("Q1"), reference("Q2", kind="dynamic"), *writes, *bad, image("Q1", 20), image("Q2", 0, s=0.9))
    outcome = wb("analyze", "cells", "--kind", "static", "--format", "json")
    assert outcome.code == 0, outcome.err
    (row,) = pl.read_json(outcome.out.encode()).to_dicts()
    assert list(row) == list(Cell.__annotations__)
    names = ["n_images", "n_blocked", "n_black", "n_failed", "n_unscored", "n", "n_recognised"]
    assert [row[name] for name in names] == [14, 1, 1, 2, 1, 9, 5]
    expected = store.sql("SELECT cra, vr, vi, crt FROM ref_scores() WHERE qid = 'Q1'").row(0)
    assert (row["cra"], row["vr"], row["vi"], row["crt"]) == pytest.approx(expected)


def test_nothing_scored_says_so(store: Store, wb: Callable[..., Outcome]) -> None:
    outcome = wb("analyze", "cells", "--format", "csv")
    assert outcome.err.startswith("no image is scored yet")
    assert outcome.out == ",".join(Cell.__annotations__) + "\n"
