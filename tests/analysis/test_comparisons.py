"""Perturbations and models, paired within reference: equal to scipy and pingouin, and clear where nothing differs."""

import warnings
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tests.analysis.drawing import ref_frame
from tests.conftest import Outcome
from workbench.analysis.models import ModelDifference, ModelPlace, model_differences, model_places
from workbench.analysis.paired import paired, signed_rank_p
from workbench.analysis.perturbations import perturbation_effects, retentions, survival
from workbench.analysis.resampling import Bootstrap, expanded_level
from workbench.store import Store

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pingouin

RNG = np.random.default_rng(8)
FAST = Bootstrap(resamples=500)


def test_a_paired_comparison_is_scipys_and_pingouins() -> None:
    a = RNG.uniform(size=60)
    b = a - np.abs(RNG.normal(0.2, 0.2, size=60)) + 0.1
    a[3], b[7] = np.nan, np.nan
    both = np.isfinite(a) & np.isfinite(b)
    result = paired(a, b, Bootstrap(resamples=10_000))
    assert result.n == 58
    assert result.difference == pytest.approx((b - a)[both].mean())
    assert result.p == pytest.approx(stats.wilcoxon(np.round((b - a)[both], 12), method="exact").pvalue)
    expected = pingouin.wilcoxon(b[both], a[both])
    assert result.effect == pytest.approx(expected["RBC"].iloc[0])
    options = {"n_resamples": 10_000, "rng": 1, "confidence_level": expanded_level(58, 0.95)}
    theirs = stats.bootstrap(((b - a)[both],), np.mean, **options).confidence_interval
    assert (result.low, result.high) == pytest.approx((theirs.low, theirs.high), abs=0.01)


@pytest.mark.parametrize("decimals", [1, 6])
@pytest.mark.parametrize("n", [2, 4, 9])
def test_the_signed_rank_test_is_scipys_over_all_signs(n: int, decimals: int) -> None:
    difference = np.round(RNG.normal(0.4, 1, size=n), decimals)
    difference[difference == 0] = 0.1
    every_sign = stats.PermutationMethod(n_resamples=10_000)
    assert signed_rank_p(difference) == pytest.approx(stats.wilcoxon(difference, method=every_sign).pvalue)
    if decimals == 6:
        assert signed_rank_p(difference) == pytest.approx(stats.wilcoxon(difference, method="exact").pvalue)


def test_the_signed_rank_test_of_a_hundred_is_exact_and_of_more_is_near() -> None:
    many = RNG.normal(0.2, 1, size=101)
    assert signed_rank_p(many[:100]) == pytest.approx(stats.wilcoxon(many[:100], method="exact").pvalue)
    assert signed_rank_p(many) == pytest.approx(stats.wilcoxon(many, method="exact").pvalue, abs=0.005)
    assert signed_rank_p(np.array([0.3])) == 1
    assert signed_rank_p(np.zeros(9)) is None


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ([], [], "not estimable: 0 references with both, at least 2 needed"),
        ([1.0, np.nan], [1.0, 2.0], "not estimable: 1 reference with both, at least 2 needed"),
        ([0.5] * 8, [0.5] * 8, "no test: the two are the same for all 8"),
        ([0.5] * 8, [0.7] * 8, "no interval: too little variation among the 8 references"),
        ([0.5, 0.1, 0.2], [0.7, 0.3, 0.1], "no interval: 3 references, at least 6 needed"),
    ],
)
def test_what_cannot_be_compared_says_why(a: list[float], b: list[float], reason: str) -> None:
    result = paired(np.array(a), np.array(b), FAST)
    assert result.reason == reason
    assert result.low is None


def test_perturbations_are_compared_with_the_title_within_reference() -> None:
    title = RNG.uniform(0.5, 1, size=30)
    frame = ref_frame({("m", "title"): title, ("m", "synonym"): title - 0.3 * RNG.uniform(size=30)})
    found = {(e.kind, e.measure): e for e in perturbation_effects(frame, bootstrap=FAST)}
    assert set(found) == {(kind, m) for kind in ("static", "all") for m in ("cra", "vi", "crt", "mean_s")}
    cra = found["all", "cra"]
    assert cra.effect == -1
    assert cra.high is not None and cra.high < 0
    assert cra.p is not None and cra.p_adjusted is not None and cra.p <= cra.p_adjusted
    assert (cra.n, cra.n_missing, cra.family) == (30, 0, 4)
    assert not perturbation_effects(frame.filter(pl.col("perturbation") == "title"))


def test_verdicts_follow_wilson_against_half_of_the_title() -> None:
    images = 50
    frame = ref_frame(
        {("m", "title"): np.array([1.0, 1.0, 1.0, 0.0]), ("m", "synonym"): np.array([0.96, 0.1, 0.5, 0.0])}, n=images
    )
    assert [r.verdict for r in retentions(frame)] == ["kept", "lost", "undecided", "never"]
    assert [r.verdict for r in retentions(frame.with_columns(n=pl.lit(2), n_recognised=pl.lit(1)))] == ["undecided"] * 4


def test_survival_falls_with_the_words_that_are_substituted() -> None:
    rows = [
        (f"Q{i}", "a", "static", "m", "s", words, 10, k)
        for i in range(8)
        for words, k in [(0, 10 if i else 0), (1, 6), (2, 3)]
    ]
    names = ["qid", "label", "kind", "model_id", "settings_id", "n_substituted", "n", "n_recognised"]
    found = survival(pl.DataFrame(rows, schema=names, orient="row"), ["all"], bootstrap=FAST)
    assert [(s.n_substituted, s.n, s.survival) for s in found] == [(0, 7, 1), (1, 7, 1), (2, 7, 0)]
    assert [s.retained for s in found] == pytest.approx([1, 0.6, 0.3])


def test_models_are_compared_over_the_references_that_both_have() -> None:
    y = RNG.uniform(size=20)
    worse = np.where(np.arange(20) < 4, np.nan, y - 0.2)
    frame = ref_frame({("a", "title"): y, ("b", "title"): worse, ("c", "literal"): y})
    found = [d for d in model_differences(frame, ["all"], bootstrap=FAST) if d.measure == "cra"]
    (one,) = found
    assert (one.model_a, one.model_b, one.n, one.n_missing) == ("a", "b", 16, 4)
    assert one.difference == pytest.approx(-0.2)
    assert one.mean_a == pytest.approx(y[4:].mean())
    assert one.reason == "no interval: too little variation among the 16 references"
    places = {(p.model_id, p.perturbation): p for p in model_places(frame, ["all"], bootstrap=FAST)}
    assert len(places) == 3
    place = places["a", "title"]
    assert place.cra == pytest.approx(y.mean())
    assert place.n_excluded == 20
    assert place.cra_low is not None and place.cra_high is not None
    assert place.cra_low < place.cra < place.cra_high


def test_a_model_that_recognises_nothing_has_a_place_with_a_reason() -> None:
    frame = ref_frame({("a", "title"): np.zeros(8)}).with_columns(vi=pl.lit(None, dtype=pl.Float64))
    (place,) = model_places(frame, ["all"], bootstrap=FAST)
    assert (place.cra, place.vi, place.n_realised) == (0, None, 0)
    assert place.reason is not None and "vi: not estimable: no reference has it" in place.reason


@pytest.mark.parametrize("show", ["effects", "references", "survival"])
def test_the_command_of_perturbations(measured: Store, wb: Callable[..., Outcome], show: str) -> None:
    options = ["--perturbation", "synonym", "--resamples", 200, "--format", "json", "--db", measured.path]
    outcome = wb("analyze", "perturbations", "--show", show, *options)
    assert outcome.code == 0, outcome.err
    frame = pl.read_json(outcome.out.encode())
    assert frame.height > 0
    assert set(frame["model_id"]) == {"sd15", "sdxl"}
    if show == "references":
        assert set(frame["kind"]) == {"static", "dynamic"}
        assert frame.height == 2 * 28
    elif show == "survival":
        assert set(frame["n_substituted"]) == {0, 1, 2}


@pytest.mark.parametrize(("show", "record"), [("differences", ModelDifference), ("plane", ModelPlace)])
def test_the_command_of_models(measured: Store, wb: Callable[..., Outcome], show: str, record: type) -> None:
    options = ["--resamples", 200, "--format", "json", "--db", measured.path]
    outcome = wb("analyze", "models", "--show", show, *options)
    assert outcome.code == 0, outcome.err
    frame = pl.read_json(outcome.out.encode())
    assert frame.columns == list(record.__annotations__)
    places = measured.sql("SELECT avg(cra) FROM ref_scores() WHERE model_id = 'sd15' AND perturbation = 'title'")
    if show == "plane":
        chosen = frame.filter(
            (pl.col("model_id") == "sd15") & (pl.col("perturbation") == "title") & (pl.col("kind") == "all")
        )
        assert chosen["cra"][0] == pytest.approx(places.item())


@pytest.mark.parametrize("command", [["perturbations"], ["perturbations", "--show", "survival"], ["models"]])
def test_nothing_to_compare_says_so(store: Store, wb: Callable[..., Outcome], command: list[str]) -> None:
    outcome = wb("analyze", *command, "--format", "csv")
    assert outcome.code == 0
    assert outcome.err.startswith("nothing to compare")
    assert len(outcome.out.splitlines()) == 1
