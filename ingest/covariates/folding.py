"""Text reduced to what a whole-word search compares: letters and digits without case and accents.

Captions are folded by the hundred thousand: those in ASCII by one table over all their bytes, the rest, few in
a web corpus, as one text. A title is folded by the same function as the rest.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MARK = "\x1e"
"""Stands between two captions."""
_BETWEEN = f" {_MARK} ".encode()
_SPACE = 0x20
_ASCII = bytes(
    b | 0x20 if chr(b).isalpha() else b if chr(b).isdigit() or b == ord(_MARK) else _SPACE for b in range(128)
)
_TABLE = _ASCII + bytes([_SPACE]) * 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Several texts, folded and joined: each stands between two spaces, with a mark between two texts."""

    content: bytes
    marks: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    """Positions of the marks: one fewer than texts."""

    def text(self, number: int) -> bytes:
        """One of the texts, with a space at both ends."""
        start = self.marks[number - 1] + 1 if number else 0
        end = self.marks[number] if number < len(self.marks) else len(self.content)
        return self.content[start:end]


def fold(text: str) -> str:
    """One text; empty where it has neither letters nor digits."""
    return " ".join(_folded(text.replace(_MARK, " ")).split())


def fold_all(texts: pa.Array) -> Iterator[Folded]:
    """All texts of a string array, in at most two parts; order is lost, nulls are left out."""
    texts = texts.drop_null()
    plain = pc.string_is_ascii(texts)
    for part, ascii_ in ((texts.filter(plain), True), (texts.filter(pc.invert(plain)), False)):
        if len(part):
            yield _fold_part(part, ascii_)


def _fold_part(texts: pa.Array, ascii_: bool) -> Folded:
    content = _join(texts)
    if content.count(_MARK.encode()) != len(texts) - 1:
        texts = pc.replace_substring(texts, _MARK, " ")
        content = _join(texts)
    content = content.translate(_TABLE) if ascii_ else _folded(content.decode(errors="replace")).encode()
    letters = np.frombuffer(b" " + content + b" ", dtype=np.uint8)
    spaces = letters == _SPACE
    kept = np.ones(len(letters), dtype=bool)
    np.logical_not(spaces[1:] & spaces[:-1], out=kept[1:])
    letters = letters[kept]
    return Folded(content=letters.tobytes(), marks=np.flatnonzero(letters == ord(_MARK)))


def _join(texts: pa.Array) -> bytes:
    whole = pa.LargeListArray.from_arrays(pa.array([0, len(texts)], pa.int64()), texts.cast(pa.large_binary()))
    joined: bytes = pc.binary_join(whole, pa.scalar(_BETWEEN, pa.large_binary()))[0].as_py()
    return joined


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
