"""The schema of prompts and caption counts keeps what was there before it."""

from pathlib import Path

from workbench.store import Store, connection, migrate


def test_caption_counts_survive_the_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    connection.create_file(path)
    with connection.upgrading(path, 5) as con:
        migrate.migrate(con, upto=6)
        con.execute("INSERT INTO caption_counts VALUES ('f', 'Q1', 'title', 'w', 3, 1, 'r')")
    counts = Store.open(path).sql("FROM caption_counts").rows()
    assert counts == [("f", "Q1", "title", "w", 3, 1, "r")]
    tables = Store.open(path).sql("SELECT table_name FROM duckdb_tables()")["table_name"].to_list()
    assert "counted_before" not in tables
