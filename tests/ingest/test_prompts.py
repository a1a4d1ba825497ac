"""Prompts made of the references, and prompts from a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.prompts_csv import read_prompts
from workbench.store import Store

ACTIVE = "SELECT qid, perturbation, variant, method, text FROM prompts WHERE active ORDER BY ALL"


@pytest.fixture
def refs(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    rows = ("Q1,The Scream,static,Edvard Munch|Someone", "Q2,Riace bronzes,static,", "Q3,Fargo,dynamic,Joel Coen")
    assert wb("ingest", "--from", csv_file("qid,label,kind,creator", *rows)).code == 0


@pytest.mark.usefixtures("refs")
def test_with_creator(wb: Callable[..., Any], db: Path) -> None:
    outcome = wb("ingest", "prompts", "--perturbation", "with-creator")
    assert outcome.code == 0
    assert "with-creator prompts: 2 new, 0 unchanged" in outcome.err
    assert "skipped 1 with-creator prompts, no creator is known: Q2" in outcome.err
    rows = (
        Store.open(db)
        .sql("SELECT qid, text, changes FROM prompts WHERE perturbation = 'with-creator' ORDER BY 1")
        .rows()
    )
    assert [(qid, text) for qid, text, _ in rows] == [
        ("Q1", "The Scream by Edvard Munch"),
        ("Q3", "Fargo by Joel Coen"),
    ]
    assert json.loads(rows[0][2]) == {"added": "by Edvard Munch"}


@pytest.mark.usefixtures("refs")
def test_prompts_twice_are_prompts_once(wb: Callable[..., Any], dump: Callable[[], object]) -> None:
    command = ("ingest", "prompts", "--perturbation", "with-creator", "--perturbation", "title")
    wb(*command)
    before = dump()
    outcome = wb(*command)
    assert dump() == before
    assert "title prompts: 0 new, 3 unchanged" in outcome.err


@pytest.mark.usefixtures("refs")
def test_prompts_of_a_file(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    rows = (
        'Q1,literal,"A figure, screaming",,blip,"{""b"": 1, ""a"": ""é""}"',
        "Q1,literal,A bridge,,,",
        "q1,Literal,A bridge,,,",
        "Q3,synonym,Far go,3,,",
        "Q99,literal,Nobody,,,",
    )
    file = csv_file("qid,perturbation,text,variant,method,changes", *rows, name="prompts.csv")
    outcome = wb("ingest", "prompts", "--from", file)
    assert outcome.code == 0
    assert "skipped 1 QIDs with prompts, not references of this study: Q99" in outcome.err
    assert "prompts: 3 new, 0 unchanged, 1 repeated" in outcome.err
    rows_there = Store.open(db).sql(ACTIVE).rows()
    assert [row for row in rows_there if row[1] != "title"] == [
        ("Q1", "literal", 1, "blip", "A figure, screaming"),
        ("Q1", "literal", 2, "csv", "A bridge"),
        ("Q3", "synonym", 3, "csv", "Far go"),
    ]
    assert Store.open(db).sql("SELECT changes FROM prompts WHERE method = 'blip'").item() == '{"a": "é", "b": 1}'
    assert "prompts: 0 new, 3 unchanged" in wb("ingest", "prompts", "--from", file).err


BAD = {
    "Q1,literal,,,": "Q1 has no text",
    "x,literal,A,,": "malformed QID",
    "Q1,big letters!,A,,": "is not a name of small letters",
    "Q1,,A,,": "is not a name of small letters",
    "Q1,title,A,,": "the title is the label of the reference: correct it there, wb ingest --from FILE",
    "Q1,TITLE,A,2,": "the title is the label of the reference",
    "Q1,literal,A,zero,": "variant 'zero' is not an integer",
    "Q1,literal,A,0,": "is not a number from 1",
    "Q1,literal,A,,{": "is not JSON",
    "Q1,literal,Other,7,": "Q1 has variant 7 of literal already, another text",
}


@pytest.mark.parametrize(("row", "reason"), BAD.items(), ids=range(len(BAD)))
def test_a_bad_prompt_is_named(csv_file: Callable[..., Path], row: str, reason: str) -> None:
    file = read_prompts(csv_file("qid,perturbation,text,variant,changes", "Q1,literal,First,7,", row))
    assert [p.text for p in file.prompts] == ["First"]
    (problem,) = file.problems
    assert problem.where == "refs.csv:3"
    assert reason in problem.reason


@pytest.mark.usefixtures("refs")
def test_bad_prompts_end_in_four(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    file = csv_file("qid,perturbation,text", "Q1,literal,", "Q1,literal,Good", name="prompts.csv")
    outcome = wb("ingest", "prompts", "--from", file)
    assert outcome.code == 4
    assert "prompts.csv:2: Q1 has no text" in outcome.err
    assert Store.open(db).sql(ACTIVE).filter(perturbation="literal").height == 1


@pytest.mark.usefixtures("refs")
def test_a_title_is_not_taken_from_a_file_of_prompts(
    wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]
) -> None:
    rows = ("Q1,title,Skrik", "Q1,literal,A figure")
    outcome = wb("ingest", "prompts", "--from", csv_file("qid,perturbation,text", *rows, name="prompts.csv"))
    assert outcome.code == 4
    assert "prompts.csv:2: the title is the label" in outcome.err
    texts = Store.open(db).sql(ACTIVE).filter(qid="Q1")["text"].to_list()
    assert texts == ["A figure", "The Scream"]
