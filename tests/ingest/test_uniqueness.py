"""How unlike others titles are."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.covariates.distance import nearest_distances, read_background
from tests.ingest.test_frequency import write
from workbench.errors import IngestError
from workbench.store import Store

TITLES = {
    "Q1": "The Kiss",
    "Q2": "The Kiss",
    "Q3": "Guernica",
    "Q4": "The Two Fridas",
    "Q5": "…",
    "Q6": "A Kiss at Night",
}


@pytest.fixture
def refs(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    rows = (f"{qid},{title},static" for qid, title in TITLES.items())
    assert wb("ingest", "--from", csv_file("qid,label,kind", *rows)).code == 0


def values(db: Path, method: str) -> dict[str, float]:
    query = "SELECT qid, value FROM covariates WHERE name = 'textual_uniqueness' AND starts_with(method, $m)"
    return dict(Store.open(db).sql(query, {"m": method}).rows())


@pytest.mark.usefixtures("refs")
def test_rare_words_are_unique(wb: Callable[..., Any], db: Path) -> None:
    outcome = wb("ingest", "uniqueness", "--method", "word-rarity")
    assert outcome.code == 0, outcome.err
    assert "skipped 1 titles, they have no words: Q5" in outcome.err
    found = values(db, "word-rarity")
    assert found["Q1"] == found["Q2"] < found["Q4"] < found["Q3"] < 9
    assert 1 < found["Q1"] < 4


@pytest.mark.usefixtures("refs")
def test_the_packaged_encoder_finds_near_titles(wb: Callable[..., Any], db: Path, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("Guernica\nGuernica by Picasso\n\nStill Life with Apples\n", encoding="utf-8")
    command = ("ingest", "uniqueness", "--method", "embedding-distance", "--device", "cpu")
    outcome = wb(*command)
    assert outcome.code == 0, outcome.err
    assert "compared with 6 titles only" in outcome.err
    alone = values(db, "embedding-distance:minilm")
    assert alone["Q1"] == pytest.approx(0, abs=1e-5) == alone["Q2"]
    assert 0.05 < alone["Q6"] < alone["Q3"]
    assert wb(*command, "--background", tmp_path / "more.txt").code == 0
    beside = values(db, "embedding-distance:minilm")
    assert 0.01 < beside["Q3"] < alone["Q3"], "the title itself in the background does not count"
    provenance = Store.open(db).sql("SELECT provenance FROM covariates WHERE qid = 'Q3'").item()
    assert provenance.startswith("nearest of 6 titles and 3 of more.txt, minilm#")


class Letters:
    """An encoder that sees the first letter only."""

    encoder_id = "letters"

    def encode(self, texts: Any) -> NDArray[np.float32]:
        return np.eye(26, dtype=np.float32)[[ord(text[0]) - ord("a") for text in texts]]


def test_distances() -> None:
    found = nearest_distances(Letters(), ["ab", "ac", "b", "c"], ["b", "cc", "cc"])
    assert found.tolist() == [0, 0, 1, 0]
    assert math.isnan(nearest_distances(Letters(), ["a"], ["a"])[0])


@pytest.mark.usefixtures("refs")
def test_usual_wordings_are_less_unique(wb: Callable[..., Any], db: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "c.csv", ["The kiss", "the Kiss, a kiss", "at night", "Kiss at dawn", "Guernica"] + ["a"] * 9
    )
    outcome = wb("ingest", "uniqueness", "--method", "ngrams", "--captions", file)
    assert outcome.code == 0, outcome.err
    expected = {"Q1": 2, "Q2": 2, "Q3": 1, "Q4": 0, "Q6": (1 + 1 + 1) / 3}
    found = values(db, "ngrams:c")
    assert found == pytest.approx({q: -math.log10(1 + n) for q, n in expected.items()})
    assert str(found["Q4"]) == "0.0"


@pytest.mark.usefixtures("refs")
def test_twice_is_once(wb: Callable[..., Any], dump: Callable[[], object], tmp_path: Path) -> None:
    file = write(tmp_path / "c.csv", ["The kiss"])
    command = ("ingest", "uniqueness", "--method", "word-rarity", "--method", "ngrams", "--captions", file)
    wb(*command)
    before = dump()
    assert "0 new, 0 changed, 5 unchanged" in wb(*command).err.replace("10 unchanged", "5 unchanged")
    assert dump() == before


def test_the_methods_are_explained(wb: Callable[..., Any], db: Path) -> None:
    outcome = wb("ingest", "uniqueness", "--list")
    assert outcome.code == 0
    assert all(name in outcome.out for name in ("word-rarity\n", "embedding-distance\n", "ngrams\n"))
    assert not db.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--method", "ngram"), "did you mean ngrams"),
        (("--method", "ngrams"), "ngrams are counted in captions"),
        (("--method", "embedding-distance", "--background", "no.txt"), "cannot read no.txt"),
        (("--method", "embedding-distance", "--encoder", "minilmm"), "did you mean minilm"),
    ],
)
@pytest.mark.usefixtures("refs")
def test_what_cannot_be_measured(wb: Callable[..., Any], arguments: tuple[str, ...], message: str) -> None:
    outcome = wb("ingest", "uniqueness", *arguments)
    assert outcome.code in (1, 2)
    assert message in outcome.err and "Traceback" not in outcome.err


def test_a_background_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("label\n\n")
    with pytest.raises(IngestError, match="holds no titles"):
        read_background(tmp_path / "b.csv")
