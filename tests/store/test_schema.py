"""The file is a contract: every part of it says what it means, and any client of the promised age can read it."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from workbench.errors import StoreError, StoreMissing, StoreTooNew
from workbench.records import Reference
from workbench.store import Store, connection, migrate


def test_every_table_column_and_macro_has_a_meaning(store: Store) -> None:
    documented = store.frame("schema")
    assert documented.filter(documented["meaning"] == "").is_empty()
    assert {"refs", "ref_images", "covariates", "prompts", "models", "runs", "images"} <= set(documented["name"])
    assert {"similarities", "patches", "metric_scores", "annotations", "ref_scores"} <= set(documented["name"])


def test_macro_columns_mean_what_they_hold(store: Store) -> None:
    meaning = {(name, column): text for name, column, _, text in store.frame("schema").iter_rows()}
    assert "its own reference" in meaning["image_scores", "s"]
    assert meaning["image_scores", "best_sha256"] == "The reference image that gave s."
    assert "all" in meaning["model_scores", "kind"]


def test_macro_parameters_in_the_schema_are_those_of_the_macros(store: Store) -> None:
    listed = store.frame("schema").filter(__import__("polars").col("type") == "parameter")
    real = store.sql(
        "SELECT function_name AS name, unnest(parameters) AS parameter FROM duckdb_functions()"
        " WHERE NOT internal AND function_type = 'table_macro'"
    )
    assert set(listed.select("name", "column").iter_rows()) == set(real.iter_rows())


def test_storage_format_is_the_promised_one(store: Store) -> None:
    tags = store.sql("SELECT tags['storage_version'] AS v FROM duckdb_databases() WHERE NOT internal")
    assert tags["v"].to_list() == ["v1.4.0+"]


def test_another_duckdb_client_reads_the_file(store: Store) -> None:
    client = Path(sys.executable).parent / "duckdb"
    query = "SELECT count(*) FROM ref_scores(tau_static := 0.5)"
    done = subprocess.run([client, "-readonly", "-csv", store.path, "-c", query], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "0"


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match=r"no database file .*absent\.duckdb"):
        Store.open(tmp_path / "absent.duckdb")


def test_corrupt_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "corrupt.duckdb"
    path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(StoreError, match="not a readable DuckDB file"):
        Store.open(path)
    assert path.read_bytes() == b"this is no database" * 1000


def test_truncated_file_is_refused(store: Store) -> None:
    content = store.path.read_bytes()
    store.path.write_bytes(content[: 3 * 4096 + 100])  # the headers, and nothing that they point to
    with pytest.raises(StoreError):
        Store.open(store.path)


def test_somebody_elses_duckdb_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(path) as con:
        con.execute("CREATE TABLE t (i INTEGER)")
    with pytest.raises(StoreError, match="holds other tables"):
        Store.create(path)


def test_only_making_a_study_takes_an_empty_file(tmp_path: Path) -> None:
    foreign, ours = tmp_path / "foreign.duckdb", tmp_path / "ours.duckdb"
    duckdb.connect(foreign).close()
    connection.create_file(ours)
    for path in (foreign, ours):
        with pytest.raises(StoreError, match="holds no study"):
            Store.open(path)
    with pytest.raises(StoreError, match="holds no study"):
        Store.create(foreign)
    assert Store.create(ours).frame("all_refs").is_empty()


def test_a_folder_named_like_a_lock_does_not_make_a_corrupt_file_locked(tmp_path: Path) -> None:
    path = tmp_path / "clocks" / "bad.duckdb"
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="not a readable DuckDB file"):
        Store.open(path)


def test_file_from_the_future_is_refused(store: Store) -> None:
    with connection.writing(store.path, 5) as con:
        con.execute("INSERT INTO _migrations VALUES (9999, 'future', now()::TIMESTAMP, '99.0')")
    with pytest.raises(StoreTooNew, match="schema 9999"):
        Store.open(store.path)


def test_older_schema_is_upgraded_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    connection.create_file(path)
    with connection.upgrading(path, 5) as con:
        migrate.migrate(con, upto=1)
        con.execute(
            "INSERT INTO refs (qid, label, kind, creators, source, run_id) VALUES ('Q1', 'a', 'static', [], 's', 'r')"
        )
    store = Store.open(path)
    assert store.sql("FROM _migrations")["version"].to_list() == [m.version for m in migrate.migrations()]
    assert store.frame("all_refs")["qid"].to_list() == ["Q1"]


def test_dates_of_an_older_file_are_not_circa(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    connection.create_file(path)
    with connection.upgrading(path, 5) as con:
        migrate.migrate(con, upto=10)
        con.execute(
            "INSERT INTO refs (qid, label, kind, creators, creation_date, creation_year, source, run_id)"
            " VALUES ('Q1', 'a', 'static', [], '1503', 1503, 's', 'r')"
        )
    (reference,) = Store.open(path).rows("all_refs", Reference)
    assert reference.creation_circa is False


def test_failed_migration_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "half.duckdb"
    connection.create_file(path)
    broken = [
        *migrate.migrations(),
        migrate.Migration(version=9998, name="broken", sql="CREATE TABLE t (i INTEGER); SELEC"),
    ]
    monkeypatch.setattr(migrate, "migrations", lambda: broken)
    with pytest.raises(duckdb.Error), connection.upgrading(path, 5) as con:
        migrate.migrate(con)
    with connection.reading(path, 5) as con:
        assert migrate.schema_version(con) == 0


def test_schema_files_have_numbers_of_their_own() -> None:
    versions = [m.version for m in migrate.migrations()]
    assert versions == sorted(set(versions))


@pytest.mark.parametrize("name", ["weird 'name'.duckdb", "naïve £.duckdb"])
def test_odd_file_names(tmp_path: Path, name: str) -> None:
    assert Store.create(tmp_path / name).frame("all_refs").is_empty()
