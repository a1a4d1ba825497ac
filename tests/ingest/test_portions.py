"""Batches that are too much for an endpoint, before a real one that is made to misbehave."""

import re
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest import sparql, wikidata
from ingest.portions import in_portions
from ingest.sparql import EndpointPatience, TooMuch
from tests.ingest.servers import EMPTY, HTML, Answer, Asked, forward, serving
from workbench.records import Reference
from workbench.store import Store

BATCH = 8
LIMIT = 14
BIG = wikidata._UNHEARD_OF
ASK = ("ingest", "references", "--kind", "dynamic", "--limit", LIMIT, "--endpoint")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikidata, "BATCH", BATCH)
    patience = EndpointPatience(attempts=2, attempts_whole=1, first_wait=0.01, longest_wait=3, timeout=1)
    monkeypatch.setattr(sparql, "PATIENCE", patience)


def batch(request: Asked) -> list[str]:
    """The items that a request asks about; none where it looks for items."""
    (query,) = urllib.parse.parse_qs(request.body.decode())["query"]
    values = re.search(r"VALUES \?item \{([^}]*)\}", query)
    return re.findall(r"wd:(Q[0-9]+)", values[1]) if values else []


def qids(db: Path) -> set[str]:
    return {r.qid for r in Store.open(db).rows("all_refs", Reference)}


def cut(whole: Answer) -> Answer:
    """The answer as an endpoint sends it whose time is up in the middle."""
    return Answer(body=whole.body[: len(whole.body) // 2], headers=whole.headers)


TOO_MUCH: dict[str, Callable[[Answer], Answer]] = {
    "slow": lambda whole: Answer(body=whole.body, headers=whole.headers, delay=1.3),
    "cut": cut,
    "cut, and honest about it": lambda whole: Answer(body=cut(whole).body, headers=whole.headers, missing=999),
    "HTML": lambda _: HTML,
    "500": lambda _: Answer(status=500, body=b"java.util.concurrent.TimeoutException"),
    "504": lambda _: Answer(status=504),
    "hung up": lambda _: Answer(hang_up=True),
}


@pytest.mark.parametrize("way", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_a_batch_that_is_too_much_is_halved(
    wb: Callable[..., Any], db: Path, oxigraph: str, way: Callable[[Answer], Answer]
) -> None:
    def answer(_: int, request: Asked) -> Answer:
        whole = forward(oxigraph, request)
        return way(whole) if len(batch(request)) > BATCH // 2 else whole

    with serving(answer) as server:
        outcome = wb(*ASK, server.url)
    assert outcome.code == 0, outcome.err
    assert f"asking for {BATCH // 2} at a time" in outcome.err
    sizes = [len(batch(request)) for request in server.asked if batch(request)]
    assert sizes[0] == BATCH and set(sizes[1:]) <= {4, 2}
    assert len(qids(db)) == LIMIT
    assert Store.open(db).sql("SELECT done FROM runs").item() == LIMIT


@pytest.mark.parametrize("busy", [429, 503])
def test_a_busy_endpoint_is_waited_for_with_the_same_batch(
    wb: Callable[..., Any], db: Path, oxigraph: str, busy: int
) -> None:
    refused: list[int] = []

    def answer(_: int, request: Asked) -> Answer:
        if batch(request) and not refused:
            refused.append(len(batch(request)))
            return Answer(status=busy, headers={"Retry-After": "1"})
        return forward(oxigraph, request)

    with serving(answer) as server:
        outcome = wb(*ASK, server.url)
    assert outcome.code == 0, outcome.err
    first, second = [request for request in server.asked if batch(request)][:2]
    assert first.body == second.body and second.at - first.at >= 1
    assert len(qids(db)) == LIMIT


def test_one_item_that_is_never_answered_is_named_and_the_others_stay(
    wb: Callable[..., Any], db: Path, oxigraph: str
) -> None:
    def answer(_: int, request: Asked) -> Answer:
        return HTML if "Q132689" in batch(request) else forward(oxigraph, request)

    with serving(answer) as server:
        outcome = wb(*ASK, server.url)
    assert outcome.code == 1
    (line,) = [line for line in outcome.err.splitlines() if line.startswith("wb: ")]
    assert "gave no answer in 2 attempts: HTML (58 bytes) (asked about Q132689 alone)" in line
    famous = {"Q23572", "Q44578", "Q47703", "Q83495", "Q104123", "Q163872"}
    assert qids(db) == famous
    assert Store.open(db).sql("SELECT outcome, done FROM runs").rows() == [("failed", len(famous))]
    assert wb(*ASK, oxigraph).code == 0
    assert len(qids(db)) == LIMIT


def test_an_endpoint_that_is_always_busy_is_left_alone_with_its_first_batch(
    wb: Callable[..., Any], oxigraph: str
) -> None:
    with serving(lambda _, request: Answer(status=503) if batch(request) else forward(oxigraph, request)) as server:
        outcome = wb(*ASK, server.url)
    assert outcome.code == 1
    assert "gave no answer in 2 attempts: HTTP 503" in outcome.err
    assert [len(batch(request)) for request in server.asked if batch(request)] == [BATCH, BATCH]


def test_a_blocked_client_is_told_and_nothing_is_taken_for_deleted(
    wb: Callable[..., Any], db: Path, oxigraph: str
) -> None:
    assert wb(*ASK, oxigraph).code == 0
    before = qids(db)
    with serving(lambda _, __: EMPTY) as server:
        outcome = wb("ingest", "references", "--refresh", "--endpoint", server.url)
    assert outcome.code == 1
    assert f"knows none of {BATCH} items" in outcome.err
    assert qids(db) == before
    assert Store.open(db).sql("SELECT count(*) FROM lost_items").item() == 0


def test_labels_that_are_kept_from_a_blocked_client_are_not_dropped(
    wb: Callable[..., Any], db: Path, oxigraph: str
) -> None:
    assert wb(*ASK, oxigraph).code == 0
    labels = Store.open(db).sql("SELECT count(*) FROM reference_labels").item()

    def answer(_: int, request: Asked) -> Answer:
        return EMPTY if "altLabel" in query(request) else forward(oxigraph, request)

    with serving(answer) as server:
        outcome = wb(*ASK, server.url)
    assert outcome.code == 1
    assert "has no labels of items that it has just given labels of" in outcome.err
    assert Store.open(db).sql("SELECT count(*) FROM reference_labels").item() == labels > 0


def test_a_class_that_is_too_much_is_asked_for_from_its_best_known_items_on(
    wb: Callable[..., Any], db: Path, oxigraph: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wikidata, "BATCH", 50)

    def answer(_: int, request: Asked) -> Answer:
        wide = "Q11424 ;" in query(request) and least(request) < 100
        return HTML if wide and not batch(request) and below(request) > 500 else forward(oxigraph, request)

    with serving(answer) as server:
        outcome = wb(*ASK, server.url)
    assert outcome.code == 0
    assert "asking for each film with 30+ sitelinks first" in outcome.err
    asked = [(least(r), below(r)) for r in server.asked if not batch(r) and "Q11424 ;" in query(r)]
    assert asked == [(10, BIG), (30, BIG), (70, BIG), (150, BIG), (70, 150), (30, 70), (10, 30)]
    found = qids(db)
    assert len(found) == LIMIT
    assert wb(*ASK, oxigraph).code == 0
    assert qids(db) == found


def query(request: Asked) -> str:
    return urllib.parse.parse_qs(request.body.decode())["query"][0]


def least(request: Asked) -> int:
    found = re.search(r">= ([0-9]+)", query(request))
    return int(found[1]) if found else -1


def below(request: Asked) -> int:
    found = re.search(r"< ([0-9]+)", query(request))
    return int(found[1]) if found else -1


def test_portions_shrink_and_grow() -> None:
    asked: list[int] = []

    def ask(items: Any) -> int:
        asked.append(len(items))
        if len(items) > 4:
            raise TooMuch("no answer")
        return sum(items)

    portions = list(in_portions(range(30), 16, ask, lambda _: None))
    assert [n for portion in portions for n in portion.items] == list(range(30))
    assert sum(portion.answer for portion in portions) == sum(range(30))
    assert asked == [16, 8, 4, 4, 4, 4, 8, 4, 4, 4, 2]
