"""Looking for all titles in all captions at once: one pass, whatever their number."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import ahocorasick_rs
import numpy as np
import pyarrow as pa

from ingest.covariates.folding import Folded, fold, fold_all
from workbench.records import content_id

_LARGE = 1_000_000
"""Bytes of texts over which the faster automaton would take gigabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is looked for on behalf of one reference, folded."""

    qid: str
    phrases: Sequence[str]
    """Any of them mentions it."""
    cues: Sequence[str] = ()
    """Words that say that the work is meant: none of them is part of a phrase."""

    @property
    def wording_id(self) -> str:
        """Hash of it."""
        return content_id(*self.phrases, "", *self.cues)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was counted."""

    captions: int = 0
    matches: Counter[str] = field(default_factory=Counter)
    """Captions by qid."""
    corroborated: Counter[str] = field(default_factory=Counter)
    """Captions among them that hold a cue, by qid."""

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.captions += other.captions
        self.matches.update(other.matches)
        self.corroborated.update(other.corroborated)


class Matcher:
    """Counts captions that mention references.

    Args:
        wordings: what to look for.
        each: count a caption once for each phrase that it holds, not once for all.
    """

    def __init__(self, wordings: Iterable[Wording], *, each: bool = False) -> None:
        self._each = each
        self._owners: dict[str, list[int]] = {}
        self._wordings = list(wordings)
        for number, wording in enumerate(self._wordings):
            for phrase in wording.phrases:
                self._owners.setdefault(phrase, []).append(number)
        self._cues = [[f" {cue} ".encode() for cue in wording.cues] for wording in self._wordings]
        patterns = [f" {phrase} ".encode() for phrase in self._owners]
        self._by_pattern = list(self._owners.values())
        large = sum(map(len, patterns)) > _LARGE
        kinds = ahocorasick_rs.Implementation
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            patterns,
            matchkind=ahocorasick_rs.MatchKind.Standard,
            implementation=kinds.ContiguousNFA if large else kinds.DFA,
        )

    def count(self, captions: pa.Array) -> Tally:
        """Count in a string array; nulls are no captions."""
        tally = Tally(captions=len(captions) - captions.null_count)
        for folded in fold_all(captions) if self._by_pattern else ():
            self._count(folded, tally)
        return tally

    def _count(self, folded: Folded, tally: Tally) -> None:
        found = self._automaton.find_matches_as_indexes(folded.content, overlapping=True)
        if not found:
            return
        table = np.array(found, dtype=np.int64)
        rows = np.searchsorted(folded.marks, table[:, 1])
        width = len(self._by_pattern)
        pairs = np.unique(rows * width + table[:, 0])
        if self._each:
            self._count_each(np.bincount(pairs % width, minlength=width), tally)
        else:
            self._count_rows(folded, zip((pairs // width).tolist(), (pairs % width).tolist(), strict=True), tally)

    def _count_each(self, counts: "np.ndarray[tuple[int], np.dtype[np.intp]]", tally: Tally) -> None:
        for pattern in np.flatnonzero(counts):
            for number in self._by_pattern[pattern]:
                tally.matches[self._wordings[number].qid] += int(counts[pattern])

    def _count_rows(self, folded: Folded, pairs: Iterator[tuple[int, int]], tally: Tally) -> None:
        row_before, text, seen = -1, b"", set[int]()
        for row, pattern in pairs:
            if row != row_before:
                row_before, text, seen = row, folded.text(row), set()
            for number in self._by_pattern[pattern]:
                if number in seen:
                    continue
                seen.add(number)
                qid = self._wordings[number].qid
                tally.matches[qid] += 1
                tally.corroborated[qid] += any(cue in text for cue in self._cues[number])


def cues_of(phrases: Sequence[str], words: Iterable[str]) -> list[str]:
    """Words, folded, that say more than the phrases themselves."""
    own = {word for phrase in phrases for word in phrase.split()}
    folded = dict.fromkeys(map(fold, words))
    return [cue for cue in folded if cue and not set(cue.split()) <= own]
