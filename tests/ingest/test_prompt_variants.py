"""Which variant a text of a prompts file is, from one version of the file to the next."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from workbench.store import Store

Ingest = Callable[..., Outcome]


@pytest.fixture
def ingest(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> Ingest:
    """Ingests a prompts file of these rows, into a study of two references."""
    assert wb("ingest", "--from", csv_file("qid,label,kind", "Q1,One,static", "Q2,Two,static")).code == 0

    def rows(*lines: str) -> Outcome:
        file = csv_file("qid,perturbation,text,variant", *lines, name="prompts.csv")
        return wb("ingest", "prompts", "--from", file)  # type: ignore[no-any-return]

    return rows


def _active(db: Path, qid: str = "Q1", perturbation: str = "literal") -> dict[int, str]:
    query = "SELECT variant, text FROM prompts WHERE active AND qid = $q AND perturbation = $p ORDER BY ALL"
    return dict(Store.open(db).sql(query, {"q": qid, "p": perturbation}).iter_rows())


def _of(*texts: str, qid: str = "Q1") -> list[str]:
    return [f"{qid},literal,{text}," for text in texts]


def test_what_the_file_no_longer_has_is_retired_and_the_rest_keeps_its_number(ingest: Ingest, db: Path) -> None:
    ingest(*_of("A", "B", "C"))
    outcome = ingest(*_of("B", "C"))
    assert _active(db) == {2: "B", 3: "C"}
    assert "prompts: 0 new, 2 unchanged, 1 retired" in outcome.err


def test_a_new_text_gets_a_free_number(ingest: Ingest, db: Path) -> None:
    ingest(*_of("A", "B", "C"))
    assert "2 new, 2 unchanged, 1 retired" in ingest(*_of("D", "B", "E", "C")).err
    assert _active(db) == {1: "D", 2: "B", 3: "C", 4: "E"}


def test_the_order_of_the_rows_says_nothing(ingest: Ingest, db: Path, dump: Callable[[], object]) -> None:
    ingest(*_of("A", "B", "C"))
    before = dump()
    assert "prompts: 0 new, 3 unchanged" in ingest(*_of("C", "A", "B")).err
    assert dump() == before


def test_a_text_that_comes_back_is_the_same_prompt(ingest: Ingest, db: Path) -> None:
    ingest(*_of("A", "B"))
    ingest(*_of("A"))
    ingest(*_of("B", "A"))
    assert _active(db) == {1: "A", 2: "B"}
    assert Store.open(db).sql("SELECT count(*) FROM prompts WHERE perturbation = 'literal'").item() == 2


def test_numbers_that_are_given_are_kept(ingest: Ingest, db: Path) -> None:
    ingest(*_of("A", "B"))
    outcome = ingest("Q1,literal,C,", "Q1,literal,D,1", "Q1,literal,A,7", "Q1,literal,A,")
    assert _active(db) == {1: "D", 2: "C", 7: "A"}
    assert "3 new, 0 unchanged, 2 retired, 1 repeated" in outcome.err


def test_what_the_file_does_not_mention_is_left_alone(ingest: Ingest, db: Path) -> None:
    ingest(*_of("A"), *_of("X", qid="Q2"), "Q1,synonym,S,")
    ingest(*_of("B"))
    assert _active(db) == {1: "B"}
    assert _active(db, "Q2") == {1: "X"}
    assert _active(db, "Q1", "synonym") == {1: "S"}
    assert _active(db, "Q1", "title") == {1: "One"}


def test_more_texts_of_one_reference_than_a_transaction_takes(ingest: Ingest, db: Path) -> None:
    texts = [f"Text {n}" for n in range(1500)]
    ingest(*_of(*texts))
    outcome = ingest(*_of(*texts[1:]), *_of("X", qid="Q2"))
    assert "prompts: 1 new, 1,499 unchanged, 1 retired" in outcome.err
    assert set(_active(db)) == set(range(2, 1501))
