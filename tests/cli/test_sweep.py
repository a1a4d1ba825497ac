"""``wb sweep``: at every pair of thresholds what the macros give there, by one query."""

import json
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from tests.store.measured import fill, image, reference
from workbench.store import Store

SHARED = ["model_id", "perturbation", "kind", "n_refs", "n", "cra", "vr", "vi", "crt", "vr_all", "crt_all"]


@pytest.fixture
def study(store: Store) -> Store:
    """Two models, both kinds, an image without patches, one that is not scored, scores that lie on thresholds."""
    p = [[k / 16, *[0.6] * 5, *[0.8] * 5, *[0.3] * 5] for k in range(16)]
    images = [
        image(qid, seed, s=s, p=None if seed == 2 and qid == "Q2" else p[seed], model_id=model, images=n)
        for qid, n in (("Q1", 1), ("Q2", 1), ("Q3", 2))
        for seed, s in enumerate([0.5, 0.6, 0.7, 0.75, 0.9][: 3 + n])
        for model in ("one", "two")
    ]
    unscored = [image("Q1", 9, model_id="one"), image("Q1", 8, status="blocked", model_id="one")]
    other = [image("Q1", k, s=0.65, p=p[k], perturbation="synonym") for k in range(2)]
    fill(store, reference("Q1"), reference("Q2"), reference("Q3", "dynamic", 2), *images, *unscored, *other)
    return store


def test_it_is_what_model_scores_gives_at_every_pair(study: Store) -> None:
    taus, reuse = [0.0, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 0.95], [0.3, 0.6, 0.8]
    swept = study.frame("sweep", taus=taus, taus_reuse=reuse)
    assert swept.height == len(taus) * len(reuse) * study.sql("FROM model_scores()").height
    for tau in taus:
        for tau_reuse in reuse:
            parameters = {"tau": tau, "reuse": tau_reuse}
            query = "FROM model_scores(tau_static := $tau, tau_dynamic := $tau, tau_reuse := $reuse)"
            by = ["model_id", "perturbation", "kind"]
            one = study.sql(query, parameters).select(SHARED).sort(by)
            here = swept.filter(swept["tau"] == tau, swept["tau_reuse"] == tau_reuse).select(SHARED).sort(by)
            assert_frame_equal(here, one, check_dtypes=False, check_exact=False, abs_tol=1e-9)


def test_some_models_and_perturbations(wb, study: Store) -> None:
    done = wb("sweep", "--model", "one", "--perturbation", "title", "--tau", "0.5:0.9:0.2", "--format", "json")
    assert done.code == 0
    rows = json.loads(done.out)
    assert {(row["model_id"], row["perturbation"], row["tau_reuse"]) for row in rows} == {("one", "title", 0.6)}
    assert [row["tau"] for row in rows if row["kind"] == "static"] == [0.5, 0.7, 0.9]


def test_a_figure_of_both_thresholds(wb, study: Store, tmp_path: Path) -> None:
    target = tmp_path / "sweep.svg"
    assert wb("sweep", "--tau-reuse", "0.4:0.8:0.2", "--figure", target).code == 0
    drawing = target.read_text()
    assert all(text in drawing for text in ("one title, static", "two title, dynamic", "τ_reuse (τ = 0.7)", "CRT"))
    png = tmp_path / "sweep.png"
    assert wb("sweep", "--figure", png).code == 0
    assert png.read_bytes().startswith(b"\x89PNG")


def test_names_that_the_study_does_not_have(wb, study: Store) -> None:
    for option, name, near in (
        ("model", "onee", "one"),
        ("perturbation", "titel", "title"),
        ("encoder", "clip", "clip#1"),
    ):
        done = wb("sweep", f"--{option}", name)
        assert done.code == 2
        assert f"did you mean {near}" in done.err
    assert "no patch encoder named 'clip#1'" in wb("sweep", "--patch-encoder", "clip#1").err, (
        "that one is of whole images"
    )


@pytest.mark.parametrize("text", ["0.9:0.5:0.1", "0.5:0.9:0", "0.5:0.9", "a:b:c", "0:2:0.1", "0:1:0.0001", "nan"])
def test_ranges_that_make_no_sense(wb, study: Store, text: str) -> None:
    done = wb("sweep", "--tau", text)
    assert done.code == 2
    assert "range" in done.err


def test_a_study_without_scores(wb, store: Store, tmp_path: Path) -> None:
    done = wb("sweep", "--format", "csv")
    assert done.code == 0
    assert "nothing to sweep" in done.err
    assert done.out.startswith("model_id,")
    assert "nothing to draw" in wb("sweep", "--figure", tmp_path / "s.svg").err
