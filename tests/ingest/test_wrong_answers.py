"""Answers in SPARQL's format that do not say what was asked."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from ingest.sparql import parse_answer
from tests.ingest.servers import Answer, script, serving
from workbench.store import Store

ITEM = {"item": "http://www.wikidata.org/entity/Q1", "sitelinks": "20"}
LABEL = {"item": ITEM["item"], "fact": "label", "value": "One", "language": "en"}
MAKER = {"person": "http://www.wikidata.org/entity/Q9", "rank": "x", "value": "Somebody", "language": "en"}
DATE = {"value": "1900-01-01T00:00:00Z", "precision": "9", "calendar": "x", "rank": "x"}


def _answer(*rows: dict[str, Any]) -> Answer:
    bindings = [{name: {"value": value} for name, value in row.items()} for row in rows]
    return Answer(body=json.dumps({"results": {"bindings": bindings}}).encode())


def _fact(fact: str, values: dict[str, str], **other: str | None) -> dict[str, str]:
    row = {"item": ITEM["item"], "fact": fact, **values, **other}
    return {name: value for name, value in row.items() if value is not None}


ITEMS = {
    "sitelinks": [{**ITEM, "sitelinks": value} for value in ("many", "", "inf", "nan", "-3", "9" * 400)]
    + [{"item": ITEM["item"]}],
    "item": [{"sitelinks": "20"}, {**ITEM, "item": "http://example.org/Q1"}],
}


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("name", "row"), [(name, row) for name, rows in ITEMS.items() for row in rows])
def test_items(wb: Callable[..., Any], name: str, row: dict[str, str]) -> None:
    with serving(script(_answer(row))) as server:
        outcome = wb("ingest", "references", "--endpoint", server.url)
    _check(outcome, name)


FACTS = {
    "item": [{"fact": "label", "value": "One", "language": "en"}],
    "fact": [{"item": ITEM["item"], "value": "One"}],
    "value": [
        _fact("label", {"language": "en"}),
        _fact("sitelinks", {"value": "many"}),
        _fact("sitelinks", {}),
        _fact("description", {}),
        _fact("image", {}),
        _fact("modified", {}),
        _fact("date", DATE, value=None),
        _fact("creator", MAKER, value=None),
    ],
    "language": [_fact("label", {"value": "One"}), _fact("director", MAKER, language=None)],
    "precision": [_fact("date", DATE, precision=None)],
    "calendar": [_fact("date", DATE, calendar=None)],
    "rank": [
        _fact("image", {"value": "http://x/Special:FilePath/A.jpg"}),
        _fact("date", DATE, rank=None),
        _fact("creator", MAKER, rank=None),
    ],
    "person": [_fact("creator", MAKER, person=None)],
}


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("name", "row"), [(name, row) for name, rows in FACTS.items() for row in rows])
def test_facts(wb: Callable[..., Any], store: Store, name: str, row: dict[str, str]) -> None:
    items, facts = _answer(ITEM), _answer(LABEL, row)
    with serving(lambda _, request: facts if b"VALUES" in request.body else items) as server:
        outcome = wb("ingest", "references", "--endpoint", server.url)
    assert b"VALUES" in server.asked[-1].body, "it never asked for facts"
    _check(outcome, name)
    assert store.sql("SELECT count(*) FROM refs").item() == 0


@pytest.mark.usefixtures("hasty")
def test_an_absurd_number_of_a_creator_is_no_number(wb: Callable[..., Any]) -> None:
    maker = _fact("creator", MAKER, ordinal="9" * 5000, person=MAKER["person"] + "9" * 5000)
    items, facts = _answer(ITEM), _answer(LABEL, maker)
    with serving(lambda _, request: facts if b"VALUES" in request.body else items) as server:
        outcome = wb("ingest", "references", "--endpoint", server.url)
    assert (outcome.code, "references: 1 found, 1 new" in outcome.err) == (0, True)


def _check(outcome: Any, name: str) -> None:
    assert outcome.code == 1
    assert "Traceback" not in outcome.err and "Unexpected" not in outcome.err
    (line,) = [line for line in outcome.err.splitlines() if line.startswith("wb: ")]
    assert f"?{name}" in line
    assert [line for line in outcome.err.splitlines() if line.startswith("hint: ")]


@pytest.mark.parametrize("value", [None, {"a": 1}, ["a"], True])
def test_a_value_that_is_no_text(value: object) -> None:
    body = json.dumps({"results": {"bindings": [{"s": {"value": value}}]}}).encode()
    with pytest.raises(Exception, match="not whole JSON"):
        parse_answer(body)
