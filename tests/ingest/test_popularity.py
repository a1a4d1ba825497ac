"""Sitelinks and page views, from a real SPARQL server and a local one that plays the REST API."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.covariates.pageviews import span_of
from ingest.covariates.popularity import Popularity, measure_popularity
from tests.ingest.servers import Answer, Asked, LocalServer, serving
from workbench.errors import ConfigError
from workbench.store import Store

ROWS = (
    "Q12418,Mona Lisa,static,1",
    "Q45585,The Starry Night,static,2",
    "Q471379,The Scream,static,3",
    "Q205259,Riace bronzes,static,4",
    "Q999999,Gone,static,5",
)
TODAY = date(2026, 3, 5)
POPULARITY = "SELECT qid, method, value, as_of FROM covariates WHERE name = 'popularity' ORDER BY ALL"


@pytest.fixture
def refs(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    assert wb("ingest", "--from", csv_file("qid,label,kind,sitelinks", *ROWS)).code == 0


def views(_: int, asked: Asked) -> Answer:
    """What Wikimedia answers: months that have views, or 404."""
    if "The_Scream" in asked.path:
        return Answer(status=404, body=b'{"type": "not_found"}')
    months = [{"timestamp": f"2025{m:02d}0100", "views": 100 * m} for m in (3, 4)]
    return Answer(body=json.dumps({"items": months}).encode())


@pytest.fixture
def rest() -> Iterator[LocalServer]:
    with serving(views) as server:
        yield server


@pytest.mark.usefixtures("refs")
def test_popularity(wb: Callable[..., Any], db: Path, oxigraph: str, rest: LocalServer, capfd: Any) -> None:
    asked = Popularity(endpoint=oxigraph, service=rest.url, since="2025-03", until="2026-02")
    measure_popularity(db, asked, TODAY)
    told = capfd.readouterr().err
    store = Store.open(db)
    method, end = "pageviews, 12 months", date(2026, 2, 28)
    assert store.sql(POPULARITY).rows() == [
        ("Q12418", method, 700.0, end),
        ("Q12418", "sitelinks", 170.0, date(2026, 5, 4)),
        ("Q205259", "sitelinks", 36.0, None),
        ("Q45585", method, 700.0, end),
        ("Q45585", "sitelinks", 156.0, date(2026, 4, 1)),
        ("Q471379", "sitelinks", 120.0, None),
        ("Q999999", "sitelinks", 5.0, None),
    ]
    assert "skipped 1 items, the endpoint knows nothing of them: Q999999" in told
    assert "skipped 1 page views, none is recorded: Q471379" in told
    assert "skipped 1 page views, no article in en.wikipedia.org: Q205259" in told
    first = next(a for a in rest.asked if "Mona" in a.path)
    assert first.path.endswith("en.wikipedia.org/all-access/user/Mona_Lisa/monthly/20250301/20260228")
    assert first.headers["User-Agent"].startswith("multimodal-iconicity-workbench/")
    kept = store.sql("SELECT qid, value, as_of FROM covariate_history ORDER BY qid").rows()
    assert kept == [("Q12418", 1.0, None), ("Q205259", 4.0, None), ("Q45585", 2.0, None), ("Q471379", 3.0, None)]
    provenance = store.sql("SELECT provenance FROM covariates WHERE unit = 'views' AND qid = 'Q45585'").item()
    assert provenance.startswith("en.wikipedia.org/wiki/The_Starry_Night,_by_Vincent, 2025-03 to 2026-02")


@pytest.mark.usefixtures("refs")
def test_twice_is_once(db: Path, oxigraph: str, rest: LocalServer, dump: Callable[[], object]) -> None:
    asked = Popularity(endpoint=oxigraph, service=rest.url)
    measure_popularity(db, asked, TODAY)
    before, n = dump(), len(rest.asked)
    measure_popularity(db, asked, TODAY)
    assert dump() == before
    assert len(rest.asked) == n + 1, "only the article that nothing is recorded of is asked for again"


@pytest.mark.usefixtures("refs", "soon")
def test_a_service_that_is_away(wb: Callable[..., Any], db: Path, oxigraph: str) -> None:
    with serving(lambda n, _: Answer(status=503)) as server:
        outcome = wb("ingest", "popularity", "--endpoint", oxigraph, "--service", server.url)
    assert outcome.code == 1
    assert "no answer from 127.0.0.1" in outcome.err and "Traceback" not in outcome.err
    assert Store.open(db).sql(POPULARITY).filter(method="sitelinks").height == 5


@pytest.mark.usefixtures("refs")
def test_answers_that_cannot_be_read(wb: Callable[..., Any], oxigraph: str) -> None:
    with serving(lambda n, _: Answer(body=b"<html>")) as server:
        outcome = wb("ingest", "popularity", "--endpoint", oxigraph, "--service", server.url)
    assert outcome.code == 4
    assert "Q12418 Mona Lisa: the page views of 'Mona Lisa' cannot be read" in outcome.err


def test_spans() -> None:
    assert str(span_of(None, None, TODAY)) == "2025-03 to 2026-02"
    assert str(span_of("2026-01", "2026-01", TODAY)) == "2026-01 to 2026-01"
    assert span_of(None, None, TODAY).months == 12
    for since, until in (
        ("2026-02", "2026-03"),
        ("2026-02", "2026-01"),
        ("2014-01", None),
        ("2025-13", None),
        ("x", None),
    ):
        with pytest.raises(ConfigError):
            span_of(since, until, TODAY)
