"""``wb analyze correlations``: equal to what ``ref_scores()`` and scipy give, and clear about bad input."""

import io
from collections.abc import Callable

import polars as pl
import pytest
from scipy import stats

from tests.conftest import Outcome
from tests.tui.study import Plan, fill
from workbench.analysis.correlation import Correlation
from workbench.store import Store

Wb = Callable[..., Outcome]
BY_HAND = """
SELECT s.qid, s.kind, s.{measure} AS y, c.value AS x
FROM ref_scores(tau_static := 0.8, tau_dynamic := 0.6, tau_reuse := 0.5) AS s JOIN covariates AS c ON c.qid = s.qid
WHERE s.model_id = 'sdxl' AND s.perturbation = 'title' AND c.name = 'popularity' AND s.{measure} IS NOT NULL
"""


@pytest.fixture
def study(store: Store) -> Store:
    fill(store, Plan(refs=70, images=2, files=False))
    return store


def csv(outcome: Outcome) -> pl.DataFrame:
    assert outcome.code == 0, outcome.err
    return pl.read_csv(io.StringIO(outcome.out), infer_schema_length=None)


@pytest.mark.parametrize("measure", ["cra", "vi", "crt", "mean_s"])
@pytest.mark.parametrize("kind", ["static", "dynamic", "all"])
def test_it_is_scipy_over_what_sql_gives(study: Store, wb: Wb, measure: str, kind: str) -> None:
    thresholds = ["--tau-static", 0.8, "--tau-dynamic", 0.6, "--tau-reuse", 0.5, "--resamples", 200]
    found = csv(wb("analyze", "correlations", *thresholds, "--format", "csv"))
    key = (pl.col("covariate") == "popularity") & (pl.col("measure") == measure) & (pl.col("kind") == kind)
    row = found.filter(key & (pl.col("model_id") == "sdxl") & (pl.col("perturbation") == "title")).row(0, named=True)
    pairs = study.sql(BY_HAND.format(measure=measure))
    if kind != "all":
        pairs = pairs.filter(pl.col("kind") == kind)
    expected = stats.spearmanr(pairs["x"], pairs["y"])
    assert row["n"] == pairs.height > 3
    assert row["rho"] == pytest.approx(expected.statistic)
    assert row["p"] == pytest.approx(expected.pvalue)
    assert row["low"] < row["rho"] < row["high"]
    assert row["p"] <= row["p_adjusted"] <= 1
    assert row["tau_b"] == pytest.approx(stats.kendalltau(pairs["x"], pairs["y"]).statistic)


def test_options_narrow_it(study: Store, wb: Wb) -> None:
    found = csv(
        wb(
            "analyze",
            "correlations",
            "--model",
            "sd15",
            "--perturbation",
            "title",
            "--kind",
            "static",
            "--format",
            "csv",
        )
    )
    assert found["model_id"].unique().to_list() == ["sd15"]  # one model is not pooled
    assert found["perturbation"].unique().to_list() == ["title"]
    assert found["kind"].unique().to_list() == ["static"]
    assert set(found["covariate"]) == {"popularity", "training_frequency", "creation_date"}


@pytest.mark.parametrize(
    ("option", "name", "says"),
    [
        ("--model", "sd51", "did you mean sd15 or sdxl?"),
        ("--perturbation", "titles", "did you mean title?"),
        ("--encoder", "nonsense", "known: clip:openai/clip-vit-base-patch16@1a2b3c4d"),
        ("--patch-encoder", "nonsense", "known: timm:vit_base_patch16_dinov3@5e6f7a8b"),
    ],
)
def test_an_unknown_name_offers_others(study: Store, wb: Wb, option: str, name: str, says: str) -> None:
    outcome = wb("analyze", "correlations", option, name)
    assert outcome.code == 2
    assert says in outcome.err
    assert outcome.out == ""


def test_nothing_scored_says_so(store: Store, wb: Wb) -> None:
    fill(store, Plan(scored=0.0, files=False))
    outcome = wb("analyze", "correlations", "--format", "csv")
    assert outcome.err.startswith("nothing can be correlated yet")
    found = csv(outcome)
    assert found["rho"].null_count() == found.height > 0
    assert set(found["reason"]) == {"not estimable: n = 0, at least 3 needed"}


def test_no_image_at_all_prints_no_row(store: Store, wb: Wb) -> None:
    fill(store, Plan(generated=False))
    outcome = wb("analyze", "correlations", "--format", "csv")
    assert outcome.code == 0
    assert outcome.err.startswith("nothing can be correlated yet")
    assert outcome.out == ",".join(Correlation.__annotations__) + "\n"


def test_no_file(wb: Wb) -> None:
    outcome = wb("analyze", "correlations")
    assert outcome.code == 3
    assert "no database file" in outcome.err
