"""Prompts in other languages and from descriptions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.records import ReferenceLabel
from workbench.store import Store, connection

ROWS = (
    "Q1,The Scream,static,painting by Edvard Munch",
    "Q2,Guernica,static,",
    "Q3,Fargo,dynamic,1996 film",
)
LABELS = [
    ReferenceLabel(qid="Q1", language="en", label="The Scream"),
    ReferenceLabel(qid="Q1", language="fr", label="Le Cri"),
    ReferenceLabel(qid="Q1", language="de", label="Der Schrei"),
    ReferenceLabel(qid="Q1", language="nb", label="Skrik"),
    ReferenceLabel(qid="Q1", language="nn", label="Skrik"),
    ReferenceLabel(qid="Q1", language="mul", label="Skrik"),
    ReferenceLabel(qid="Q2", language="fr", label="guernica"),
]


def insert(db: Path, labels: list[ReferenceLabel]) -> None:
    rows = [(label.qid, label.language, label.label, list(label.aliases)) for label in labels]
    with connection.writing(db, 5) as con:
        con.executemany("INSERT INTO reference_labels (qid, language, label, aliases) VALUES (?, ?, ?, ?)", rows)


ACTIVE = "SELECT variant, text, changes FROM prompts WHERE perturbation = 'translation' AND active ORDER BY variant"


@pytest.fixture
def refs(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    assert wb("ingest", "--from", csv_file("qid,label,kind,description", *ROWS)).code == 0
    insert(db, LABELS)


@pytest.mark.usefixtures("refs")
def test_every_other_name_is_a_prompt(wb: Callable[..., Any], db: Path, dump: Callable[[], object]) -> None:
    command = ("ingest", "prompts", "--perturbation", "translation")
    outcome = wb(*command)
    assert outcome.code == 0, outcome.err
    assert "translation prompts: 3 new" in outcome.err
    assert "the title is the same in those languages: Q2" in outcome.err
    assert "no label in another language is known: Q3" in outcome.err
    rows = Store.open(db).sql(ACTIVE).rows()
    assert [text for _, text, _ in rows] == ["Der Schrei", "Le Cri", "Skrik"]
    assert json.loads(rows[2][2]) == {"languages": ["nb", "nn"]}
    before = dump()
    wb(*command)
    assert dump() == before


@pytest.mark.usefixtures("refs")
def test_languages_that_are_named(wb: Callable[..., Any], db: Path) -> None:
    wb("ingest", "prompts", "--perturbation", "translation", "--language", "nb", "--language", "fr")
    assert [text for _, text, _ in Store.open(db).sql(ACTIVE).rows()] == ["Skrik", "Le Cri"]
    outcome = wb("ingest", "prompts", "--perturbation", "translation", "--language", "fr")
    assert "0 new, 1 unchanged, 1 retired" in outcome.err
    assert Store.open(db).sql(ACTIVE).rows()[0][:2] == (2, "Le Cri"), "it keeps its number, so its images are its own"


@pytest.mark.usefixtures("refs")
def test_descriptions(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    outcome = wb("ingest", "prompts", "--perturbation", "description")
    assert "description prompts: 2 new" in outcome.err
    assert "skipped 1 description prompts, no description is known: Q2" in outcome.err
    wb("ingest", "--from", csv_file("qid,label,kind,description", "Q3,Fargo,dynamic,film by the Coens"))
    query = "SELECT text FROM prompts WHERE perturbation = 'description' AND active ORDER BY qid"
    assert Store.open(db).sql(query)["text"].to_list() == ["painting by Edvard Munch", "film by the Coens"]
