"""Every query file runs on an empty study and returns what its header says."""

import dataclasses
from pathlib import Path

import pytest

from workbench import records
from workbench.errors import ConfigError, QueryError
from workbench.store import Store, queries

READS = [name for name in queries.query_names() if queries.load(name).returns not in ("nothing", "frame")]
FRAMES = [name for name in queries.query_names() if queries.load(name).returns == "frame"]


@pytest.mark.parametrize("name", READS)
def test_columns_are_the_fields_of_the_record(store: Store, name: str) -> None:
    record = getattr(records, queries.load(name).returns)
    assert store.arrow(name).column_names == [field.name for field in dataclasses.fields(record)]


@pytest.mark.parametrize("name", FRAMES)
def test_frame_queries_run(store: Store, name: str) -> None:
    assert store.arrow(name).column_names


@pytest.mark.parametrize("name", queries.query_names())
def test_header_names_the_parameters(name: str) -> None:
    header = (queries._FOLDER / f"{name}.sql").read_text().split("\n\n")[0]
    params = next((line for line in header.splitlines() if line.startswith("-- params:")), "")
    for parameter in queries.load(name).parameters:
        assert parameter in params, f"{name} does not explain ${parameter}"


def test_unknown_query_offers_near_names() -> None:
    with pytest.raises(ConfigError, match="ref_scores"):
        queries.load("ref_score")


def test_unknown_parameter_is_refused(store: Store) -> None:
    with pytest.raises(ConfigError, match="no parameter qid"):
        store.frame("all_refs", qid="Q1")


def test_refused_sql_is_one_line(store: Store) -> None:
    with pytest.raises(QueryError) as caught:
        store.sql("SELECT nothing FROM nowhere")
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "statement", ["DELETE FROM refs", "EXPLAIN ANALYZE DELETE FROM refs", "CREATE TABLE t (n INT)"]
)
def test_sql_cannot_write_to_the_study(store: Store, statement: str) -> None:
    with pytest.raises(QueryError, match="read-only"):
        store.sql(statement)


def test_sql_copies_to_a_file_of_ones_own(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "refs.csv"
    assert store.sql(f"COPY (SELECT 1 AS n) TO '{target}'", most=10)["Count"].to_list() == [1]
    assert target.read_text().splitlines() == ["n", "1"]


def test_no_more_rows_are_given_than_asked_for(store: Store) -> None:
    """DuckDB 2.0 drops a LIMIT over this join; what is shown has an end all the same."""
    join = "FROM range(144) AS l(i) LEFT JOIN images AS r ON r.seed = l.i AND r.width > 3"
    query = f"{join} SELECT l.i, max(r.seed) GROUP BY l.i"
    assert store.sql(query, most=10).height == 10
    assert store.sql(query).height == 144
