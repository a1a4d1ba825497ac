"""The queries that ship: one SQL file each, with a header that says what goes in and what comes out."""

import functools
import re
import textwrap
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from workbench.errors import QueryError
from workbench.registry import unknown_name

_HEADER = re.compile(r"--\s*(?P<key>purpose|params|returns):\s*(?P<value>.*)")
PARAMETER = re.compile(r"(?<![\w$])\$([a-z_]+)")
"""A parameter in a query."""
_FOLDER = files("workbench.store") / "sql" / "queries"
_PARTS = files("workbench.store") / "sql" / "parts"
_INCLUDE = re.compile(r"^(?P<indent> *)-- include: (?P<name>[a-z_]+)$", re.MULTILINE)
_SNAPSHOT = files("workbench.store") / "sql" / "snapshot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query file."""

    name: str
    purpose: str
    returns: str
    """Name of the record of a row, ``frame`` for a table of varying columns, ``nothing`` for a write."""
    sql: str
    parameters: frozenset[str]
    """Names bound as ``$name``."""


def query_names() -> list[str]:
    """Every query that ships."""
    return sorted(entry.name.removesuffix(".sql") for entry in _FOLDER.iterdir() if entry.name.endswith(".sql"))


@functools.cache
def load(name: str) -> Query:
    """Read a query file.

    Raises:
        ConfigError: If there is no such query.
        QueryError: If its header lacks purpose or returns.
    """
    entry = _FOLDER / f"{name}.sql"
    if not entry.is_file():
        raise unknown_name("query", name, query_names())
    return _read(entry, name)


@functools.cache
def load_snapshot(name: str) -> Query:
    """Read a query file of ``snapshot``."""
    return _read(_SNAPSHOT / f"{name}.sql", name)


def _with_parts(entry: Traversable) -> str:
    return _INCLUDE.sub(_part, entry.read_text(encoding="utf-8"))


def _part(match: re.Match[str]) -> str:
    """What several queries share, in the place of the line that names it."""
    text = _with_parts(_PARTS / f"{match['name']}.sql")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return textwrap.indent("\n".join(lines), match["indent"])


def _read(entry: Traversable, name: str) -> Query:
    text = _with_parts(entry)
    header = {match["key"]: match["value"].strip() for match in map(_HEADER.match, text.splitlines()) if match}
    if not {"purpose", "returns"} <= header.keys():
        raise QueryError(f"query {name} has no purpose or no returns in its header")
    sql = "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()
    parameters = frozenset(PARAMETER.findall(sql))
    return Query(name=name, purpose=header["purpose"], returns=header["returns"], sql=sql, parameters=parameters)
