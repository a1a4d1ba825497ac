"""Fixtures of the ingest tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import sparql, web
from tests.ingest.oxigraph import ITEMS, serving_statements
from workbench.store import Store


@pytest.fixture(scope="session")
def oxigraph() -> Iterator[str]:
    """URL of a real SPARQL server that holds ``items.ttl``."""
    with serving_statements(ITEMS.read_text(encoding="utf-8")) as server:
        yield server.url


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> sparql.EndpointPatience:
    """A patience that tests can bear."""
    patience = sparql.EndpointPatience(attempts=3, first_wait=0.01, longest_wait=5, timeout=5)
    monkeypatch.setattr(sparql, "PATIENCE", patience)
    return patience


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Manners that tests can bear."""
    monkeypatch.setattr(
        web.Manners.__init__, "__kwdefaults__", {**web.Manners.__init__.__kwdefaults__, "first_wait": 0.01}
    )


@pytest.fixture
def dump(db: Path) -> Callable[[], dict[str, list[str]]]:
    """Everything in the study but its runs, and when an answer came last."""
    return lambda: dump_of(db)


def dump_of(db: Path) -> dict[str, list[str]]:
    """Every row of every table but the runs, without when an answer came last."""
    store = Store.open(db)
    names = set(store.sql("SELECT table_name FROM duckdb_tables()")["table_name"]) - {"runs", "_migrations"}
    rows = {name: name for name in sorted(names)}
    rows["endpoint_answers"] = "(SELECT * EXCLUDE (last_utc) FROM endpoint_answers)"
    parts = (f"SELECT '{name}' AS name, to_json(t)::VARCHAR AS line FROM {table} AS t" for name, table in rows.items())
    lines = store.sql(f"{' UNION ALL '.join(parts)} ORDER BY ALL").rows()
    return {name: [line for table, line in lines if table == name] for name in names}


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a CSV file of these lines."""

    def write(*lines: str, name: str = "refs.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
