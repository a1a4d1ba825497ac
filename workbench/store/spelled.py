"""A query that ships, spelled out with its parameters: to be read, copied and run by hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.errors import ConfigError
from workbench.store.queries import PARAMETER, load

_IF_OPEN = re.compile(r"\$(?P<name>[a-z_]+) IS NULL\s+OR ")
_FILTER = re.compile(r"\s*(?P<word>WHERE|AND) \(\$(?P<name>[a-z_]+) IS NULL\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a table is sorted: NULLs come last either way."""

    column: str
    descending: bool = False
    is_text: bool = False
    """Text sorts without regard to case and accents."""
    group: str | None = None
    """A column of text whose equal values stay together; None: none does."""


def spelled(name: str, parameters: Mapping[str, object], order: Order | None = None) -> str:
    """SQL text that gives what ``Store.arrow(name, **parameters)`` gives.

    Args:
        name: of the query file.
        parameters: as bound there; those left out are NULL, and the filters that are open by it are left out.
        order: the sorting, if it is not the query's own.

    Raises:
        ConfigError: If a parameter cannot be written as SQL.
    """
    query = load(name)
    given = {parameter for parameter, value in parameters.items() if value is not None}
    lines = _without_open_filters(query.sql.removesuffix(";").splitlines(), given)
    text = _IF_OPEN.sub(lambda match: "" if match["name"] in given else match[0], "\n".join(lines))
    text = PARAMETER.sub(lambda match: literal(parameters.get(match[1])), text)
    if order is None:
        return text + ";\n"
    keys = [] if order.group is None else [f"{_column(order.group, is_text=True)} NULLS LAST"]
    keys.append(f"{_column(order.column, order.is_text)} {'DESC' if order.descending else 'ASC'} NULLS LAST")
    return f"FROM (\n{text}\n)\nORDER BY {', '.join(keys)};\n"


def _column(name: str, is_text: bool) -> str:
    return '"' + name.replace('"', '""') + '"' + (" COLLATE NOCASE.NOACCENT" if is_text else "")


def literal(value: object) -> str:
    """A value as SQL.

    Raises:
        ConfigError: If it is of no type that queries take.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    raise ConfigError(f"a {type(value).__name__} cannot be written as SQL")


def _without_open_filters(lines: list[str], given: set[str]) -> list[str]:
    """Leave out ``AND ($name IS NULL OR …)`` of what is not given, over as many lines as its parentheses span."""
    kept: list[str] = []
    depth = 0
    for line in lines:
        opens = _FILTER.match(line)
        if depth > 0:
            depth += line.count("(") - line.count(")")
        elif opens and opens["name"] not in given:
            depth = line.count("(") - line.count(")")
            kept += ["WHERE true"] if opens["word"] == "WHERE" else []
        else:
            kept.append(line)
    return kept
