"""Logistic regression over clusters: equal to statsmodels over single images, and clear about what data do not fix."""

import warnings

import numpy as np
import pytest
import statsmodels.api as sm

from workbench.analysis import logistic

RNG = np.random.default_rng(21)


def clustered(refs: int = 25, models: int = 3, images: int = 6) -> dict[str, np.ndarray]:
    """Cells of references with a random intercept, two covariates, and a model that knows more."""
    covariates = RNG.normal(size=(refs, 2))
    groups = np.tile(np.arange(refs), models)
    factor = np.repeat(np.eye(models)[:, 1:], refs, axis=0)
    x = np.column_stack([np.ones(len(groups)), factor, covariates[groups]])
    eta = x @ np.array([-0.3, *[0.5] * (models - 1), 0.8, 0.0]) + RNG.normal(size=refs)[groups]
    n = RNG.integers(1, images + 1, size=len(groups)).astype(float)
    return {"x": x, "k": RNG.binomial(n.astype(int), 1 / (1 + np.exp(-eta))).astype(float), "n": n, "groups": groups}


def single_images(cells: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Seen or not, terms and group of every image."""
    at = np.repeat(np.arange(len(cells["n"])), cells["n"].astype(int))
    place = np.concatenate([np.arange(n) for n in cells["n"]])
    return (place < cells["k"][at]).astype(float), cells["x"][at], cells["groups"][at]


def test_it_is_statsmodels_gee_over_single_images() -> None:
    cells = clustered()
    ours = logistic.fit(**cells)
    seen, x, groups = single_images(cells)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.GEE(seen, x, groups=groups, family=sm.families.Binomial(), cov_struct=sm.cov_struct.Independence())
        theirs = model.fit(cov_type="bias_reduced", maxiter=200, ctol=1e-12)
    assert ours.estimable.all()
    assert ours.clusters == 25
    assert ours.coefficients == pytest.approx(theirs.params, abs=1e-6)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(theirs.bse, rel=1e-5)


def test_coefficients_are_statsmodels_glm_of_k_of_n() -> None:
    cells = clustered(refs=60)
    theirs = sm.GLM(np.column_stack([cells["k"], cells["n"] - cells["k"]]), cells["x"], family=sm.families.Binomial())
    ours = logistic.maximum_likelihood(cells["x"], cells["k"], cells["n"])
    assert ours == pytest.approx(theirs.fit(tol=1e-12).params, abs=1e-6)


def test_a_model_that_knows_nothing_leaves_the_others_as_they_are() -> None:
    cells = clustered(models=3)
    nothing = cells["x"][:, 2] == 1
    cells["k"][nothing] = 0
    told = logistic.fit(**cells)
    assert told.estimable.tolist() == [True, True, False, True, True]
    assert np.array_equal(told.separated, nothing)
    alone = logistic.fit(
        cells["x"][~nothing][:, [0, 1, 3, 4]], cells["k"][~nothing], cells["n"][~nothing], cells["groups"][~nothing]
    )
    assert told.coefficients[told.estimable] == pytest.approx(alone.coefficients)
    kept = np.ix_(told.estimable, told.estimable)
    assert told.covariance[kept] == pytest.approx(alone.covariance)


def test_a_covariate_that_tells_without_exception_is_found() -> None:
    cells = clustered(refs=40)
    known = cells["x"][:, 3] > 0
    cells["k"] = np.where(known, cells["n"], 0.0)
    assert logistic.separation(cells["x"], cells["k"], cells["n"]).all()
    assert not logistic.fit(**cells).estimable.any()
    cells["k"][:2] = cells["n"][:2] - cells["k"][:2]  # two cells of the first model on the wrong side
    told = logistic.fit(**cells)
    assert not told.separated.all()


def test_no_separation_is_seen_where_there_is_none() -> None:
    cells = clustered()
    assert not logistic.separation(cells["x"], cells["k"], cells["n"]).any()


def test_terms_that_determine_one_another_have_no_coefficient_and_the_others_do() -> None:
    cells = clustered()
    twice = {**cells, "x": np.column_stack([cells["x"], 2 * cells["x"][:, 4]])}
    told, once = logistic.fit(**twice), logistic.fit(**cells)
    assert told.estimable.tolist() == [True, True, True, True, False, False]
    assert told.coefficients[:4] == pytest.approx(once.coefficients[:4])
    assert told.covariance[:4, :4] == pytest.approx(once.covariance[:4, :4])


def test_what_hangs_on_one_reference_has_no_coefficient() -> None:
    cells = clustered()
    alone = (cells["groups"] == 3).astype(float)
    told = logistic.fit(**{**cells, "x": np.column_stack([cells["x"], alone])})
    assert told.estimable.tolist() == [True] * 5 + [False]
    assert np.isfinite(told.covariance).all()
