"""One study: its database file and the images beside it."""

import contextlib
import dataclasses
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import polars as pl
import pyarrow as pa

from workbench.errors import ConfigError, QueryError, StoreError
from workbench.imagefiles import ImageFiles, images_folder
from workbench.registry import unknown_name
from workbench.store import connection, migrate, queries, rollback
from workbench.store.carrying import to_arrow, to_frame

R = TypeVar("R")
LOCK_SECONDS = 60.0
_FULL = ("No space left on device", "Disk quota exceeded", "File too large")
_NO_ROOM = "make room on the disk and run the same command again: what is there stays"


class Store:
    """A study's file; holds no connection: each method opens, asks and closes.

    Args:
        path: of a file that exists and is up to date: see ``open`` and ``create``. Of a symbolic link the file itself
            is meant: there DuckDB keeps its log, and there are the images.
        lock_seconds: how long to wait for other processes.
    """

    def __init__(self, path: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.path = Path(os.path.realpath(path))
        self.lock_seconds = lock_seconds
        self.images = ImageFiles(images_folder(self.path))

    @classmethod
    def open(cls, path: Path, *, lock_seconds: float = LOCK_SECONDS) -> "Store":
        """Open a study that exists, upgrading its schema where that is older.

        Raises:
            StoreError: If it is missing, locked, no study's, or from a newer workbench.
        """
        store = cls(path, lock_seconds=lock_seconds)
        store._upgrade(empty_is_new=False)
        return store

    @classmethod
    def create(cls, path: Path, *, lock_seconds: float = LOCK_SECONDS) -> "Store":
        """Open a study, making its file where there is none.

        Raises:
            StoreError: As ``open``, or if the folder cannot be written.
        """
        store = cls(path, lock_seconds=lock_seconds)
        if not store.path.exists():
            connection.create_file(store.path, migrate.migrate)
        store._upgrade(empty_is_new=True)
        return store

    def _upgrade(self, *, empty_is_new: bool) -> None:
        with self._reading() as con:
            found = migrate.schema_version(con)
            usable = found or (empty_is_new and connection.has_our_format(con))
        if not usable:
            hint = "wb ingest makes a study where there is no file: remove this one, or name another with --db"
            raise StoreError(f"{self.path} holds no study: it is an empty DuckDB file", hint)
        migrate.check_not_newer(found)
        if found < migrate.migrations()[-1].version:
            with connection.upgrading(self.path, self.lock_seconds) as con:
                migrate.migrate(con)

    def rows(self, name: str, record: type[R], /, **parameters: object) -> list[R]:
        """Ask a query that ships.

        Args:
            name: of the query file.
            record: the class that its header names; the columns are its fields.
            parameters: bound to ``$name``; those left out are NULL.

        Raises:
            StoreError: If the file cannot be read.
            QueryError: If the database refuses the query.
        """
        query = queries.load(name)
        with self._reading() as con, _named_refusals():
            result = con.execute(query.sql, bind(query, parameters))
            columns = [column[0] for column in result.description or []]
            found = result.fetchall()
        computed = {f.name for f in dataclasses.fields(record) if not f.init}  # type: ignore[arg-type]
        return [record(**{c: v for c, v in zip(columns, row, strict=True) if c not in computed}) for row in found]

    def frame(self, name: str, /, **parameters: object) -> pl.DataFrame:
        """Ask a query that ships, as a frame; parameters as in ``rows``."""
        return pl.DataFrame(self.arrow(name, **parameters))

    def arrow(self, name: str, /, **parameters: object) -> pa.Table:
        """Ask a query that ships, as an Arrow table; parameters as in ``rows``."""
        query = queries.load(name)
        with self._reading() as con, _named_refusals():
            return con.sql(query.sql, params=bind(query, parameters)).to_arrow_table()

    def matching(self, name: str, condition: str) -> pl.DataFrame:
        """The rows of a query that ships for which a condition holds.

        Args:
            name: of a query without parameters.
            condition: SQL of the user's own over its columns; of files it can ask the study alone.

        Raises:
            StoreError: If the file cannot be read.
            QueryError: If the database refuses the condition.
        """
        if not condition.strip():
            raise QueryError("the condition is empty")
        with _named_refusals():
            # Only what stands without our brackets cannot close them.
            duckdb.extract_statements(f"SELECT 1 WHERE\n{condition}\n")
        rows = queries.load(name).sql.rstrip().removesuffix(";")
        return self.sql(f"SELECT * FROM (\n{rows}\n) WHERE (\n{condition}\n)", confined=True)

    def names(self) -> list[str]:
        """Tables, views and measure macros of the file."""
        return [str(name) for name in self.frame("names")["name"]]

    def table(self, name: str, settings: Mapping[str, object] | None = None) -> pl.DataFrame:
        """All rows of a table, a view, or a measure macro with its default thresholds, or with other ``settings``.

        Raises:
            ConfigError: If there is none of that name.
        """
        found = {row["name"]: row for row in self.frame("names").iter_rows(named=True)}
        if name not in found:
            raise unknown_name("table or macro", name, found)
        quoted, taken = '"' + name.replace('"', '""') + '"', found[name]["parameters"]
        if taken is None:
            return self.sql(f"FROM {quoted}")
        given = {key: value for key, value in (settings or {}).items() if key in taken}
        return self.sql(f"FROM {quoted}({', '.join(f'{key} := ${key}' for key in given)})", given)

    def sql(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        most: int | None = None,
        stop: threading.Event | None = None,
        confined: bool = False,
    ) -> pl.DataFrame:
        """Ask anything, with the study read-only.

        Args:
            text: one statement; ``COPY … TO`` writes a file of the person's own, unless ``confined``.
            parameters: bound to ``$name``.
            most: rows to give at most; None: all.
            stop: set by another thread, it ends the query.
            confined: the study alone can be asked: no other file is read or written.

        Raises:
            StoreError: If the file cannot be read.
            QueryError: If the database refuses the query.
        """

        def ask() -> pl.DataFrame:
            if confined:
                con.execute("SET enable_external_access = false")
            relation = con.sql(text, params=dict(parameters) if parameters else None)
            if relation is not None and most is not None and relation.type != "EXPLAIN_RELATION":
                relation = relation.limit(most)
            found = pl.DataFrame() if relation is None else to_frame(con, relation.to_arrow_table())
            # Again: DuckDB 2.0 drops a LIMIT over some joins with an empty table.
            return found if most is None else found.head(most)

        # DuckDB looks at signals only now and then, and polars' handler wakes nobody who waits without end:
        # asked in a thread, and looked after, a query of any length can be interrupted.
        with self._reading() as con, _named_refusals(), ThreadPoolExecutor(1, "query") as asking:
            answer = asking.submit(ask)
            try:
                while not answer.done():
                    wait([answer], timeout=0.2 if stop is None else 0.05)
                    if stop is not None and stop.is_set():
                        con.interrupt()
                return answer.result()
            except KeyboardInterrupt:
                con.interrupt()
                raise
            except (duckdb.Error, RuntimeError) as error:
                if stop is not None and stop.is_set():
                    raise QueryError("the query was cancelled") from error
                raise

    def write(self, *steps: "Write", settle: bool = False) -> list[int]:
        """Run writes in one transaction: all of them, or none.

        Args:
            steps: in their order.
            settle: leave no log beside the file, where it else may wait for what is written next.

        Returns:
            For each step the number of rows that it changed.

        Raises:
            StoreError: If the file cannot be written.
            QueryError: If the database refuses a row.
        """
        with _named_refusals(), connection.writing(self.path, self.lock_seconds, settle=settle) as con:
            return [step.run(con) for step in steps]

    def settle(self) -> None:
        """Bring what was written into the file itself, where it still lies in a log beside it.

        Raises:
            StoreError: If the file cannot be written.
        """
        if rollback.log_file(self.path).exists():
            self.write(settle=True)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with connection.reading(self.path, self.lock_seconds) as con:
            yield con


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One writing query and what it takes in.

    The query reads the records from a table named ``incoming``, whose columns are those of ``table``.
    """

    query: str
    table: str | None = None
    """The table that ``records`` are rows of; None: the query takes parameters only."""
    records: Sequence[Any] = ()
    parameters: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def run(self, con: duckdb.DuckDBPyConnection) -> int:
        """Run inside an open transaction.

        Returns:
            The number of rows changed.
        """
        if self.table is not None:
            con.register("incoming", to_arrow(con, self.table, self.records))
        query = queries.load(self.query)
        counted = con.execute(query.sql, bind(query, self.parameters)).fetchall()
        if self.table is not None:
            con.unregister("incoming")
        return int(counted[0][0]) if counted else 0


def bind(query: queries.Query, parameters: Mapping[str, object]) -> dict[str, object]:
    """The parameters of a query, NULL for those left out.

    Raises:
        ConfigError: If one is not of the query.
    """
    unknown = parameters.keys() - query.parameters
    if unknown:
        raise ConfigError(f"query {query.name} has no parameter {', '.join(sorted(unknown))}")
    return {name: parameters.get(name) for name in query.parameters}


@contextlib.contextmanager
def _named_refusals() -> Iterator[None]:
    """Turn what DuckDB raises into one line that names the cause."""
    try:
        yield
    except RuntimeError as error:
        if str(error) != "Query interrupted":
            raise
        raise KeyboardInterrupt from error  # so DuckDB answers a signal while it computes
    except duckdb.Error as error:
        message, *more = str(error).strip().splitlines()
        hint = " ".join(line.strip() for line in more if line.strip())[:300]
        raise QueryError(message, _NO_ROOM if any(text in message for text in _FULL) else hint) from error
