"""References from a CSV file."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.job import Sources, ingest_sources
from ingest.references_csv import read_references
from tests.ingest.conftest import dump_of
from workbench.errors import IngestError, SomeItemsFailed
from workbench.records import Reference
from workbench.store import Store

HEADER = "qid,label,kind,type,creator,year,date,precision,calendar,sitelinks,pageviews,description,image_file"
MONA_LISA = (
    'q12418,"Mona Lisa, ""La Gioconda""",Static,painting,Leonardo da Vinci|Workshop,'
    "1503,,8,julian,146,203926,portrait,M.jpg"
)


def test_a_full_row(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    outcome = wb("ingest", "--from", csv_file(HEADER, MONA_LISA))
    assert outcome.code == 0, outcome.err
    (r,) = Store.open(db).rows("all_refs", Reference)
    assert (r.qid, r.label, r.kind, r.type) == ("Q12418", 'Mona Lisa, "La Gioconda"', "static", "painting")
    assert list(r.creators) == ["Leonardo da Vinci", "Workshop"]
    assert (r.creation_date, r.creation_year, r.creation_precision, r.creation_calendar) == ("1503", 1503, 8, "julian")
    assert (r.description, r.image_file, r.source) == ("portrait", "M.jpg", "refs.csv")
    rows = Store.open(db).sql("SELECT name, method, value, unit, provenance FROM covariates ORDER BY ALL").rows()
    assert rows == [
        ("popularity", "pageviews", 203926.0, "views", "refs.csv"),
        ("popularity", "sitelinks", 146.0, "sitelinks", "refs.csv"),
    ]
    prompts = Store.open(db).sql("SELECT qid, perturbation, variant, method, text, changes, active FROM prompts").rows()
    assert prompts == [("Q12418", "title", 1, "label", 'Mona Lisa, "La Gioconda"', None, True)]
    run = Store.open(db).sql("SELECT run_id, command, outcome, planned, done, failed FROM runs").rows()
    assert run == [(r.run_id, "ingest", "done", 1, 1, 0)]


def test_three_columns_are_enough(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    assert wb("ingest", "--from", csv_file("kind,label,qid", "dynamic,風神雷神図,Q1")).code == 0
    (r,) = Store.open(db).rows("all_refs", Reference)
    assert (r.label, r.creators, r.creation_year, r.type) == ("風神雷神図", [], None, None)


BAD = {
    "Q1x,Label,static,": "malformed QID 'Q1x'",
    ",Label,static,": "no QID",
    "Q7,,static,": "Q7 has no label",
    'Q7,"\x00\x1b \t",static,': "Q7 has no label",
    "Q7,Label,still,": "Q7 has kind 'still', not static or dynamic",
    "Q7,Label,,": "Q7 has kind ''",
    "Q7,Label,static,c. 15th century": "year '15th century' is neither an integer",
    "Q7,Label,static,1880-1881": "year '1880-1881' is neither an integer",
    "Q7,Label,static,99999": "year 99999 is out of range",
    "Q1,Another label,static,1900": "Q1 again, and different; line 2 is taken",
    "Q7,A, B,static,1900": "5 cells, but the header has 4",
}


@pytest.mark.parametrize(("row", "reason"), BAD.items(), ids=range(len(BAD)))
def test_a_bad_row_is_named_and_the_rest_is_written(
    wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path], row: str, reason: str
) -> None:
    outcome = wb("ingest", "--from", csv_file("qid,label,kind,year", "Q1,One,static,1900", row, "Q2,Two,dynamic,-5"))
    assert outcome.code == 4
    assert f"refs.csv:3: {reason}" in outcome.err
    assert "wb: 1 item could not be taken, listed above" in outcome.err
    assert [r.qid for r in Store.open(db).rows("all_refs", Reference)] == ["Q1", "Q2"]
    assert Store.open(db).sql("SELECT outcome, done, failed FROM runs").rows() == [("some failed", 2, 1)]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("sitelinks", "many"), ("sitelinks", "-1"), ("pageviews", "1.5"), ("covariate:x", "nan"), ("covariate:x", "1,5")],
)
def test_a_measure_that_is_no_number(csv_file: Callable[..., Path], column: str, cell: str) -> None:
    file = read_references(csv_file(f"qid,label,kind,{column}", f'Q1,One,static,"{cell}"'))
    assert not file.found
    assert column in file.problems[0].reason


def test_years_before_the_common_era_and_absent_ones(csv_file: Callable[..., Path]) -> None:
    rows = ("Q1,A,static,-459", "Q2,B,static,460 BCE", "Q3,C,static,0", "Q4,D,static,", "Q5,E,static,1886.0")
    file = read_references(csv_file("qid,label,kind,year", *rows))
    assert [f.reference.creation_year for f in file.found] == [-459, -459, 0, None, 1886]
    assert [f.reference.creation_date for f in file.found] == ["-0459", "-0459", "0000", None, "1886"]
    assert not file.problems


def test_a_year_or_a_date_may_be_circa(csv_file: Callable[..., Path]) -> None:
    header = "qid,label,kind,year,date,precision"
    rows = (
        "Q1,A,static,c. 1503,,",
        "Q2,B,static,ca. 460 BCE,,",
        "Q3,C,static,,circa 1503-06,",
        "Q4,D,static,c.1401,,7",
    )
    file = read_references(csv_file(header, *rows, "Q5,E,static,c. 1503,1503-06-18,", "Q6,F,static,1503,,"))
    found = [(f.reference.creation_date, f.reference.creation_circa) for f in file.found]
    assert found[:4] == [("1503", True), ("-0459", True), ("1503-06", True), ("1401", True)]
    assert found[4:] == [("1503-06-18", True), ("1503", False)]


def test_date_and_year_must_agree(csv_file: Callable[..., Path]) -> None:
    header = "qid,label,kind,year,date"
    file = read_references(csv_file(header, "Q1,A,static,1889,1889-06-18", "Q2,B,static,1888,1889-06-18"))
    assert [f.reference.creation_precision for f in file.found] == [11]
    assert "is not the year of date" in file.problems[0].reason


def test_the_same_row_twice_is_no_problem(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    outcome = wb("ingest", "--from", csv_file("qid,label,kind", "Q1,One,static", "q1, One ,STATIC"))
    assert outcome.code == 0
    assert "references: 1 found, 1 new, 0 changed, 0 unchanged, 1 repeated" in outcome.err


def test_covariates_of_ones_own(csv_file: Callable[..., Path]) -> None:
    header = "qid,label,kind,covariate:training_frequency,Covariate:rarity/wordfreq"
    file = read_references(csv_file(header, "Q1,One,static,12,0.25", "Q2,Two,static,,1e-3"))
    found = [(c.qid, c.name, c.method, c.value) for f in file.found for c in f.covariates]
    assert found == [
        ("Q1", "training_frequency", "csv", 12.0),
        ("Q1", "rarity", "wordfreq", 0.25),
        ("Q2", "rarity", "wordfreq", 0.001),
    ]


@pytest.mark.parametrize("columns", ["covariate:", "covariate:/m", "sitelinks,covariate:popularity/sitelinks"])
def test_columns_that_name_no_covariate_or_one_twice(csv_file: Callable[..., Path], columns: str) -> None:
    with pytest.raises(IngestError):
        read_references(csv_file(f"qid,label,kind,{columns}", "Q1,One,static,1"))


@pytest.mark.parametrize(
    "lines", [(), ("qid,titel,kind", "Q1,One,static"), ('qid,label,kind\nQ1,"One',)], ids=["empty", "column", "quote"]
)
def test_an_unusable_file_writes_nothing(
    wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path], lines: tuple[str, ...]
) -> None:
    outcome = wb("ingest", "--from", csv_file(*lines))
    assert outcome.code == 1
    assert [line.split(":")[0] for line in outcome.err.splitlines()] == ["wb", "hint"]
    assert not db.exists()


def test_a_corrected_file_corrects_the_study(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    header = "qid,label,kind,creator,year,sitelinks"
    wb("ingest", "--from", csv_file(header, "Q1,Old Title,static,Somebody,1900,10", "Q2,Two,static,,,5"))
    outcome = wb("ingest", "--from", csv_file(header, "Q1,New Title,static,,1901,11", "Q2,Two,static,,,5"))
    assert "references: 2 found, 0 new, 1 changed, 1 unchanged" in outcome.err
    assert "covariates: 0 new, 1 changed, 1 unchanged" in outcome.err
    assert "title prompts: 1 new, 1 unchanged, 1 retired" in outcome.err
    one, _ = Store.open(db).rows("all_refs", Reference)
    assert (one.label, list(one.creators), one.creation_year) == ("New Title", ["Somebody"], 1901)
    prompts = Store.open(db).sql("SELECT text, active FROM prompts WHERE qid = 'Q1' ORDER BY text").rows()
    assert prompts == [("New Title", True), ("Old Title", False)]


def test_an_old_title_that_comes_back_is_active_again(
    wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]
) -> None:
    for title in ("Old", "New", "Old"):
        wb("ingest", "--from", csv_file("qid,label,kind", f"Q1,{title},static"))
    assert Store.open(db).sql("SELECT text, active FROM prompts ORDER BY text").rows() == [
        ("New", False),
        ("Old", True),
    ]


def test_a_very_long_label(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    label = "Very " * 20_000 + "long"
    assert wb("ingest", "--from", csv_file("qid,label,kind", f"Q1,{label},static")).code == 0
    assert Store.open(db).sql("SELECT text FROM prompts").item() == label


def test_other_columns_are_left_aside_and_said(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    outcome = wb("ingest", "--from", csv_file("qid,label,kind,colour", "Q1,One,static,blue"))
    assert "columns left aside: colour" in outcome.err


CELLS = st.fixed_dictionaries(
    {
        "qid": st.sampled_from(["Q1", "q1", "Q2", "Q3", "Q30000", "x", ""]),
        "label": st.text(st.characters(), max_size=12),
        "kind": st.sampled_from(["static", "dynamic", "other"]),
        "creator": st.text(st.characters(categories=["L", "P", "Z"]), max_size=10),
        "year": st.sampled_from(["", "1503", "-459", "0", "12 BCE", "c. 5"]),
        "sitelinks": st.sampled_from(["", "0", "12", "many"]),
    }
)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""').encode("utf-8", "replace").decode() + '"'


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(CELLS, max_size=6))
def test_twice_is_once_whatever_the_rows(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("twice")
    file, db = folder / "refs.csv", folder / "study.duckdb"
    lines = [",".join(rows[0] if rows else ("qid", "label", "kind"))]
    lines += [",".join(map(_quoted, row.values())) for row in rows]
    file.write_bytes("\n".join(lines).encode())
    dumps = []
    for _ in range(2):
        with contextlib.suppress(SomeItemsFailed):
            ingest_sources(db, Sources(references=file))
        dumps.append(dump_of(db))
    assert dumps[0] == dumps[1]
    assert len(dumps[0]["refs"]) == len(dumps[0]["prompts"])
