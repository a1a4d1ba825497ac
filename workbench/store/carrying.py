"""Records into the database, and its answers out: by Arrow."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from workbench.errors import ConfigError, QueryError


def to_arrow(con: duckdb.DuckDBPyConnection, table: str, records: Sequence[Any]) -> pa.Table:
    """Records as an Arrow table with the types of the database table that they are rows of."""
    known = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if table not in known:
        raise ConfigError(f"no table named {table!r}")
    schema = con.table(table).limit(0).to_arrow_table().schema
    rows = [{f.name: getattr(record, f.name) for f in dataclasses.fields(record)} for record in records]
    return pa.Table.from_pylist(rows, schema=schema)


def to_frame(con: duckdb.DuckDBPyConnection, table: pa.Table) -> pl.DataFrame:
    """An answer as a frame, whatever its columns are called and made of.

    Names that come twice get a number; intervals, which polars does not know, become text.

    Raises:
        QueryError: If polars cannot hold one of the types.
    """
    table = table.rename_columns(_unique(table.column_names))
    for position, column in enumerate(table.schema):
        if pa.types.is_interval(column.type):
            text = con.from_arrow(table.select([position])).project(f'"{column.name}"::VARCHAR').to_arrow_table()
            table = table.set_column(position, column.name, text.column(0))
    try:
        return pl.DataFrame(table)
    except (pl.exceptions.PolarsError, pa.ArrowException, ValueError) as error:
        message = str(error).splitlines()[0]
        raise QueryError(f"the answer cannot be held: {message}", "cast the column to VARCHAR in the query") from error


def _unique(names: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    found = []
    for name in names:
        unique, number = name, 1
        while unique in taken or (unique != name and unique in names):
            unique, number = f"{name}_{number}", number + 1
        taken.add(unique)
        found.append(unique)
    return found
