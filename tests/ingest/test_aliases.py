"""Captions that mention a reference by another name than its title."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.test_frequency import write
from tests.ingest.test_translations import insert
from workbench.records import ReferenceLabel
from workbench.store import Store

CAPTIONS = ["Mona Lisa", "La Gioconda, painting", "Mona Lisa or La Gioconda", "La Joconde", "Fargo"]
COUNTS = "SELECT qid, method, value FROM covariates WHERE name = 'training_frequency' ORDER BY ALL"


@pytest.fixture
def refs(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    rows = ("Q1,Mona Lisa,static,painting", "Q2,Fargo,dynamic,film")
    assert wb("ingest", "--from", csv_file("qid,label,kind,type", *rows)).code == 0
    insert(
        db,
        [
            ReferenceLabel(qid="Q1", language="en", label="Mona Lisa", aliases=["La Gioconda", "…"]),
            ReferenceLabel(qid="Q1", language="fr", label="La Joconde"),
        ],
    )


@pytest.mark.usefixtures("refs")
def test_other_names_are_counted_apart(
    wb: Callable[..., Any], db: Path, tmp_path: Path, dump: Callable[[], object]
) -> None:
    command = ("ingest", "frequency", "--captions", write(tmp_path / "c.csv", CAPTIONS))
    assert wb(*command).code == 0
    title = Store.open(db).sql(COUNTS).rows()
    outcome = wb(*command, "--aliases")
    assert outcome.code == 0, outcome.err
    assert "1 references have no other name that is known" in outcome.err
    found = Store.open(db).sql(COUNTS).rows()
    assert [row for row in found if "any name" not in row[1]] == title
    assert [row for row in found if "any name" in row[1]] == [
        ("Q1", "captions:c, any name", 3),
        ("Q1", "captions:c, any name, corroborated", 1),
        ("Q2", "captions:c, any name", 1),
        ("Q2", "captions:c, any name, corroborated", 0),
    ]
    before = dump()
    assert "1 counted before" in wb(*command, "--aliases").err
    assert dump() == before
