"""AUC, average precision and kappa: equal to scikit-learn and statsmodels, paired, clear where a class is missing."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import average_precision_score, cohen_kappa_score, roc_auc_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from tests.conftest import Outcome
from workbench.analysis.agreement import Agreement, agreements, label_tasks
from workbench.analysis.discrimination import Curve, auc_differences, discriminate
from workbench.analysis.resampling import Bootstrap
from workbench.store import Store

RNG = np.random.default_rng(12)
FAST = Bootstrap(resamples=400)


def labelled(n: int = 200) -> tuple[np.ndarray, np.ndarray, list[str]]:
    positive = RNG.uniform(size=n) < 0.4
    return np.round(positive + RNG.normal(size=n), 1), positive, [f"Q{i // 5}" for i in range(n)]


def test_a_curve_is_scikit_learns_under_any_weights() -> None:
    scores, positive, _ = labelled()
    curve = Curve(scores, positive)
    weights = RNG.integers(0, 4, size=(6, 200)).astype(float)
    weights[0] = 1
    for w in weights:
        expected = roc_auc_score(positive, scores, sample_weight=w)
        assert curve.auc(w[None])[0] == pytest.approx(expected)
        expected = average_precision_score(positive, scores, sample_weight=w)
        assert curve.average_precision(w[None])[0] == pytest.approx(expected)


def test_a_resample_without_a_class_is_undefined() -> None:
    curve = Curve(np.array([1.0, 2.0]), np.array([True, False]))
    assert np.isnan(curve.auc(np.array([[2.0, 0.0]]))[0])
    assert np.isnan(curve.average_precision(np.array([[2.0, 0.0]]))[0])
    assert np.isnan(curve.auc(np.array([[0.0, 2.0]]))[0])


def test_scores_have_intervals_and_their_base_rate() -> None:
    scores, positive, groups = labelled()
    (found,) = discriminate({"s": scores}, positive, groups, FAST)
    assert found.auc_low is not None and found.auc_high is not None and found.auc is not None
    assert found.auc_low < found.auc < found.auc_high
    assert found.base_rate == pytest.approx(positive.mean())
    assert (found.n_positive, found.n_negative, found.n_refs) == (positive.sum(), (~positive).sum(), 40)


def test_pairing_makes_the_difference_surer_than_its_parts() -> None:
    scores, positive, groups = labelled()
    near = scores + 0.05 * RNG.normal(size=200)
    (found,) = auc_differences({"s": scores, "near": near}, positive, groups, FAST)
    parts = discriminate({"s": scores, "near": near}, positive, groups, FAST)
    assert found.low is not None and found.high is not None
    widths = [(p.auc_high or 9) - (p.auc_low or 0) for p in parts]
    assert found.high - found.low < 0.5 * min(widths)
    (worse,) = auc_differences({"s": scores, "noise": RNG.normal(size=200)}, positive, groups, FAST)
    assert worse.high is not None and worse.high < 0
    assert worse.p is not None and worse.p < 0.02


def test_a_score_that_some_images_lack_is_compared_over_those_that_have_both() -> None:
    scores, positive, groups = labelled()
    some = scores.copy()
    some[:50] = np.nan
    (found,) = auc_differences({"s": scores, "some": some}, positive, groups, FAST)
    assert found.n == 150
    assert found.difference == 0
    assert found.reason == "no interval: too little variation among the 30 references"


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ([True] * 4, "not estimable: all 4 images are positive"),
        ([False] * 4, "not estimable: all 4 images are negative"),
        ([], "not estimable: no image has both the score and a label"),
    ],
)
def test_one_class_only_says_so(flags: list[bool], reason: str) -> None:
    scores = {"a": np.arange(float(len(flags))), "b": np.arange(float(len(flags)))}
    groups = ["Q1"] * len(flags)
    (one, _) = discriminate(scores, np.array(flags, dtype=bool), groups, FAST)
    (both,) = auc_differences(scores, np.array(flags, dtype=bool), groups, FAST)
    assert one.reason == both.reason == reason
    assert one.auc is both.difference is both.p is None


def judgements(answers: np.ndarray, realization: bool = False) -> pl.DataFrame:
    """[N, annotators] categories as rows; -1 is not judged."""
    names = ["replication", "transformation", "neither"]
    rows = [
        (f"i{i}", f"Q{i // 4}", "static", f"a{j}", None if realization else bool(a), names[a] if realization else None)
        for i, row in enumerate(answers)
        for j, a in enumerate(row)
        if a >= 0
    ]
    schema = dict.fromkeys(["image_id", "qid", "kind", "annotator"], pl.String)
    return pl.DataFrame(rows, schema=schema | {"recognised": pl.Boolean, "realization": pl.String}, orient="row")


def test_two_annotators_are_scikit_learns_kappa() -> None:
    a = RNG.integers(0, 3, size=120)
    b = np.where(RNG.uniform(size=120) < 0.7, a, RNG.integers(0, 3, size=120))
    (found,) = agreements(judgements(np.column_stack([a, b]), realization=True), bootstrap=FAST)
    assert (found.question, found.statistic, found.annotators) == ("realization", "cohen", "a0, a1")
    assert found.kappa == pytest.approx(cohen_kappa_score(a, b))
    assert found.observed == pytest.approx((a == b).mean())
    assert found.low is not None and found.high is not None and found.kappa is not None
    assert found.low < found.kappa < found.high
    assert (found.n, found.n_refs) == (120, 30)


def test_all_annotators_are_statsmodels_kappa() -> None:
    truth = RNG.integers(0, 2, size=(80, 1))
    answers = np.where(RNG.uniform(size=(80, 4)) < 0.8, truth, 1 - truth)
    found = {a.statistic: a for a in agreements(judgements(answers), bootstrap=FAST) if a.annotators.count("a") != 2}
    expected = fleiss_kappa(aggregate_raters(answers)[0])
    assert found["fleiss"].kappa == pytest.approx(expected)


def test_judgements_that_are_all_the_same_have_no_kappa() -> None:
    (found,) = agreements(judgements(np.ones((20, 2), dtype=int)), bootstrap=FAST)
    assert (found.kappa, found.observed) == (None, 1)
    assert found.reason == "not estimable: all judgements are the same"
    apart = np.where(np.arange(20)[:, None] < 10, [0, -1], [-1, 1])
    (found,) = agreements(judgements(apart), bootstrap=FAST)
    assert found.reason == "not estimable: no image was judged by two of them"


def test_labels_are_those_of_most_people() -> None:
    frame = judgements(np.array([[1, 1, 0], [0, 0, 0], [1, 0, -1], [1, -1, -1]]))
    scores = pl.DataFrame({"image_id": ["i0", "i3"], "score": ["s", "s"], "value": [0.5, 0.7]})
    (task,) = label_tasks(frame, scores)
    assert task.task == "recognised"
    assert task.positive.tolist() == [True, False, True]
    assert task.scores["s"][[0, 2]].tolist() == [0.5, 0.7]
    assert np.isnan(task.scores["s"][1])


@pytest.mark.parametrize("show", ["kappa", "auc", "differences"])
def test_the_command(measured: Store, wb: Callable[..., Outcome], show: str) -> None:
    options = ["--resamples", 200, "--format", "json", "--db", measured.path]
    outcome = wb("analyze", "agreement", "--show", show, *options)
    assert outcome.code == 0, outcome.err
    frame = pl.read_json(outcome.out.encode())
    if show == "kappa":
        assert frame.columns == list(Agreement.__annotations__)
        assert frame.filter(pl.col("question") == "recognised")["statistic"].to_list() == ["cohen"] * 3 + ["fleiss"]
    else:
        assert set(frame["task"]) == {"recognised", "replication"}
    if show == "auc":
        s = frame.filter((pl.col("task") == "recognised") & (pl.col("score") == "s"))
        assert s["auc"][0] > 0.8  # the labels were drawn from s


def test_nothing_judged_says_so(store: Store, wb: Callable[..., Outcome]) -> None:
    for show in ("kappa", "auc", "differences"):
        outcome = wb("analyze", "agreement", "--show", show, "--format", "csv")
        assert outcome.err.startswith("nothing is judged yet")
        assert len(outcome.out.splitlines()) == 1
