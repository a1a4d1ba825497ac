"""References from a real SPARQL server on loopback."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest import wikidata
from ingest.job import Sources, ingest_sources
from ingest.question import CLASSES
from tests.ingest.servers import HTML, Answer, Asked, forward, serving
from workbench.records import Reference
from workbench.store import Store

REFERENCES = 68


@pytest.fixture(scope="module")
def study(oxigraph: str, tmp_path_factory: pytest.TempPathFactory) -> Store:
    db = tmp_path_factory.mktemp("study") / "study.duckdb"
    ingest_sources(db, Sources(endpoint=oxigraph))
    return Store.open(db)


@pytest.fixture(scope="module")
def references(study: Store) -> dict[str, Reference]:
    return {r.qid: r for r in study.rows("all_refs", Reference)}


def test_every_class_and_subclass_is_found(references: dict[str, Reference]) -> None:
    assert len(references) == REFERENCES
    assert {r.type for r in references.values()} == {work.type for work in CLASSES}
    assert {r.kind for r in references.values() if r.type in ("film", "television series")} == {"dynamic"}
    assert "Q42" not in references and "Q3009" not in references


@pytest.mark.parametrize(
    ("qid", "value", "year", "precision", "calendar"),
    [
        ("Q12418", "1503", 1503, 9, "julian"),
        ("Q45585", "1889-06", 1889, 10, "gregorian"),
        ("Q471379", "1893", 1893, 9, "gregorian"),
        ("Q205259", "-0459", -459, 9, "julian"),
        ("Q151952", "-0199", -199, 7, "julian"),
        ("Q2001", "0000", 0, 9, "julian"),
        ("Q500242", "1512-11-11", 1512, 11, "gregorian"),
        ("Q3005", "1850", 1850, 9, "gregorian"),
        ("Q151599", "1927-01-10", 1927, 11, "gregorian"),
        ("Q3008", "1990-04-08", 1990, 11, "gregorian"),
        ("Q252485", None, None, None, None),
        ("Q3006", None, None, None, None),
        ("Q151047", "1480", 1480, 8, "julian"),
        ("Q549847", "1401", 1401, 7, "julian"),
        ("Q3103", "-2999", -2999, 6, "julian"),
        ("Q582172", "-1344", -1344, 9, "julian"),
        ("Q474338", "1490", 1490, 9, "julian"),
        ("Q1892745", "1500", 1500, 7, "julian"),
        ("Q3104", None, None, None, None),
        ("Q945850", "1622", 1622, 9, "gregorian"),
        ("Q44578", "1997-11-01", 1997, 11, "gregorian"),
        ("Q47703", "1972-03-14", 1972, 11, "gregorian"),
        ("Q163872", "2008-07", 2008, 10, "gregorian"),
        ("Q34316", "1963-11-23", 1963, 11, "gregorian"),
    ],
)
def test_dates(
    references: dict[str, Reference],
    qid: str,
    value: str | None,
    year: int | None,
    precision: int | None,
    calendar: str | None,
) -> None:
    r = references[qid]
    found = (r.creation_date, r.creation_year, r.creation_precision, r.creation_calendar)
    assert found == (value, year, precision, calendar)


CIRCA = {"Q12418", "Q205259", "Q549847", "Q23572", "Q1079"}
"""Of the date that is taken: Q471379 and Q220859 have another one, Q151952 and Q151047 other circumstances."""


def test_dates_that_are_circa(references: dict[str, Reference]) -> None:
    assert {qid for qid, r in references.items() if r.creation_circa} == CIRCA
    assert (references["Q220859"].creation_date, references["Q151952"].creation_date) == ("1434", "-0199")


@pytest.mark.parametrize(
    ("qid", "creators"),
    [
        ("Q12418", ["Leonardo da Vinci"]),
        ("Q45585", ["Vincent van Gogh"]),
        ("Q471379", ["Edvard Munch"]),
        ("Q205259", []),
        ("Q3006", []),
        ("Q151599", ["Second Director", "First Director", "Some Creator"]),
        ("Q244971", ["Second Director", "First Director"]),
        ("Q735085", ["Gian Lorenzo Bernini", "Donatello"]),
        ("Q945850", ["Donatello", "Gian Lorenzo Bernini"]),
        ("Q83495", ["Lana Wachowski", "Lilly Wachowski"]),
        ("Q717956", []),
        ("Q3104", []),
        ("Q3105", ["Donatello"]),
    ],
)
def test_creators(references: dict[str, Reference], qid: str, creators: list[str]) -> None:
    assert list(references[qid].creators) == creators


@pytest.mark.parametrize(
    ("qid", "label"),
    [
        ("Q12418", "Mona Lisa"),
        ("Q471379", "The Scream"),
        ("Q3002", "風神雷神図"),
        ("Q3003", 'A "Quoted" Title,[31m with breaks'),
    ],
)
def test_labels(references: dict[str, Reference], qid: str, label: str) -> None:
    assert references[qid].label == label


def test_other_facts(references: dict[str, Reference], study: Store) -> None:
    mona_lisa = references["Q12418"]
    assert mona_lisa.image_file == "Mona Lisa, by Leonardo da Vinci.jpg"
    assert mona_lisa.description == "painting by Leonardo da Vinci"
    assert references["Q45585"].image_file == "Starry Night.jpg"
    assert references["Q205259"].image_file is None
    assert references["Q3007"].type == "painting"
    assert references["Q3114"].type == "photograph"
    assert (references["Q3122"].type, references["Q3122"].kind) == ("painting", "static")
    assert references["Q589099"].image_file == "A view of Cloud Gate.jpg"
    assert list(references["Q589099"].more_image_files) == ["Cloud Gate at night.jpg"]
    assert references["Q582172"].image_file == "Queen Nefertiti.jpg", "preferred"
    assert list(references["Q582172"].more_image_files) == ["Bust of Nefertiti.jpg", "Nofretete Neues Museum.jpg"]
    assert references["Q1325290"].image_file == "Angel of the North, 50% + “wings” & sky?.jpg"
    rows = study.sql("SELECT value, as_of FROM covariates WHERE qid IN ('Q12418', 'Q205259') ORDER BY qid").rows()
    assert rows == [(170.0, date(2026, 5, 4)), (36.0, None)]


def test_items_without_a_label_are_said_not_faked(wb: Callable[..., Any], oxigraph: str, db: Path) -> None:
    outcome = wb("ingest", "references", "--endpoint", oxigraph)
    assert "skipped 3 items, no English label to prompt with: Q3001, Q3004, Q3123" in outcome.err
    assert "skipped 1 creation dates, unreadable or out of range: Q3006" in outcome.err
    assert f"references: {REFERENCES} found, {REFERENCES} new, 0 changed, 0 unchanged" in outcome.err
    assert outcome.out == ""
    prompts = Store.open(db).sql(
        "SELECT text FROM prompts JOIN refs USING (qid) WHERE text = label AND method = 'label'"
    )
    assert prompts.height == REFERENCES


def test_twice_is_once(wb: Callable[..., Any], dump: Callable[[], object], oxigraph: str) -> None:
    wb("ingest", "references", "--endpoint", oxigraph)
    before = dump()
    again = wb("ingest", "references", "--endpoint", oxigraph)
    assert dump() == before
    assert f"0 new, 0 changed, {REFERENCES} unchanged" in again.err


def test_the_best_known_are_taken(wb: Callable[..., Any], oxigraph: str, db: Path) -> None:
    wb("ingest", "references", "--endpoint", oxigraph, "--limit", 3)
    assert _qids(db) == {"Q12418", "Q45585", "Q23572"}
    wb("ingest", "references", "--endpoint", oxigraph, "--kind", "dynamic", "--limit", 1, "--min-sitelinks", 0)
    assert _qids(db) == {"Q12418", "Q45585", "Q23572"}
    wb("ingest", "references", "--endpoint", oxigraph, "--kind", "static", "--limit", 4)
    assert _qids(db) == {"Q12418", "Q45585", "Q23572", "Q471379", "Q151952"}


def test_few_sitelinks_are_enough_where_told(wb: Callable[..., Any], oxigraph: str, db: Path) -> None:
    wb("ingest", "references", "--endpoint", oxigraph, "--min-sitelinks", 0)
    assert "Q3009" in _qids(db)


def test_nothing_fits(wb: Callable[..., Any], oxigraph: str, db: Path) -> None:
    outcome = wb("ingest", "references", "--endpoint", oxigraph, "--min-sitelinks", 5000)
    assert outcome.code == 0
    assert "no item fits" in outcome.err
    assert _qids(db) == set()


def test_an_endpoint_is_asked_one_question_at_a_time(wb: Callable[..., Any], oxigraph: str) -> None:
    with serving(lambda _, request: forward(oxigraph, request)) as server:
        wb("ingest", "references", "--endpoint", server.url)
    assert (server.most, len(server.asked)) == (1, len(CLASSES) + 4)


@pytest.fixture
def breaking(oxigraph: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An endpoint that works for all ids and two batches of five, then answers HTML for ever."""
    monkeypatch.setattr(wikidata, "BATCH", 5)
    good = len(CLASSES) + 2 * 2

    def answer(n: int, request: Asked) -> Answer:
        return forward(oxigraph, request) if n < good else HTML

    with serving(answer) as server:
        yield server.url


@pytest.mark.usefixtures("hasty")
def test_what_was_fetched_before_it_broke_stays(wb: Callable[..., Any], breaking: str, oxigraph: str, db: Path) -> None:
    outcome = wb("ingest", "references", "--endpoint", breaking)
    assert outcome.code == 1
    assert "gave no answer in 3 attempts: HTML" in outcome.err
    assert "references: 10 found, 10 new" in outcome.err
    assert "Traceback" not in outcome.err
    assert len(_qids(db)) == 10
    runs = Store.open(db).sql("SELECT outcome, done, failed FROM runs").rows()
    assert runs == [("failed", 10, 0)]
    assert wb("ingest", "references", "--endpoint", oxigraph).code == 0
    assert len(_qids(db)) == REFERENCES


def _qids(db: Path) -> set[str]:
    return {r.qid for r in Store.open(db).rows("all_refs", Reference)}
