"""What a word in SQL may become: tables, columns and macros with their meaning, and DuckDB's words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

KEYWORDS = (
    *("SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "JOIN", "LEFT JOIN", "USING", "DISTINCT"),
    *("QUALIFY", "UNION ALL", "EXCLUDE", "DESCRIBE", "SUMMARIZE", "EXPLAIN", "BETWEEN", "COALESCE", "COUNT", "PIVOT"),
    *(
        "GROUP BY ALL",
        "ORDER BY ALL",
        "NULLS LAST",
        "FILTER",
        "OVER",
        "PARTITION BY",
        "QUANTILE_CONT",
        "MEDIAN",
        "CORR",
    ),
)
MOST = 50
_WORD = re.compile(r"[\w.]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A word that can be put in."""

    word: str
    kind: str
    """``table``, ``macro``, ``keyword`` or the type of a column."""
    owner: str = ""
    """Table or macro of a column."""
    meaning: str = ""


def vocabulary(rows: Sequence[tuple[str, str, str, str]]) -> list[Completion]:
    """All words of a study.

    Args:
        rows: of query ``schema``: name, column, type, meaning.
    """
    found = []
    for name, column, kind, meaning in rows:
        if not column:
            found.append(Completion(word=f"{name}()" if kind == "macro" else name, kind=kind, meaning=meaning))
        else:
            word = f"{column} := " if kind == "parameter" else column
            found.append(Completion(word=word, kind=kind, owner=name, meaning=meaning))
    return found + [Completion(word=word, kind="keyword") for word in KEYWORDS]


def word_before(line: str) -> str:
    """The word that ends at the cursor; empty: there is none."""
    match = _WORD.search(line)
    return match[0] if match else ""


def complete(line: str, text: str, words: Sequence[Completion]) -> list[Completion]:
    """Words that go on from the cursor: columns of what the query names first.

    Args:
        line: up to the cursor.
        text: the whole query.
        words: to choose from.
    """
    start = word_before(line).rpartition(".")[2].lower()
    if not start and not line.endswith("."):
        return []
    named = {word.lower() for word in re.findall(r"\w+", text)}
    found: dict[str, tuple[tuple[bool, bool, bool], Completion]] = {}
    for entry in words:
        plain = entry.word.lower()
        if not plain.startswith(start) or plain.rstrip(" :=()") == start:
            continue
        rank = (bool(entry.owner) and entry.owner not in named, entry.kind == "keyword", entry.kind == "parameter")
        if entry.word not in found or rank < found[entry.word][0]:
            found[entry.word] = (rank, entry)
    ordered = sorted(found.values(), key=lambda pair: (pair[0], pair[1].word.lower()))
    return [entry for _, entry in ordered][:MOST]
