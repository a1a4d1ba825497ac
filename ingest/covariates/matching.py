"""Looking for all titles in all captions at once: one pass, whatever their number."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ingest.covariates.automaton import Automaton
from ingest.covariates.folding import fold
from ingest.covariates.ragged import Ragged
from workbench.records import content_id


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
        wordings: what to look for, of each qid once.
        each: count a caption once for each phrase that it holds, not once for all.
    """

    def __init__(self, wordings: Iterable[Wording], *, each: bool = False) -> None:
        self._each = each
        self._wordings = list(wordings)
        self._phrases = _Owned([wording.phrases for wording in self._wordings])
        self._cues = _Owned([wording.cues for wording in self._wordings])

    def count(self, captions: pa.Array) -> Tally:
        """Count in a string array; nulls are no captions."""
        tally = Tally(captions=len(captions) - captions.null_count)
        found = self._phrases.find(captions, np.arange(len(captions)))
        if len(found) and not self._each:
            found = np.unique(found)
        self._add(tally.matches, found)
        if len(found) and self._cues and not self._each:
            mentioning = np.unique(found // len(self._wordings))
            self._add(tally.corroborated, np.intersect1d(found, self._cues.find(captions, mentioning)))
        return tally

    def _add(self, counts: Counter[str], pairs: NDArray[np.int64]) -> None:
        if len(pairs):
            by_wording = np.bincount(pairs % len(self._wordings), minlength=len(self._wordings))
            for number in np.flatnonzero(by_wording):
                counts[self._wordings[number].qid] += int(by_wording[number])


class _Owned:
    """Phrases, and the numbers of the wordings that each belongs to.

    Args:
        phrases: of each wording.
    """

    def __init__(self, phrases: Sequence[Sequence[str]]) -> None:
        owners: dict[str, list[int]] = {}
        for number, several in enumerate(phrases):
            for phrase in dict.fromkeys(several):
                owners.setdefault(phrase, []).append(number)
        self._automaton = Automaton(list(owners))
        self._owners = Ragged(list(owners.values()))
        self._width = len(phrases)

    def __bool__(self) -> bool:
        return bool(self._owners)

    def find(self, texts: pa.Array, which: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each phrase that one of some texts holds: number of the text times that of wordings, plus the wording."""
        if not self:
            return np.empty(0, dtype=np.int64)
        hits = self._automaton.find(texts if len(which) == len(texts) else texts.take(pa.array(which)))
        lengths, owners = self._owners.of(hits.phrases)
        found: NDArray[np.int64] = np.repeat(which[hits.rows], lengths) * self._width + owners
        return found


def cues_of(phrases: Sequence[str], words: Iterable[str]) -> list[str]:
    """Words, folded, that say more than the phrases themselves."""
    own = {word for phrase in phrases for word in phrase.split()}
    folded = dict.fromkeys(map(fold, words))
    return [cue for cue in folded if cue and not set(cue.split()) <= own]
