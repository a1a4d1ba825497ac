"""Asking about references that are there: what has changed, what is gone."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.oxigraph import PREFIXES, Oxigraph, serving_statements
from workbench.records import Reference, ReferenceLabel
from workbench.store import Store

Wb = Callable[..., Any]
PAINTING = "wdt:P31 wd:Q3305213"


def works(*items: str) -> str:
    return PREFIXES + "\n".join(f"{item} ." for item in items)


def work(n: int, label: str, links: int, day: str = "2026-01-01", more: str = "") -> str:
    edited = f'schema:dateModified "{day}T00:00:00Z"^^xsd:dateTime'
    return f'wd:Q{n} {PAINTING} ; wikibase:sitelinks {links} ; rdfs:label "{label}"@en ; {edited}{more}'


@pytest.fixture(scope="module")
def server() -> Iterator[Oxigraph]:
    with serving_statements() as found:
        yield found


@pytest.fixture
def refs(server: Oxigraph, wb: Wb) -> list[str]:
    """Four references from an endpoint; its address, as it is asked."""
    fr = ' ; rdfs:label "Deux"@fr ; skos:altLabel "Zwo"@de, "Zweites"@de ; rdfs:label "Zwei"@de'
    server.load(works(work(1, "One", 100), work(2, "Two", 90, more=fr), work(3, "Three", 80), work(4, "Four", 70)))
    asked = ["ingest", "references", "--endpoint", server.url]
    assert wb(*asked).code == 0
    return asked


def lost(db: Path) -> list[tuple[str, str, str | None]]:
    rows = Store.open(db).sql("SELECT qid, state, target FROM lost_items ORDER BY qid").rows()
    return [(str(qid), str(state), target) for qid, state, target in rows]


def test_merged_and_deleted_items_are_told_and_the_references_stay(
    wb: Wb, db: Path, refs: list[str], server: Oxigraph, dump: Callable[[], object]
) -> None:
    server.load(works(work(1, "One", 100), "wd:Q2 owl:sameAs wd:Q1", work(4, "Four", 70)))
    outcome = wb(*refs, "--refresh")
    assert outcome.code == 0
    assert "skipped 1 items, merged into others: Q2 into Q1" in outcome.err
    assert "skipped 1 items, deleted: the endpoint states nothing of them: Q3" in outcome.err
    assert lost(db) == [("Q2", "redirected", "Q1"), ("Q3", "deleted", None)]
    (static,) = [row for row in json.loads(wb("status", "--format", "json").out) if row["area"] == "references"]
    assert static["note"] == "1 merged into other items, 1 deleted"
    labels = {r.qid: r.label for r in Store.open(db).rows("all_refs", Reference)}
    assert labels == {"Q1": "One", "Q2": "Two", "Q3": "Three", "Q4": "Four"}
    assert Store.open(db).rows("reference_labels_of", ReferenceLabel, qids=["Q2"], languages=["fr"])
    before = dump()
    assert wb(*refs, "--refresh").code == 0
    assert dump() == before


def test_an_item_that_is_there_again_is_lost_no_longer(wb: Wb, db: Path, refs: list[str], server: Oxigraph) -> None:
    server.load(works(work(1, "One", 100), "wd:Q2 owl:sameAs wd:Q1"))
    wb(*refs, "--refresh")
    assert [row[0] for row in lost(db)] == ["Q2", "Q3", "Q4"]
    server.load(works(work(1, "One", 100), work(2, "Two", 90), work(3, "Three", 80), "wd:Q4 owl:sameAs wd:Q3"))
    wb(*refs, "--refresh")
    assert lost(db) == [("Q4", "redirected", "Q3")]


def test_a_refresh_adds_no_reference(wb: Wb, db: Path, refs: list[str], server: Oxigraph) -> None:
    server.load(works(*(work(n, f"W{n}", 100 - n) for n in range(1, 9))))
    assert "references: 4 found, 0 new, 4 changed" in wb(*refs, "--refresh").err
    store = Store.open(db)
    assert store.sql("SELECT label FROM refs ORDER BY qid")["label"].to_list() == ["W1", "W2", "W3", "W4"]
    prompts = store.sql("SELECT text FROM prompts WHERE active ORDER BY text")["text"].to_list()
    assert prompts == ["W1", "W2", "W3", "W4"]


def test_a_refresh_keeps_old_covariates_with_their_day(wb: Wb, db: Path, refs: list[str], server: Oxigraph) -> None:
    server.load(works(work(1, "One", 120, "2026-06-30"), work(2, "Two", 90), work(3, "Three", 80), work(4, "Four", 70)))
    assert "covariates: 0 new, 1 changed, 3 unchanged" in wb(*refs, "--refresh").err
    store = Store.open(db)
    now = store.sql("SELECT value, as_of, provenance FROM covariates WHERE qid = 'Q1'").rows()
    assert now == [(120.0, date(2026, 6, 30), server.url)]
    kept = store.sql("SELECT qid, value, as_of, replaced_by = run_id FROM covariate_history").rows()
    assert kept == [("Q1", 100.0, date(2026, 1, 1), False)]


def test_labels_follow_the_item(wb: Wb, db: Path, refs: list[str], server: Oxigraph) -> None:
    def labels() -> list[tuple[str, str, list[str]]]:
        rows = Store.open(db).rows("reference_labels_of", ReferenceLabel, qids=["Q2"])
        return [(row.language, row.label, list(row.aliases)) for row in rows]

    assert labels() == [("de", "Zwei", ["Zweites", "Zwo"]), ("en", "Two", []), ("fr", "Deux", [])]
    changed = ' ; rdfs:label "Zwei!"@de ; skos:altLabel "Zwo"@de, "Zwei!"@de ; rdfs:label "Kaksi"@fi'
    server.load(works(work(1, "One", 100), work(2, "Two", 90, more=changed), work(3, "T", 8), work(4, "F", 7)))
    wb(*refs, "--refresh", "--language", "de", "--language", "fi")
    assert labels() == [("de", "Zwei!", ["Zwo"]), ("en", "Two", []), ("fi", "Kaksi", []), ("fr", "Deux", [])]
    wb(*refs, "--refresh")
    assert [row[0] for row in labels()] == ["de", "en", "fi"], "French was asked for, and is gone"


@pytest.mark.parametrize("asked", [("--refresh",), ()], ids=["refresh", "find"])
def test_a_reference_of_a_file_keeps_what_the_file_says(
    wb: Wb, db: Path, server: Oxigraph, csv_file: Callable[..., Path], asked: tuple[str, ...]
) -> None:
    rows = ("Q1,My Own Title,dynamic,film,,-459,7", "Q2,Two,static,,Me,,", "Q9,Not on Wikidata,static,,,,")
    wb("ingest", "--from", csv_file("qid,label,kind,type,creator,year,sitelinks", *rows))
    maker = (
        " ; p:P170 [ wikibase:rank wikibase:NormalRank ; ps:P170 wd:Q762 ] ; p:P18 [ wikibase:rank"
        " wikibase:NormalRank ; ps:P18 <http://x/Special:FilePath/A.jpg>, <http://x/Special:FilePath/B.jpg> ]"
    )
    time = 'wikibase:timeValue "1503-01-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 9'
    value = f"{time} ; wikibase:timeCalendarModel wd:Q1985786"
    made = f" ; p:P571 [ wikibase:rank wikibase:NormalRank ; psv:P571 [ {value} ] ]"
    person = 'wd:Q762 rdfs:label "Leonardo da Vinci"@en'
    both = (work(1, "Theirs", 100, more=maker + made), work(2, "Zwei", 90, more=maker + made))
    server.load(works(*both, person))
    assert wb("ingest", "references", *asked, "--endpoint", server.url).code == 0
    found = {r.qid: r for r in Store.open(db).rows("all_refs", Reference)}
    first, second = found["Q1"], found["Q2"]
    assert (first.label, first.kind, first.type, first.creation_date) == ("My Own Title", "dynamic", "film", "-0459")
    assert (list(first.creators), first.image_file, first.source) == (["Leonardo da Vinci"], "A.jpg", "refs.csv")
    assert list(first.more_image_files) == ["B.jpg"]
    assert (list(second.creators), second.creation_date, second.creation_calendar) == (["Me"], "1503", "julian")
    assert Store.open(db).sql("SELECT value FROM covariates WHERE qid = 'Q1'").item() == 100
    assert lost(db) == ([("Q9", "deleted", None)] if asked else [])


def test_only_references_of_a_kind(wb: Wb, refs: list[str]) -> None:
    assert "about 0 references" in wb(*refs, "--refresh", "--kind", "dynamic").err
    assert "about 4 references" in wb(*refs, "--refresh", "--kind", "static").err


def test_a_portion_without_any_reference(wb: Wb, db: Path, server: Oxigraph) -> None:
    server.load(works(f'wd:Q1 {PAINTING} ; wikibase:sitelinks 90 ; rdfs:label "Un"@fr'))
    outcome = wb("ingest", "references", "--endpoint", server.url)
    assert outcome.code == 0
    assert "references: 0 found" in outcome.err
    assert "no English label to prompt with: Q1" in outcome.err
    store = Store.open(db)
    assert (
        store.sql("SELECT count(*) FROM refs").item() == store.sql("SELECT count(*) FROM reference_labels").item() == 0
    )
    assert store.sql("SELECT count(*) FROM endpoint_answers WHERE question = 'facts'").item() == 1


def test_no_study_to_refresh(wb: Wb, db: Path) -> None:
    assert wb("ingest", "references", "--refresh").code == 3
    assert not db.exists()
