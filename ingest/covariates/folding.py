"""Text reduced to what a whole-word search compares: letters and digits without case and accents."""

import unicodedata
from functools import cache

LIMIT = 0x20000
"""Characters from here on, rare ideographs, are looked at one by one."""
_MARK = "\x1e"


def fold(text: str) -> str:
    """One text; empty where it has neither letters nor digits."""
    return " ".join(_folded(text.replace(_MARK, " ")).split())


@cache
def folded_characters() -> list[str]:
    """What each character under ``LIMIT`` folds to: one of its own or several, a space, or nothing (accents).

    Folding a text is folding its characters one by one: only the order of accents depends on neighbours, and of
    those nothing is left.
    """
    found = [" "] * LIMIT
    numbers = [n for n in range(LIMIT) if not 0xD800 <= n < 0xE000 and n != ord(_MARK)]
    folded = _folded(_MARK.join(map(chr, numbers))).split(_MARK)
    for number, text in zip(numbers, folded, strict=True):
        found[number] = " " if text.isspace() else text
    return found


def _folded(text: str) -> str:
    """Decomposed again after each step: folding case takes some letters apart into one with an accent."""
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKD", text).translate(_LETTERS)


class _Letters(dict[int, str | int]):
    """Character → what is left of it: letters and digits themselves, of accents nothing, of all else a space."""

    def __missing__(self, code: int) -> str | int:
        character = chr(code)
        kept = character.isalnum() or character == _MARK
        self[code] = code if kept else "" if unicodedata.category(character).startswith("M") else " "
        return self[code]


_LETTERS = _Letters()
