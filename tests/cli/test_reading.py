"""wb sql, schema, status, export."""

import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import Outcome
from tests.store.measured import fill, image, reference
from workbench.store import RunLog, Store, connection

WB = Callable[..., Outcome]


@pytest.fixture
def study(store: Store) -> Store:
    fill(
        store,
        reference("Q1"),
        reference("Q2", kind="dynamic"),
        image("Q1", 0, s=0.9, p=[0.7] * 4 + [0.1] * 12),
        image("Q1", 1),
        image("Q1", 2, s=0.9, images=2),
        image("Q2", 0, status="blocked"),
    )
    return store


def test_sql_formats_agree(wb: WB, study: Store, tmp_path: Path) -> None:
    query = "SELECT qid, cra, vr, NULL AS nothing, [1, 2] AS several FROM ref_scores() ORDER BY qid"
    csv = pl.read_csv(io.StringIO(wb("sql", query, "--format", "csv").out))
    rows = json.loads(wb("sql", query, "--format", "json").out)
    wb("sql", query, "--format", "parquet", "-o", tmp_path / "x.parquet")
    parquet = pl.read_parquet(tmp_path / "x.parquet")
    assert csv["qid"].to_list() == parquet["qid"].to_list() == [row["qid"] for row in rows] == ["Q1", "Q2"]
    assert rows[0] == {"qid": "Q1", "cra": 1.0, "vr": 0.25, "nothing": None, "several": [1, 2]}
    assert csv["several"].to_list() == ["[1, 2]"] * 2
    table = wb("sql", query).out.splitlines()
    assert table[0].split() == ["qid", "cra", "vr", "nothing", "several"]
    assert table[1].split() == ["Q1", "1", "0.25", "–", "1,", "2"]


def test_sql_reads_standard_input(wb: WB, study: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 42 AS answer"))
    assert json.loads(wb("sql", "-", "--format", "json").out) == [{"answer": 42}]


@pytest.mark.parametrize("format_", ["table", "csv", "json", "parquet"])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM refs AS a JOIN refs AS b ON a.kind = b.kind, (SELECT 1 AS qid_1)",
        "SELECT INTERVAL 3 DAY AS i, NULL::INTERVAL AS n",
        "SELECT DATE '0044-03-15 (BC)' AS d, '\\xAA'::BLOB AS b, [1, NULL] AS l, {'a': 1} AS s",
        "SELECT TIME '12:00' AS t, now() AS z, uuid() AS u, 1::HUGEINT AS h, 1.5::DECIMAL AS d, MAP {'k': 1} AS m",
    ],
)
def test_any_answer_can_be_written(wb: WB, study: Store, tmp_path: Path, query: str, format_: str) -> None:
    done = wb("sql", query, "--format", format_, "-o", tmp_path / "out")
    assert done.code == 0, done.err
    assert (tmp_path / "out").stat().st_size


def test_a_failed_write_keeps_what_was_there(wb: WB, study: Store, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert wb("sql", "SELECT 1", "-o", tmp_path / "folder").code == 2
    assert wb("sql", "SELECT 1", "-o", tmp_path / "new").code == 0
    assert {path.name for path in tmp_path.iterdir()} >= {"folder", "new"}
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


@pytest.mark.parametrize("query", ["SELEC 1", "SELECT * FROM nowhere", "SELECT error('boom')"])
def test_refused_sql_is_one_line_and_exit_1(wb: WB, study: Store, query: str) -> None:
    done = wb("sql", query)
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) <= 2


def test_sql_cannot_change_the_study(wb: WB, study: Store) -> None:
    before = study.table("refs")
    assert wb("sql", "DELETE FROM refs").code == 1
    assert study.table("refs").equals(before)


def test_sql_output_into_a_missing_folder_is_refused(wb: WB, study: Store, tmp_path: Path) -> None:
    done = wb("sql", "SELECT 1", "--format", "csv", "-o", tmp_path / "no" / "x.csv")
    assert done.code == 2
    assert "cannot write" in done.err


def test_control_characters_reach_no_terminal(wb: WB, study: Store) -> None:
    assert "\x1b" not in wb("sql", "SELECT chr(27) || '[31mred' AS x").out


def test_long_tables_are_cut_and_say_so(wb: WB, study: Store) -> None:
    done = wb("sql", "FROM range(1200)")
    assert len(done.out.splitlines()) == 1001
    assert "1,000 of 1,200 rows" in done.err


def test_schema_of_one_table(wb: WB, study: Store) -> None:
    rows = json.loads(wb("schema", "images", "--format", "json").out)
    assert {row["name"] for row in rows} == {"images"}
    assert all(row["meaning"] for row in rows)
    assert "did you mean" in wb("schema", "imags").err


def test_status_counts_what_is_there_and_what_is_not(wb: WB, study: Store) -> None:
    with RunLog(study, "generate", {}):
        pass
    done = wb("status", "--format", "json")
    rows = {(row["area"], row["item"]): row for row in json.loads(done.out)}
    assert rows["references", "static"]["have"] == 1
    assert (rows["reference images", "dynamic"]["have"], rows["reference images", "dynamic"]["expected"]) == (1, 1)
    images = rows["images", "m / title"]
    assert (images["have"], images["expected"], images["failed"]) == (3, 4, 1)
    assert "1 blocked" in images["note"]
    assert (rows["similarities", "clip#1"]["have"], rows["similarities", "clip#1"]["expected"]) == (1, 3)
    assert "1 out of date" in rows["similarities", "clip#1"]["note"]
    assert "next: wb score (2 of 3 images are not scored yet)" in done.err
    assert "generate: done" in done.err


def test_status_shows_a_run_while_it_goes_and_one_that_was_killed(wb: WB, store: Store) -> None:
    with RunLog(store, "generate", {}) as run:
        run.planned = 40
        time.sleep(0.01)
        store.write(run.step(done=9, failed=1))
        said = wb("status").err
        assert re.search(
            r"generate: running, 9 of 40 done, 1 failed, [\d.]+/s, \d:\d\d:\d\d left, last sign 0:00:0", said
        )
        with connection.writing(store.path, 5) as con:
            con.execute("UPDATE runs SET pid = 2 ** 22 + 1")  # above the largest that Linux gives
        assert "generate: killed, 9 of 40 done, 1 failed\n" in wb("status").err


def test_the_pace_of_a_run_is_that_of_its_images_not_of_loading_the_model(wb: WB, study: Store) -> None:
    with RunLog(study, "generate", {"batch_size": 4}, planned=10) as run:
        study.write(run.step(done=4))
        with connection.writing(study.path, 5) as con:
            con.execute("UPDATE runs SET started_utc = updated_utc - INTERVAL 100 SECOND")
            con.execute("UPDATE images SET run_id = $1, seconds = 0.25", [run.run_id])
            con.execute("UPDATE images SET created_utc = (SELECT updated_utc FROM runs) - INTERVAL 1 SECOND")
        assert "running, 4 of 10 done, 2.00/s, 0:00:03 left" in wb("status").err


def test_status_of_an_empty_study_says_what_to_do(wb: WB, store: Store) -> None:
    done = wb("status")
    assert done.code == 0
    assert "next: wb ingest --from references.csv (no references yet)" in done.err


@pytest.mark.parametrize("format_", ["csv", "json", "parquet"])
def test_export_writes_every_table_and_measure(wb: WB, study: Store, tmp_path: Path, format_: str) -> None:
    done = wb("export", "-o", tmp_path / "out", "--format", format_)
    assert done.code == 0
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(study.names())
    read = {"csv": pl.read_csv, "json": pl.read_json, "parquet": pl.read_parquet}[format_]
    assert read(tmp_path / "out" / f"ref_scores.{format_}")["qid"].sort().to_list() == ["Q1", "Q2"]


def test_export_of_an_unknown_name_writes_nothing(wb: WB, study: Store, tmp_path: Path) -> None:
    done = wb("export", "refs", "ref_score", "-o", tmp_path / "out")
    assert done.code == 2
    assert "did you mean ref_scores" in done.err
    assert not (tmp_path / "out").exists()
