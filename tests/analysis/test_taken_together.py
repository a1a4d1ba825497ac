"""Which covariates a model takes in together: none that is unknown for the references that nobody wrote of."""

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.analysis.drawing import long_frame
from tests.conftest import Outcome
from tests.tui.study import Plan, fill
from workbench.analysis.blocks import Fact, taken_together
from workbench.analysis.confounding import collinearity, partial_correlations
from workbench.analysis.recognition import regressions
from workbench.analysis.resampling import Bootstrap
from workbench.store import Store

Wb = Callable[..., Outcome]
RNG = np.random.default_rng(5)
FAST = Bootstrap(resamples=300)


def counted(n: int = 40) -> dict[str, np.ndarray]:
    """Half of the references are in no caption, so that the share of corroborated captions is unknown."""
    popularity = RNG.normal(size=n)
    frequency = np.where(np.arange(n) % 2 == 0, 0.0, np.exp(popularity + RNG.normal(size=n)))
    share = np.where(frequency > 0, RNG.uniform(size=n), np.nan)
    y = popularity + RNG.normal(size=n)
    return {"popularity": popularity, "training_frequency": frequency, "corroborated_share": share, "y": y}


def test_a_share_of_nothing_is_not_held() -> None:
    data = counted()
    shareless = {name: column for name, column in data.items() if name != "corroborated_share"}
    with_it = partial_correlations(long_frame(data, {"m": data["y"]}), ["all"], bootstrap=FAST)
    without = partial_correlations(long_frame(shareless, {"m": data["y"]}), ["all"], bootstrap=FAST)
    others = [replace(c, p_adjusted=None, family=0) for c in with_it if c.covariate != "corroborated_share"]
    assert others == [replace(c, p_adjusted=None, family=0) for c in without]
    assert {c.n for c in without} == {40}
    assert {c.n for c in with_it if c.covariate == "corroborated_share"} == {20}
    pairs = collinearity(long_frame(data, {"m": data["y"]}), ["all"], bootstrap=FAST)
    assert {(p.covariate, p.other) for p in pairs} == {
        ("popularity", "training_frequency"),
        ("training_frequency", "popularity"),
    }


def test_it_is_held_where_it_is_named() -> None:
    data, names = counted(), ["training_frequency", "corroborated_share:given"]
    frame = long_frame(data, {"m": data["y"]})
    found = partial_correlations(frame, ["all"], covariates=names, bootstrap=FAST)
    assert {(c.covariate, c.controls, c.n) for c in found} == {
        ("training_frequency", "corroborated_share (given)", 20),
        ("corroborated_share", "training_frequency (given)", 20),
    }
    assert {p.n for p in collinearity(frame, ["all"], covariates=names, bootstrap=FAST)} == {20}
    assert collinearity(frame, ["all"], covariates=names[:1]) == []


def test_the_regression_keeps_the_references_of_no_caption() -> None:
    data = counted()
    cells = [(f"Q{i}", "static", "m", "s", "title", 10, int(RNG.integers(0, 10)), 0) for i in range(40)]
    texts = dict.fromkeys(["qid", "kind", "model_id", "settings_id", "perturbation"], pl.String)
    counts = dict.fromkeys(["n", "n_recognised", "n_excluded"], pl.Int64)
    frame = pl.DataFrame(cells, schema=texts | counts, orient="row")
    facts = long_frame(data, {"m": data["y"]}).select("qid", "covariate", "method", "value")
    (all_of_them,) = regressions(frame, facts, ["static"])
    assert (all_of_them.told.n_refs, all_of_them.told.n_refs_dropped) == (40, 0)
    (named,) = regressions(frame, facts, ["static"], covariates=["corroborated_share"])
    assert (named.told.n_refs, named.told.dropped) == (20, "20 without corroborated_share")


def test_each_covariate_is_taken_by_the_method_that_most_have() -> None:
    few, most = np.array([1.0, np.nan]), np.array([1.0, 2.0])
    facts = {Fact("a", "x"): few, Fact("a", "y:z"): most, Fact("b", "x"): few}
    assert taken_together(facts) == [Fact("a", "y:z"), Fact("b", "x")]
    assert taken_together(facts, ["b", "a:x", "a:y:z"]) == [Fact("b", "x"), Fact("a", "x"), Fact("a", "y:z")]
    assert taken_together(facts, ["c"]) == []


@pytest.fixture
def study(store: Store) -> Store:
    fill(store, Plan(refs=20, images=2, files=False))
    return store


def test_commands_take_the_covariates_that_are_named(study: Store, wb: Wb) -> None:
    options = ["--covariate", "popularity", "--covariate", "creation_date:year", "--kind", "all", "--format", "json"]
    for command in ("partial", "collinearity"):
        outcome = wb("analyze", command, *options, "--resamples", 200)
        assert outcome.code == 0, outcome.err
        assert {row["covariate"] for row in json.loads(outcome.out)} == {"popularity", "creation_date"}


@pytest.mark.parametrize("command", ["partial", "collinearity", "recognition", "frequency"])
def test_a_covariate_that_the_study_lacks_is_refused(study: Store, wb: Wb, command: str) -> None:
    outcome = wb("analyze", command, "--covariate", "popularty")
    assert outcome.code == 2
    assert outcome.err.startswith("wb: no covariate named 'popularty'; did you mean popularity")
    assert outcome.out == ""


def test_what_is_there_and_not_estimable_is_not_called_missing(study: Store, wb: Wb) -> None:
    options = ["--model", "sd15", "--perturbation", "title", "--kind", "static", "--resamples", 200]
    outcome = wb("analyze", "partial", *options, "--covariate", "popularity")
    assert outcome.err == "nothing can be estimated yet: the column reason says why\n"
    assert "there is no other covariate to hold" in outcome.out
    outcome = wb("analyze", "recognition", *options, "--show", "calibration")
    assert outcome.err.endswith("static: not estimable: 7 references, at least 14 needed for 4 coefficients\n")
    assert "it takes scored images" not in outcome.err
