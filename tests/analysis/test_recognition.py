"""The regression of recognition: odds ratios that a simulation knows, diagnostics, and reasons."""

import io
import json
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from tests.conftest import Outcome
from workbench.analysis import logistic
from workbench.analysis.discrimination import discriminate
from workbench.analysis.goodness import auc_interval, calibration, fit, residual_correlation, weighted_auc
from workbench.analysis.recognition import OddsRatio, Regression, odds_ratios, regressions
from workbench.analysis.resampling import Bootstrap
from workbench.store import Store

Wb = Callable[..., Outcome]
FAST = Bootstrap(resamples=300)


def bridge(rng: np.random.Generator, n: int, phi: float) -> np.ndarray:
    """Random intercepts under which marginal log odds are phi times those of a reference (Wang and Louis 2003)."""
    u = rng.uniform(size=n)
    found: np.ndarray = np.log(np.sin(phi * np.pi * u) / np.sin(phi * np.pi * (1 - u))) / phi
    return found


def study(
    rng: np.random.Generator, refs: int = 60, *, images: int = 10, models: tuple[str, ...] = ("a", "b"), own: float = 0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cells and covariates. Marginal log odds: b 0.5 above a, other words 0.7 below, popularity 0.8, date none.

    Args:
        rng: draws.
        refs: references, every third of them dynamic.
        images: per cell.
        models: their names.
        own: standard deviation of what each model knows of each reference beside.
    """
    popularity = rng.normal(size=refs)
    date = 1800 + 100 * (0.6 * popularity + 0.8 * rng.normal(size=refs))
    intercept, rows = bridge(rng, refs, 0.7), []
    z = (popularity - popularity.mean()) / popularity.std(ddof=1)
    for model in models:
        for condition, drop in (("title", 0.0), ("synonym", 0.7)):
            marginal = -0.4 + (0.5 if model == "b" else 0) - drop + 0.8 * z
            eta = marginal / 0.7 + intercept + own * rng.normal(size=refs)
            seen = rng.binomial(images, 1 / (1 + np.exp(-eta)))
            for i in range(refs):
                kind = "dynamic" if i % 3 == 0 else "static"
                rows.append((f"Q{i}", kind, model, "s", condition, images, int(seen[i])))
    texts = dict.fromkeys(["qid", "kind", "model_id", "settings_id", "perturbation"], pl.String)
    cells = pl.DataFrame(rows, schema=texts | dict.fromkeys(["n", "n_recognised"], pl.Int64), orient="row")
    cells = cells.with_columns(n_excluded=pl.lit(1))
    return cells, facts(popularity=popularity, date=date)


def facts(**columns: np.ndarray) -> pl.DataFrame:
    """Rows of query ``covariate_values``."""
    rows = [
        (f"Q{i}", name, "given", float(v)) for name, c in columns.items() for i, v in enumerate(c) if np.isfinite(v)
    ]
    names = dict.fromkeys(["qid", "covariate", "method"], pl.String)
    return pl.DataFrame(rows, schema=names | {"value": pl.Float64}, orient="row")


def told(found: Sequence[Regression]) -> dict[str, OddsRatio]:
    """Odds ratios by term, and level where it is a factor."""
    return {r.term if not r.against else f"{r.term} {r.level}": r for r in odds_ratios(found)}


def test_intervals_cover_the_coefficients_that_images_were_drawn_with() -> None:
    rng = np.random.default_rng(31)
    truth = {"model b": 0.5, "perturbation synonym": -0.7, "popularity": 0.8, "date": 0.0}
    covered, images_alone, studies = dict.fromkeys(truth, 0), 0, 400
    estimates = []
    for _ in range(studies):
        cells, covariates = study(rng, 40)
        found = told(regressions(cells, covariates, ["all"]))
        for name, value in truth.items():
            low, high = found[name].low, found[name].high
            assert low is not None and high is not None
            covered[name] += low <= np.exp(value) <= high
        estimates.append(np.log(found["popularity"].odds_ratio or np.nan))
        # As if every image were a reference of its own.
        x, k, n = simple(cells, covariates)
        beta = logistic.maximum_likelihood(x, k, n)
        mu = 1 / (1 + np.exp(-x @ beta))
        error = np.sqrt(np.linalg.inv((x * (n * mu * (1 - mu))[:, None]).T @ x)[1, 1])
        images_alone += abs(beta[1] - 0.8) < 1.96 * error
    for name, hits in covered.items():
        assert hits / studies == pytest.approx(0.95, abs=0.02), name
    assert np.mean(estimates) == pytest.approx(0.8, abs=0.05)
    assert images_alone / studies < 0.75


def simple(cells: pl.DataFrame, covariates: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Popularity and the two factors, as columns."""
    values = covariates.filter(pl.col("covariate") == "popularity").select("qid", "value")
    rows = cells.join(values, on="qid", maintain_order="left")
    z = stats.zscore(values["value"].to_numpy(), ddof=1)[[int(q[1:]) for q in rows["qid"]]]
    factors = [(rows["model_id"] == "b").to_numpy(), (rows["perturbation"] == "synonym").to_numpy()]
    x = np.column_stack([np.ones(rows.height), z, *factors]).astype(float)
    return x, rows["n_recognised"].to_numpy().astype(float), rows["n"].to_numpy().astype(float)


def test_with_many_references_it_finds_them_whatever_models_know_besides() -> None:
    cells, covariates = study(np.random.default_rng(32), 4000, images=20, own=0.5)
    found = told(regressions(cells, covariates, ["all"]))
    # What models know besides flattens the margin further: by about (1 + 0.346 sd²) ** 0.5.
    flat = (1 + 0.346 * 0.25 * 0.5) ** -0.5
    assert np.log(found["popularity"].odds_ratio or np.nan) == pytest.approx(0.8 * flat, abs=0.05)
    assert np.log(found["model b"].odds_ratio or np.nan) == pytest.approx(0.5 * flat, abs=0.03)
    assert np.log(found["perturbation synonym"].odds_ratio or np.nan) == pytest.approx(-0.7 * flat, abs=0.03)


def test_terms_families_and_diagnostics() -> None:
    rng = np.random.default_rng(33)
    cells, covariates = study(rng, 90, own=1.0)
    counts = rng.poisson(np.exp(rng.normal(2, 1.5, size=90))).astype(float)
    counts[:8] = np.nan
    counts[8:12] = 0
    found = regressions(cells, pl.concat([covariates, facts(frequency=counts)]))
    terms = [(r.term, r.level, r.against) for r in odds_ratios(found) if r.kind == "all"]
    assert terms == [
        ("kind", "dynamic", "static"),
        ("perturbation", "synonym", "title"),
        ("model", "b", "a"),
        ("date", "given", ""),
        ("frequency", "given", ""),
        ("popularity", "given", ""),
    ]
    assert {r.family for r in odds_ratios(found)} == {3, 2} | {3}
    frequency = next(r for r in odds_ratios(found) if r.term == "frequency" and r.kind == "all")
    assert frequency.scale == "log1p"
    assert frequency.unit == pytest.approx(np.log1p(counts[8:]).std(ddof=1))
    assert [one.told.kind for one in found] == ["static", "dynamic", "all"]
    whole = fit(found[-1], FAST)
    assert (whole.n_refs, whole.n_refs_dropped, whole.dropped) == (82, 8, "8 without frequency")
    assert (whole.n_cells, whole.n, whole.n_terms) == (82 * 4, 82 * 40, 7)
    assert whole.n_excluded == 90 * 4
    assert whole.held_out_low is not None and whole.held_out_high is not None
    assert whole.icc is not None and 0.05 < whole.icc < 0.5
    assert whole.dispersion is not None and whole.dispersion > 2
    assert whole.auc is not None and whole.auc_held_out is not None
    assert 0.55 < whole.held_out_low < whole.auc_held_out < whole.held_out_high
    assert whole.auc_held_out < whole.auc < 0.85
    assert whole.max_vif is not None and 1.2 < whole.max_vif < 3
    bands = calibration(found[-1], FAST)
    assert [c.band for c in bands] == list(range(1, 11))
    assert sum(c.n for c in bands) == whole.n
    assert sum(c.low is not None and c.high is not None and c.low <= c.predicted <= c.high for c in bands) >= 7


def test_only_the_covariates_that_are_asked_for() -> None:
    cells, covariates = study(np.random.default_rng(34))
    other = covariates.filter(pl.col("covariate") == "date").with_columns(method=pl.lit("guessed")).head(50)
    both = pl.concat([covariates, other])
    one = regressions(cells, both, ["all"], covariates=["date:guessed"])
    assert [(r.term, r.level) for r in odds_ratios(one) if not r.against] == [("date", "guessed")]
    assert one[0].told.n_refs == 50
    by_name = regressions(cells, both, ["all"], covariates=["date"])
    assert [(r.term, r.level) for r in odds_ratios(by_name) if not r.against] == [("date", "given")]


def nothing_of_b(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_columns(n_recognised=pl.when(pl.col("model_id") == "b").then(0).otherwise("n_recognised"))


def test_what_is_not_estimable_says_why_and_the_rest_is_fitted() -> None:
    cells, covariates = study(np.random.default_rng(35))
    popularity = covariates.filter(pl.col("covariate") == "popularity")["value"].to_numpy()
    more = pl.concat([covariates, facts(twice=2 * popularity, constant=np.full(60, 3.0), none=np.full(60, np.nan))])
    elsewhere = pl.DataFrame({"qid": ["Q999"], "covariate": ["absent"], "method": ["given"], "value": [1.0]})
    found = regressions(nothing_of_b(cells), pl.concat([more, elsewhere]), ["all"])
    terms = told(found)
    assert terms["model b"].reason == "not estimable: none of the 1200 images of b is recognised"
    assert terms["twice"].reason == terms["popularity"].reason == "not estimable: the other terms determine it"
    assert terms["constant"].reason == "not estimable: it is 3 for all 60 references"
    assert terms["absent"].reason == "not estimable: no reference has it"
    assert "none" not in terms
    assert terms["date"].odds_ratio is not None and terms["date"].reason is None
    assert terms["model b"].odds_ratio is None and terms["model b"].p is None
    assert fit(found[0], FAST).n_separated == 120


def test_a_condition_of_few_references_is_left_out() -> None:
    cells, covariates = study(np.random.default_rng(36))
    few = cells.filter(pl.col("qid").is_in(["Q1", "Q2"])).with_columns(perturbation=pl.lit("literal"))
    found = regressions(pl.concat([cells, few]), covariates, ["all"])
    assert told(found)["perturbation synonym"].odds_ratio == pytest.approx(
        told(regressions(cells, covariates, ["all"]))["perturbation synonym"].odds_ratio
    )
    (barred,) = [r for r in odds_ratios(found) if r.level == "literal"]
    assert barred.reason == "not estimable: 2 references with images of it, at least 6 needed"


@pytest.mark.parametrize(
    ("seen", "refs", "reason"),
    [
        (0, 60, "not estimable: none of the 2400 images is recognised"),
        (10, 60, "not estimable: all 2400 images are recognised"),
        (5, 1, "not estimable: 1 reference, at least 13 needed for 3 coefficients"),
    ],
)
def test_no_regression_says_why(seen: int, refs: int, reason: str) -> None:
    cells, covariates = study(np.random.default_rng(37), 60)
    cells = cells.filter(pl.col("qid").is_in([f"Q{i}" for i in range(refs)]))
    found = regressions(cells.with_columns(n_recognised=pl.lit(seen)), covariates)
    assert {fit(one, FAST).reason for one in found if one.told.kind == "all"} == {reason}
    assert {r.reason for r in odds_ratios(found) if r.kind == "all" and r.against} == {reason}
    assert all(r.odds_ratio is None for r in odds_ratios(found))
    assert [calibration(one, FAST) for one in found] == [[]] * len(found)


def test_no_reference_with_all_covariates() -> None:
    cells, covariates = study(np.random.default_rng(38))
    halves = covariates.filter((pl.col("covariate") == "date") == (pl.col("qid").str.tail(1).cast(pl.Int8) < 5))
    found = regressions(cells, halves, ["all"])
    assert found[0].reason == (
        "not estimable: no reference has all covariates (30 without date, 30 without popularity)"
    )


def test_auc_of_cells_is_scikit_learns_of_images() -> None:
    rng = np.random.default_rng(39)
    scores, n = np.round(rng.uniform(size=50), 1), rng.integers(1, 8, size=50)
    k = rng.binomial(n, scores)
    images = np.repeat(np.arange(50), n)
    seen = np.concatenate([np.arange(m) < s for m, s in zip(n, k, strict=True)])
    assert weighted_auc(scores, k, n) == pytest.approx(roc_auc_score(seen, scores[images]))
    assert np.isnan(weighted_auc(scores, n, n))


def test_the_interval_of_an_auc_is_that_of_single_images() -> None:
    rng = np.random.default_rng(41)
    scores, groups = np.round(rng.uniform(size=90), 1), np.repeat(np.arange(30), 3)
    n = np.full(90, 4)
    k = rng.binomial(n, 0.2 + 0.6 * scores)
    images = np.repeat(np.arange(90), n)
    seen = np.concatenate([np.arange(4) < s for s in k])
    names = [str(groups[at]) for at in images]
    (theirs,) = discriminate({"s": scores[images]}, seen, names, Bootstrap())
    ours = auc_interval(scores, k.astype(float), n.astype(float), groups, Bootstrap())
    assert (ours.low, ours.high) == pytest.approx((theirs.auc_low, theirs.auc_high), abs=0.02)


def test_the_correlation_of_residuals_is_that_of_the_draws() -> None:
    rng = np.random.default_rng(40)
    chance = rng.beta(2, 2, size=20_000)  # two images of a reference correlate by 1 / (2 + 2 + 1)
    k, n = rng.binomial(5, chance).astype(float), np.full(20_000, 5.0)
    found = residual_correlation(k, n, np.full(20_000, 0.5), np.arange(20_000))
    assert found == pytest.approx(0.2, abs=0.01)
    assert np.isnan(residual_correlation(np.array([1.0, 0.0]), np.ones(2), np.full(2, 0.5), np.arange(2)))


@pytest.mark.parametrize("show", ["odds-ratios", "fit", "calibration"])
def test_the_command_gives_each_table(measured: Store, wb: Wb, show: str) -> None:
    options = ["--kind", "all", "--covariate", "popularity", "--resamples", 200, "--format", "json"]
    outcome = wb("analyze", "recognition", "--db", measured.path, "--show", show, *options)
    assert outcome.code == 0, outcome.err
    rows = json.loads(outcome.out)
    if show == "odds-ratios":
        assert [r["term"] for r in rows] == ["perturbation", "model", "popularity", "kind"]
        assert all(r["low"] < r["odds_ratio"] < r["high"] and r["n_refs"] == 20 for r in rows[:3])
        assert outcome.err == (
            "all: 8 references left out (4 without popularity, 4 of a kind, model or condition that too few have); "
            "see --covariate\n"
        )
        assert rows[3]["reason"] == "not estimable: 4 references with images of it, at least 6 needed"
    elif show == "fit":
        assert [(r["n_refs"], r["dropped"]) for r in rows] == [
            (20, "4 without popularity, 4 of a kind, model or condition that too few have")
        ]
    else:
        assert len(rows) == 10


def test_the_command_offers_covariates(measured: Store, wb: Wb) -> None:
    outcome = wb("analyze", "recognition", "--db", measured.path, "--covariate", "popularty")
    assert outcome.code == 2
    assert "no covariate named 'popularty'; did you mean popularity" in outcome.err
    assert outcome.out == ""


def test_nothing_scored_says_so(store: Store, wb: Wb) -> None:
    outcome = wb("analyze", "recognition", "--format", "csv")
    assert outcome.err.startswith("nothing to tell: it takes scored images")
    assert pl.read_csv(io.StringIO(outcome.out)).columns == list(OddsRatio.__annotations__)
