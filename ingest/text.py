"""Cells of files and answers that came from outside, made fit to store."""

import re
import unicodedata

_QID = re.compile(r"Q[1-9][0-9]{0,11}")
_ITEM_ADDRESS = re.compile(r"(?i)https?://(www\.)?wikidata\.org/(entity|wiki)/")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}(\.0+)?")
_PEOPLE = re.compile(r"[|;]")
_DROPPED = {"Cc", "Cs"}
"""Unicode categories that never belong into a text: control characters, halves of surrogate pairs."""
_BOM = "\ufeff"


def clean_text(text: str) -> str:
    """The text without control characters and outer space; a run of white space becomes one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(c for c in text if c.isspace() or not _is_dropped(c)).split())


def _is_dropped(character: str) -> bool:
    return character == _BOM or unicodedata.category(character) in _DROPPED


def parse_qid(text: str) -> str:
    """A Wikidata item id; ``q42`` is taken for ``Q42``, and so is its address, which the query service writes.

    Raises:
        ValueError: If it is none.
    """
    qid = _ITEM_ADDRESS.sub("", text.strip(), count=1).upper()
    if not _QID.fullmatch(qid):
        raise ValueError(f"malformed QID {text!r}" if text else "no QID")
    return qid


def parse_integer(text: str, noun: str) -> int:
    """An integer; ``156.0``, which pandas writes where a column has gaps, is one.

    Raises:
        ValueError: If it is none; noun says what it should have been.
    """
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"{noun} {text!r} is not an integer")
    return int(text.partition(".")[0])


def parse_count(text: str, noun: str) -> int:
    """An integer that is not negative.

    Raises:
        ValueError: If it is not.
    """
    count = parse_integer(text, noun)
    if count < 0:
        raise ValueError(f"{noun} {text!r} is negative")
    return count


def split_people(text: str) -> tuple[str, ...]:
    """Names separated by ``|`` or ``;``, each once, in order."""
    names = map(clean_text, _PEOPLE.split(text))
    return tuple(dict.fromkeys(name for name in names if name))
