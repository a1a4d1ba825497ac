"""A file that is called by a format is written in it."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import Outcome
from tests.store.measured import fill, reference
from workbench.options import TABLE_ROWS
from workbench.store import Store

Wb = Callable[..., Outcome]
MANY = f"SELECT n FROM range({TABLE_ROWS + 5}) AS t(n) ORDER BY n"
READ = {
    "x.csv": pl.read_csv,
    "x.PARQUET": pl.read_parquet,
    "x.json": lambda path: pl.DataFrame(json.loads(path.read_text(encoding="utf-8"))),
}


@pytest.mark.parametrize("name", READ)
def test_all_rows_are_written_in_the_format_of_the_name(store: Store, wb: Wb, tmp_path: Path, name: str) -> None:
    outcome = wb("sql", MANY, "-o", tmp_path / name)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert READ[name](tmp_path / name)["n"].to_list() == list(range(TABLE_ROWS + 5))


def test_a_format_that_is_named_goes_before_the_name(store: Store, wb: Wb, tmp_path: Path) -> None:
    assert wb("sql", "SELECT 42 AS answer", "--format", "json", "-o", tmp_path / "x.csv").code == 0
    assert json.loads((tmp_path / "x.csv").read_text(encoding="utf-8")) == [{"answer": 42}]


@pytest.mark.parametrize("name", ["x.txt", "x", "csv"])
def test_any_other_name_is_a_table(store: Store, wb: Wb, tmp_path: Path, name: str) -> None:
    assert wb("sql", "SELECT 42 AS answer", "-o", tmp_path / name).code == 0
    assert (tmp_path / name).read_text(encoding="utf-8") == "answer\n    42\n"


@pytest.mark.parametrize("command", [("runs",), ("status",), ("schema", "refs"), ("models",), ("analyze", "cells")])
def test_every_command_that_prints_rows_does_so(store: Store, wb: Wb, tmp_path: Path, command: tuple[str, ...]) -> None:
    fill(store, reference("Q1"))
    assert wb(*command, "-o", tmp_path / "x.json").code == 0
    assert isinstance(json.loads((tmp_path / "x.json").read_text(encoding="utf-8")), list)
