"""What the report says of a study whose truth is known: true, and in the same words for everybody."""

from pathlib import Path

import polars as pl
import pytest

from tests.report.page import Rows, bounds, of_covariate, tables_of
from workbench.cli import run
from workbench.demo import FREQUENCY
from workbench.store import Store


@pytest.fixture(scope="module")
def page(miniature: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    asked = ["--db", str(miniature.path), "--out", str(folder), "--thresholds", "calibrated"]
    assert run(["report", *asked]) == 0
    return (Path(folder) / "report.html").read_text(encoding="utf-8")


def test_the_known_counts_are_recovered(page: str):
    (plain,), (held,) = tables_of(page, "correlations"), tables_of(page, "partial")
    assert bounds(of_covariate(plain, FREQUENCY, "all")["ρ interval"])[0] > 0
    assert bounds(of_covariate(held, FREQUENCY, "all")["partial ρ interval"])[0] > 0
    for other in ("popularity", "creation_date"):
        low, high = bounds(of_covariate(plain, other, "all")["ρ interval"])
        assert low < 0 < high


def test_recognition_sets_in_among_the_trained(page: str):
    (rows,) = tables_of(page, "frequency")
    (row,) = (r for r in rows if r["Kind"] == "all")
    low, high = bounds(row["Changes at interval"])
    assert row["p"] == "< 0.001"
    assert 1 < low < high < 256
    assert float(row["Below"]) < 0.2 < 0.8 < float(row["Above"])


def test_what_was_never_trained_is_hardly_recognised(page: str, miniature: Store):
    never = miniature.sql(
        f"SELECT label FROM refs JOIN covariates USING (qid) WHERE name = '{FREQUENCY}' AND value = 0"
    )
    (rows,) = tables_of(page, "references")
    assert recognised(rows, never["label"]) <= 0.1
    assert recognised(rows, pl.Series(["Composition VIII", "Black Square"])) == 1


def test_chance_reaches_the_thresholds_as_often_as_they_say(page: str):
    taus, _ = tables_of(page, "thresholds")
    assert len(taus) == 3
    assert all(abs(float(tau["Reached by chance"]) - 0.05) < 0.005 for tau in taus)
    assert all(abs(float(tau["Held-out rate"]) - 0.05) < 0.02 for tau in taus)


def recognised(rows: Rows, labels: pl.Series) -> float:
    """CRA of all images of these references together."""
    counts = [row["Recognised"].split(" of ") for row in rows if row["Reference"] in set(labels)]
    assert counts
    return sum(int(k) for k, _ in counts) / sum(int(n) for _, n in counts)
