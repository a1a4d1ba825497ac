"""Sitelinks in batches that an endpoint can answer, and what it answered."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest import sparql, wikidata
from ingest.sparql import EndpointPatience
from tests.ingest.servers import EMPTY, HTML, Answer, Asked, forward, serving
from tests.ingest.test_portions import TOO_MUCH, batch
from workbench.records import EndpointAnswer
from workbench.store import Store

QIDS = ("Q12418", "Q45585", "Q471379", "Q205259", "Q151952", "Q2001", "Q500242")
SITELINKS = "SELECT count(*) FROM covariates WHERE name = 'popularity' AND method = 'sitelinks'"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    monkeypatch.setattr(wikidata, "BATCH", 4)
    patience = EndpointPatience(attempts=2, attempts_whole=1, first_wait=0.01, longest_wait=3, timeout=1)
    monkeypatch.setattr(sparql, "PATIENCE", patience)
    assert wb("ingest", "--from", csv_file("qid,label,kind", *(f"{qid},{qid},static" for qid in QIDS))).code == 0


@pytest.mark.parametrize("way", ["slow", "cut", "HTML"])
def test_a_batch_that_is_too_much_is_halved(wb: Callable[..., Any], db: Path, oxigraph: str, way: str) -> None:
    def answer(_: int, request: Asked) -> Answer:
        whole = forward(oxigraph, request)
        return TOO_MUCH[way](whole) if len(batch(request)) > 2 else whole

    with serving(answer) as server:
        outcome = wb("ingest", "popularity", "--method", "sitelinks", "--endpoint", server.url)
    assert outcome.code == 0, outcome.err
    assert "asking for 2 at a time" in outcome.err
    assert [len(batch(request)) for request in server.asked] == [4, 2, 2, 2, 1]
    assert Store.open(db).sql(SITELINKS).item() == len(QIDS)


def test_an_item_that_is_never_answered_is_named_and_the_others_stay(
    wb: Callable[..., Any], db: Path, oxigraph: str
) -> None:
    last = sorted(QIDS)[-1]
    with serving(lambda _, request: HTML if last in batch(request) else forward(oxigraph, request)) as server:
        outcome = wb("ingest", "popularity", "--method", "sitelinks", "--endpoint", server.url)
    assert outcome.code == 1
    assert f"(asked about {last} alone)" in outcome.err and "Traceback" not in outcome.err
    assert Store.open(db).sql(SITELINKS).item() == len(QIDS) - 1


def test_an_answer_without_a_row_is_no_answer(wb: Callable[..., Any], db: Path) -> None:
    with serving(lambda *_: EMPTY) as server:
        outcome = wb("ingest", "popularity", "--method", "sitelinks", "--endpoint", server.url)
    assert outcome.code == 1
    assert "the endpoint's answer says nothing of 4 items" in outcome.err
    assert Store.open(db).sql(SITELINKS).item() == 0


def test_queries_and_raw_answers_are_kept(
    wb: Callable[..., Any], db: Path, oxigraph: str, dump: Callable[[], object], tmp_path: Path
) -> None:
    sent: list[bytes] = []

    def answer(_: int, request: Asked) -> Answer:
        whole = forward(oxigraph, request)
        sent.append(whole.body)
        return whole

    with serving(answer) as server:
        asked = ("ingest", "popularity", "--method", "sitelinks", "--endpoint", server.url)
        assert wb(*asked).code == 0
        before = dump()
        assert wb(*asked).code == 0
    assert dump() == before
    assert wb("ingest", "answers", "--to", tmp_path).code == 0
    listed = json.loads(wb("ingest", "answers", "--format", "json").out)
    assert [row["question"] for row in listed] == ["popularity", "popularity"]
    for row in listed:
        (kept,) = Store.open(db).rows("endpoint_answer", EndpointAnswer, answer_id=row["answer_id"])
        assert gzip.decompress(kept.answer) == (tmp_path / f"{kept.answer_id}.json").read_bytes()
        assert gzip.decompress(kept.answer) in sent[:2]
        assert "VALUES ?item { wd:Q" in kept.query and "en.wikipedia.org" in kept.query
