"""Numbered schema files, each applied once, in one transaction with the row that says so."""

from dataclasses import dataclass
from importlib.metadata import version as package_version
from importlib.resources import files

import duckdb

from workbench.errors import StoreError, StoreTooNew
from workbench.store.clock import utc_now

_FOLDER = files("workbench.store") / "sql" / "schema"
_BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS _migrations (
    version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_utc TIMESTAMP NOT NULL, workbench VARCHAR NOT NULL
);
COMMENT ON TABLE _migrations IS 'Which schema files were applied: the version of this file is the highest.';
COMMENT ON COLUMN _migrations.version IS 'Number of the schema file.';
COMMENT ON COLUMN _migrations.name IS 'Its name.';
COMMENT ON COLUMN _migrations.applied_utc IS 'When it was applied, UTC.';
COMMENT ON COLUMN _migrations.workbench IS 'Version of the workbench that applied it.';
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A schema file."""

    version: int
    name: str
    sql: str


def migrations() -> list[Migration]:
    """Every schema file that ships, in order."""
    entries = sorted((entry for entry in _FOLDER.iterdir() if entry.name.endswith(".sql")), key=lambda e: e.name)
    return [
        Migration(version=int(e.name[:4]), name=e.name.removesuffix(".sql"), sql=e.read_text(encoding="utf-8"))
        for e in entries
    ]


def schema_version(con: duckdb.DuckDBPyConnection) -> int:
    """Version of an open file; 0 where it is empty.

    Raises:
        StoreError: If the file holds tables, but not a study's.
    """
    listed = "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
    names = {name for (name,) in con.execute(listed).fetchall()}
    if "_migrations" in names:
        ((found,),) = con.execute("SELECT coalesce(max(version), 0) FROM _migrations").fetchall()
        return int(found)
    if names:
        raise StoreError("this DuckDB file holds other tables, not a study", "name another file with --db")
    return 0


def check_not_newer(found: int) -> None:
    """Refuse a file from the future.

    Raises:
        StoreTooNew: If found is above the newest schema file that ships.
    """
    newest = migrations()[-1].version
    if found > newest:
        message = f"the database file has schema {found}, this workbench knows up to {newest}"
        raise StoreTooNew(message, "upgrade it: pip install --upgrade multimodal-iconicity-workbench")


def migrate(con: duckdb.DuckDBPyConnection, upto: int | None = None) -> list[Migration]:
    """Apply what is missing, inside the caller's transaction.

    Args:
        con: a read-write connection with an open transaction: a failure leaves no trace.
        upto: stop after this version (tests upgrade from it).

    Returns:
        The schema files applied now.

    Raises:
        StoreError: If the file is not a study's, or from the future.
    """
    found = schema_version(con)
    check_not_newer(found)
    con.execute(_BOOKKEEPING)
    missing = [m for m in migrations() if m.version > found and (upto is None or m.version <= upto)]
    release = package_version("multimodal-iconicity-workbench")
    for migration in missing:
        con.execute(migration.sql)
        row = [migration.version, migration.name, utc_now(), release]
        con.execute("INSERT INTO _migrations VALUES (?, ?, ?, ?)", row)
    return missing
