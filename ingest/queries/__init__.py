"""The SPARQL queries that ship: one file each; nothing but checked items and integers is put into one."""

from collections.abc import Sequence
from importlib.resources import files
from string import Template

from ingest.text import parse_qid


def bind(name: str, **parameters: int | str | Sequence[str]) -> str:
    """The text of a query with its parameters.

    Args:
        name: of the file, without ``.rq``.
        parameters: for each ``$name`` an integer, an item id, or several.

    Raises:
        ValueError: If one is neither: no text ever gets into a query.
        KeyError: If one is missing.
    """
    text = (files("ingest.queries") / f"{name}.rq").read_text(encoding="utf-8")
    query = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return Template(query).substitute({key: _term(value) for key, value in parameters.items()})


def _term(value: int | str | Sequence[str]) -> str:
    if isinstance(value, int):
        return str(value)
    qids = [value] if isinstance(value, str) else value
    return " ".join(f"wd:{parse_qid(qid)}" for qid in qids)
