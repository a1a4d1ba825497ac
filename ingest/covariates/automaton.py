"""All phrases as one automaton over classes of characters (Aho and Corasick): a text is read once for all of them."""

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ingest.covariates.folding import LIMIT, fold, folded_characters
from ingest.covariates.ragged import Ragged
from ingest.covariates.scanning import DROPPED, EXPANDED, compiled, scan_plain, scan_utf8

_GAP, _OTHER = 0, 1
"""Classes of what stands between words, and of characters that no phrase has."""
_ENTRIES = 1 << 26
"""Of a table: beyond, phrases are looked for in several passes, so that memory stays under some 300 MB."""
_PRIVATE = 0xE000
"""Characters of phrases from ``LIMIT`` on become those from here on, of which folding leaves nothing in a text."""

_HIGH = re.compile("[\U00020000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Which phrases stand in which texts, each pair once, by text."""

    rows: NDArray[np.int64]
    phrases: NDArray[np.int64]


class Automaton:
    """Looks for folded phrases as whole words.

    Args:
        phrases: folded, not empty.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self._count = len(phrases)
        high = sorted({c for phrase in phrases for c in phrase if ord(c) >= LIMIT})
        self._private = {ord(c): _PRIVATE + n for n, c in enumerate(high)}
        spelled = [phrase.translate(self._private) for phrase in phrases]
        letters = sorted({c for phrase in spelled for c in phrase} - {" "})
        self._classes = {letter: n for n, letter in enumerate(letters, _OTHER + 1)}
        self._shift = (len(letters) + _OTHER + 1).bit_length()
        self._parts = [_Part(part, self._classes, self._shift) for part in self._divided(spelled)]
        self._taken = np.empty((2, 0), dtype=np.int32)

    def _divided(self, phrases: Sequence[str]) -> Iterable[list[tuple[int, str]]]:
        """Phrases with their numbers, so many at a time as a table may hold."""
        part: list[tuple[int, str]] = []
        states = 0
        for number, phrase in enumerate(phrases):
            states += len(phrase) + 2
            if part and states << self._shift > _ENTRIES:
                yield part
                part, states = [], len(phrase) + 2
            part.append((number, phrase))
        if part:
            yield part

    @cached_property
    def _characters(self) -> "_Characters":
        return _Characters(self._classes, folded_characters())

    @cached_property
    def _folded_characters(self) -> "_Characters":
        """Of a folded text: what a phrase does not have is another letter."""
        return _Characters(self._classes, [chr(n) for n in range(LIMIT)])

    def find(self, texts: pa.Array) -> Hits:
        """Find the phrases in texts; a null has none."""
        data, ends = _buffers(texts)
        pairs = [self._find(part, texts, data, ends) for part in self._parts]
        merged = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *pairs]))
        return Hits(rows=merged // max(self._count, 1), phrases=merged % max(self._count, 1))

    def _find(
        self, part: "_Part", texts: pa.Array, data: NDArray[np.uint8], ends: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Number of the text times the number of phrases, plus the phrase."""
        rows, states = self._room(len(data) + 2 * len(ends))
        bytes_ = np.full(256, part.foreign_class, dtype=np.uint16)
        bytes_[:128] = self._characters.classes[:128]
        n = compiled(scan_plain)(
            data, ends, part.table, self._shift, bytes_, part.start, part.first, part.foreign, rows, states
        )
        is_foreign = states[:n] == part.foreign
        foreign = rows[:n][is_foreign].astype(np.int64)
        plain = ~is_foreign & ~_among(rows[:n], foreign, len(ends))
        found = [part.pairs(rows[:n][plain], states[:n][plain], self._count)]
        if len(foreign):
            found += self._find_foreign(part, texts, data, ends, foreign)
        return np.concatenate(found)

    def _find_foreign(
        self,
        part: "_Part",
        texts: pa.Array,
        data: NDArray[np.uint8],
        ends: NDArray[np.int64],
        which: NDArray[np.int64],
    ) -> list[NDArray[np.int64]]:
        rows, states = self._scan_utf8(part, data, ends, which, self._characters)
        sure = states != part.foreign
        found = [part.pairs(rows[sure], states[sure], self._count)]
        odd = rows[~sure].astype(np.int64)
        if len(odd):
            found.append(self._find_odd(part, texts, odd))
        return found

    def _find_odd(self, part: "_Part", texts: pa.Array, which: NDArray[np.int64]) -> NDArray[np.int64]:
        """Texts with rare ideographs, or bytes that are no UTF-8."""
        spelled = texts.take(pa.array(which)).cast(pa.large_binary()).to_pylist()
        folded = [fold(text.decode(errors="replace")).translate(self._private) for text in spelled]
        data, ends = _buffers(pa.array([_HIGH.sub("\uffff", text) for text in folded], pa.large_string()))
        rows, states = self._scan_utf8(part, data, ends, np.arange(len(which)), self._folded_characters)
        return part.pairs(which[rows], states, self._count)

    def _scan_utf8(
        self,
        part: "_Part",
        data: NDArray[np.uint8],
        ends: NDArray[np.int64],
        which: NDArray[np.int64],
        characters: "_Characters",
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        rows, states = self._room(3 * len(data) + 2 * len(ends))
        n = compiled(scan_utf8)(
            data,
            ends,
            part.table,
            self._shift,
            characters.classes,
            part.start,
            part.first,
            part.foreign,
            characters.begins,
            characters.several,
            which,
            rows,
            states,
        )
        return rows[:n], states[:n]

    def _room(self, size: int) -> NDArray[np.int32]:
        if self._taken.shape[1] < size:
            self._taken = np.empty((2, size + size // 4), dtype=np.int32)
        return self._taken


class _Characters:
    """The class of each character under ``LIMIT``.

    Args:
        known: class of each letter that phrases have.
        folded: what each character becomes.
    """

    def __init__(self, known: Mapping[str, int], folded: Sequence[str]) -> None:
        by_letter = {" ": _GAP, **known}
        self.classes = np.full(LIMIT, _OTHER, dtype=np.uint16)
        self.begins = np.zeros(LIMIT, dtype=np.int32)
        several: list[int] = []
        for number, text in enumerate(folded):
            if len(text) == 1:
                self.classes[number] = by_letter.get(text, _OTHER)
            elif text:
                self.classes[number] = EXPANDED
                self.begins[number] = len(several)
                several += [len(text), *(by_letter.get(letter, _OTHER) for letter in text)]
            else:
                self.classes[number] = DROPPED
        self.several = np.array([*several, 0], dtype=np.uint16)


class _Part:
    """The table of some phrases.

    Args:
        phrases: with their numbers.
        classes: of letters.
        shift: a row of the table has 2^shift entries.
    """

    def __init__(self, phrases: Sequence[tuple[int, str]], classes: dict[str, int], shift: int) -> None:
        children: list[dict[int, int]] = [{}]
        ends: dict[int, list[int]] = {}
        for number, phrase in phrases:
            state = 0
            for character in f" {phrase} ":
                found = children[state].setdefault(classes.get(character, _GAP), len(children))
                if found == len(children):
                    children.append({})
                state = found
            ends.setdefault(state, []).append(number)
        table, said = _linked(children, ends, 1 << shift)
        # Several gaps in a row are one: a state that a gap leads to stays what it is.
        gaps = np.unique(table[:, _GAP])
        table[gaps, _GAP] = gaps
        self.foreign_class = len(classes) + _OTHER + 1
        self._number(table, said)

    def _number(self, table: NDArray[np.int64], said: Sequence[Sequence[int]]) -> None:
        """Number the states that say something last, after one for what is foreign."""
        speaking = np.array([bool(numbers) for numbers in said])
        order = np.argsort(speaking, kind="stable")
        new = np.empty(len(order), dtype=np.int64)
        new[order] = np.arange(len(order))
        silent = int(len(order) - speaking.sum())
        new[new >= silent] += 1
        self.foreign, self.first = silent, silent + 1
        renumbered = np.full((len(order) + 1, table.shape[1]), self.foreign, dtype=np.int64)
        renumbered[new] = new[table]
        renumbered[:, self.foreign_class] = self.foreign
        self.start = int(renumbered[new[0], _GAP])
        self._finish(renumbered, [said[state] for state in order[silent:]])

    def _finish(self, table: NDArray[np.int64], said: Sequence[Sequence[int]]) -> None:
        small = len(table) <= np.iinfo(np.uint16).max
        self.table = np.ascontiguousarray(table, dtype=np.uint16 if small else np.uint32).reshape(-1)
        self._said = Ragged(said)

    def pairs(self, rows: NDArray[np.integer], states: NDArray[np.integer], width: int) -> NDArray[np.int64]:
        """Of texts and states that they reach: number of the text times width, plus the phrase."""
        lengths, said = self._said.of(states.astype(np.int64) - self.first)
        found: NDArray[np.int64] = np.repeat(rows.astype(np.int64), lengths) * width + said
        return found


def _linked(
    children: Sequence[dict[int, int]], ends: dict[int, list[int]], width: int
) -> tuple[NDArray[np.int64], list[list[int]]]:
    """The state after each state and class, and the phrases that end in each state."""
    table = np.zeros((len(children), width), dtype=np.int64)
    falls = np.zeros(len(children), dtype=np.int64)
    said = [ends.get(state, []) for state in range(len(children))]
    waiting = deque(children[0].values())
    for character, state in children[0].items():
        table[0, character] = state
    while waiting:
        state = waiting.popleft()
        fall = falls[state]
        table[state] = table[fall]
        said[state] = said[state] + said[fall]
        for character, child in children[state].items():
            falls[child] = table[fall, character]
            table[state, character] = child
            waiting.append(child)
    return table, said


def _among(rows: NDArray[np.int32], some: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    marked = np.zeros(count, dtype=bool)
    marked[some] = True
    return marked[rows]


def _buffers(texts: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of texts, and where each begins and the last ends; a null is an empty text."""
    if texts.null_count:
        texts = texts.fill_null("")
    width = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    _, offsets, content = texts.buffers()
    if not len(texts) or content is None:
        return np.frombuffer(b"", dtype=np.uint8), np.zeros(len(texts) + 1, dtype=np.int64)
    ends = np.frombuffer(offsets, dtype=width)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(content, dtype=np.uint8), ends.astype(np.int64)
