"""The raw scores of a study in memory: what has to answer while a slider moves.

Joining images with their scores takes most of the time of a measure and is the same for every threshold, so it is
done once for each state of the file. Thresholds stay in SQL, over columns instead of lists; a test compares every
number with the macros of the file.
"""

import contextlib
from collections.abc import Mapping

import duckdb
import pyarrow as pa

from workbench.records import Thresholds
from workbench.store import connection, queries
from workbench.store.store import Store, bind

BATCH = 50_000
SETTINGS = """
SET enable_progress_bar = false;
SET allocator_flush_threshold = '1MiB';
SET allocator_bulk_deallocation_flush_threshold = '1MiB'
"""
"""What a query frees goes back to the system at once: half of what is held would lie idle otherwise."""
THRESHOLDS = ("tau_static", "tau_dynamic", "tau_reuse")
IMAGES = "SELECT cell, seed, variant, s FROM images"  # in order of rowid: DuckDB keeps the order of a table


class Snapshot:
    """One state of a file, held in a database of its own in memory.

    Any number of threads may ask: each query takes a cursor of its own.

    Args:
        con: holds the tables.
        encoder_id: behind s; None: nothing is scored.
        patch_encoder_id: behind p; likewise.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, encoder_id: str | None = None, patch_encoder_id: str | None = None
    ) -> None:
        self._con = con
        self.encoder_id = encoder_id
        self.patch_encoder_id = patch_encoder_id
        self.images = con.sql(IMAGES).to_arrow_table().combine_chunks()
        """cell, seed, variant, s: row i has number i."""
        self._kept: dict[str, tuple[Mapping[str, object], pa.Table]] = {}

    @classmethod
    def of(cls, store: Store, base: Thresholds) -> "Snapshot":
        """Read the raw scores of a study; the file is held for this one read.

        Args:
            store: the study.
            base: whose encoders are meant (None: as the measures choose).

        Raises:
            StoreError: If the file cannot be read.
        """
        with connection.reading(store.path, store.lock_seconds) as file:
            con = duckdb.connect(":memory:")
            con.execute(SETTINGS)
            file.execute("SET preserve_insertion_order = false")
            encoder, patch_encoder = file.execute(queries.load_snapshot("encoders").sql).fetchall()[0]
            encoder, patch_encoder = base.encoder or encoder, base.patch_encoder or patch_encoder
            file.execute(queries.load_snapshot("cells").sql)
            _copy(file, con, "cells", "FROM cells ORDER BY cell", {})
            for name in ("refs", "covariates"):
                _copy(file, con, name, queries.load_snapshot(name).sql, {})
            models = [model for (model,) in file.execute("SELECT DISTINCT model_id FROM cells ORDER BY ALL").fetchall()]
            for model in models or [None]:  # one after another: joins of one model fit into memory
                values = {"encoder": encoder, "patch_encoder": patch_encoder, "model": model}
                _copy(file, con, "images", queries.load_snapshot("images").sql, values)
        return cls(con, encoder, patch_encoder)

    def ref_scores(self, **asked: object) -> pa.Table:
        """Rows that pass some filters, with their measures, as query ``ref_scores`` of the file takes them."""
        filters = {name: value for name, value in asked.items() if name not in THRESHOLDS}
        return self._ask("ref_scores", {"scores": self.at_thresholds("scores", asked)}, filters)

    def at_thresholds(self, name: str, asked: Mapping[str, object]) -> pa.Table:
        """The answer of a query that takes thresholds alone: that of the last ones is kept, whatever else is asked."""
        thresholds = {name: asked.get(name) for name in THRESHOLDS}
        kept = self._kept.get(name)
        if kept is None or kept[0] != thresholds:
            kept = self._kept[name] = (thresholds, self._ask(name, {}, thresholds).combine_chunks())
        return kept[1]

    def arrow(self, name: str, passing: pa.Table | None = None, /, **parameters: object) -> pa.Table:
        """Ask a query of ``sql/snapshot``.

        Args:
            name: of the query file.
            passing: rows that the query calls ``passing``.
            parameters: bound to ``$name``; those left out are NULL.
        """
        return self._ask(name, {} if passing is None else {"passing": passing}, parameters)

    def _ask(self, name: str, tables: Mapping[str, pa.Table], parameters: Mapping[str, object]) -> pa.Table:
        query = queries.load_snapshot(name)
        cursor = self._con.cursor()
        try:
            for called, table in tables.items():
                cursor.register(called, table)
            return cursor.sql(query.sql, params=bind(query, parameters)).to_arrow_table()
        finally:
            cursor.close()

    def close(self) -> None:
        """Give the memory back; where a thread still asks, once it has its answer."""
        with contextlib.suppress(duckdb.Error):  # it is busy: it goes with the last who holds it
            self._con.close()


def _copy(
    file: duckdb.DuckDBPyConnection, con: duckdb.DuckDBPyConnection, table: str, sql: str, values: Mapping[str, object]
) -> None:
    """Stream the answer of a query of the file into a table in memory, behind what it holds already."""
    con.register("incoming", file.sql(sql, params=dict(values) or None).to_arrow_reader(BATCH))
    con.execute(f"CREATE TABLE IF NOT EXISTS {table} AS SELECT * FROM incoming LIMIT 0")
    con.execute(f"INSERT INTO {table} FROM incoming")
    con.unregister("incoming")
