"""Prompts that were made of a reference follow its corrections."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.store import Store

HEADER = "qid,label,kind,creator"


@pytest.fixture
def study(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    """Two references, one of which has a creator and a prompt that says so."""
    wb("ingest", "--from", csv_file(HEADER, "Q1,The Scream,static,Munch", "Q2,Two,static,"))
    assert wb("ingest", "prompts", "--perturbation", "with-creator").code == 0


def _texts(db: Path, active: bool = True) -> list[str]:
    query = "SELECT text FROM prompts WHERE qid = 'Q1' AND perturbation = 'with-creator' AND active = $a ORDER BY 1"
    return list(Store.open(db).sql(query, {"a": active})["text"])


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("Q1,Skrik,static,Munch", "Skrik by Munch"),
        ("Q1,The Scream,static,Edvard Munch|Munch", "The Scream by Edvard Munch"),
        ("Q1,Skrik,static,", "Skrik by Munch"),
    ],
)
def test_a_correction_remakes_the_prompt(
    wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path], row: str, text: str
) -> None:
    outcome = wb("ingest", "--from", csv_file(HEADER, row))
    assert _texts(db) == [text]
    assert _texts(db, active=False) == ["The Scream by Munch"]
    assert "with-creator prompts: 1 new, 0 unchanged, 1 retired" in outcome.err


@pytest.mark.usefixtures("study")
def test_nothing_is_made_that_was_not_asked_for(
    wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]
) -> None:
    wb("ingest", "--from", csv_file(HEADER, "Q2,Zwei,static,Somebody", "Q3,Three,static,Nobody"))
    made = Store.open(db).sql("SELECT qid FROM prompts WHERE perturbation = 'with-creator'")["qid"].to_list()
    assert made == ["Q1"]


@pytest.mark.usefixtures("study")
def test_a_text_of_ones_own_is_left_alone(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    own = csv_file("qid,perturbation,text", "Q1,with-creator,Munch painted it", name="prompts.csv")
    wb("ingest", "prompts", "--from", own)
    wb("ingest", "--from", csv_file(HEADER, "Q1,Skrik,static,Munch"))
    assert _texts(db) == ["Munch painted it"]
