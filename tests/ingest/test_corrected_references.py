"""What follows from a correction of a reference: its date as a whole, its prompts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from workbench.records import Reference
from workbench.store import Store

Ingest = Callable[..., Outcome]
CALENDAR = "qid,label,kind,date,calendar"
YEAR = "qid,label,kind,year"


@pytest.fixture
def ingest(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> Ingest:
    """Ingests a references file of these lines."""
    return lambda *lines: wb("ingest", "--from", csv_file(*lines))


def _date(db: Path) -> tuple[object, ...]:
    (r,) = Store.open(db).rows("all_refs", Reference)
    return r.creation_date, r.creation_year, r.creation_precision, r.creation_calendar


def test_a_date_of_another_source_replaces_the_whole_date(ingest: Ingest, db: Path) -> None:
    ingest(CALENDAR, "Q1,One,static,1500-05-01,julian")
    assert _date(db) == ("1500-05-01", 1500, 11, "julian")
    ingest(YEAR, "Q1,One,static,1889")
    new = _date(db)
    assert new[:3] == ("1889", 1889, 9)
    assert new[3] != "julian"


def test_no_date_leaves_the_date_alone(ingest: Ingest, db: Path) -> None:
    ingest(CALENDAR, "Q1,One,static,1500-05-01,julian")
    assert "1 changed" in ingest("qid,label,kind", "Q1,Another,static").err
    assert _date(db) == ("1500-05-01", 1500, 11, "julian")


def test_another_calendar_alone_is_a_change(ingest: Ingest, db: Path) -> None:
    ingest(CALENDAR, "Q1,One,static,1500-05-01,julian")
    assert "0 new, 1 changed" in ingest(CALENDAR, "Q1,One,static,1500-05-01,gregorian").err
    assert _date(db)[3] == "gregorian"


def test_a_date_that_is_circa_no_longer_is_a_change(ingest: Ingest, db: Path) -> None:
    ingest(YEAR, "Q1,One,static,c. 1503")
    assert "0 new, 0 changed" in ingest(YEAR, "Q1,One,static,c. 1503").err
    assert "1 changed" in ingest("qid,label,kind", "Q1,Another,static").err
    assert Store.open(db).rows("all_refs", Reference)[0].creation_circa
    assert "0 new, 1 changed" in ingest(YEAR, "Q1,Another,static,1503").err
    assert not Store.open(db).rows("all_refs", Reference)[0].creation_circa


def test_the_same_date_is_no_change(ingest: Ingest) -> None:
    for said in ("1 new, 0 changed", "0 new, 0 changed, 1 unchanged"):
        assert said in ingest(CALENDAR, "Q1,One,static,1500-05-01,julian").err
