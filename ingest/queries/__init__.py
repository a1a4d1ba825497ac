"""The SPARQL queries that ship: one file each; only checked items, language codes and integers are put into one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from ingest.text import parse_qid

_LANGUAGE = re.compile(r"[a-z]{2,12}(-[a-z0-9]{1,12})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The code of a language, as it stands in a query.

    Raises:
        ValueError: If it is none.
    """

    code: str

    def __post_init__(self) -> None:
        if not _LANGUAGE.fullmatch(self.code):
            raise ValueError(f"{self.code!r} is not the code of a language, such as fr or zh-hant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """Codes of several languages, as a list of texts in a query.

    Raises:
        ValueError: If one is none, or there is none at all.
    """

    codes: Sequence[str]

    def __post_init__(self) -> None:
        if not self.codes:
            raise ValueError("no language")
        for code in self.codes:
            Language(code=code)


Parameter = int | str | Sequence[str] | Language | Languages


def bind(name: str, **parameters: Parameter) -> str:
    """The text of a query with its parameters.

    Args:
        name: of the file, without ``.rq``.
        parameters: for each ``$name`` an integer, an item id or several, a language or several.

    Raises:
        ValueError: If one is none of these: no text ever gets into a query.
        KeyError: If one is missing.
    """
    text = (files("ingest.queries") / f"{name}.rq").read_text(encoding="utf-8")
    query = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return Template(query).substitute({key: _term(value) for key, value in parameters.items()})


def _term(value: Parameter) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Language):
        return value.code
    if isinstance(value, Languages):
        return ", ".join(f'"{code}"' for code in value.codes)
    qids = [value] if isinstance(value, str) else value
    return " ".join(f"wd:{parse_qid(qid)}" for qid in qids)
