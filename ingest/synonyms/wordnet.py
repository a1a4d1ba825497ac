"""Common words of WordNet: their senses, how often each is meant, and which words share one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from workbench.seed import seed_data

NOUN, VERB, ADJECTIVE, ADVERB = "n", "v", "a", "r"
_UNSEEN = 0.5
"""What a sense that the tagged texts never have counts, divided by its rank: WordNet orders senses by frequency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """A meaning of a word as one part of speech."""

    synset: int | None
    """Number in WordNet 3.0; None: no other common word has it."""
    share: float
    """Of the uses of the word as this part of speech, 0 to 1."""
    count: int
    """How often the tagged texts have it."""


class Wordnet:
    """The table that ships, by word.

    Args:
        table: columns word, part, rank, count, synset, plural.
        fixed: names and phrases of two words that stay as they are, in small letters.
    """

    def __init__(self, table: pl.DataFrame, fixed: frozenset[str]) -> None:
        weight = pl.col("count") + _UNSEEN / pl.col("rank")
        share = weight / weight.sum().over("word", "part")
        self._senses: dict[tuple[str, str], list[Sense]] = {}
        self._uses: dict[tuple[str, str], float] = {}
        self._members: dict[tuple[str, int], list[str]] = {}
        rows = table.with_columns(weight=weight, share=share).sort("word", "part", "rank")
        for word, part, synset, count, n, of in rows.select(
            "word", "part", "synset", "count", "weight", "share"
        ).iter_rows():
            key = (word, part)
            self._senses.setdefault(key, []).append(Sense(synset=synset, share=of, count=count))
            self._uses[key] = self._uses.get(key, 0.0) + n
            if synset is not None:
                self._members.setdefault((part, synset), []).append(word)
        self.fixed = fixed
        self._plural = set(table.filter("plural")["word"])

    def senses(self, word: str, part: str) -> Sequence[Sense]:
        """The senses of a word in small letters, most frequent first; none where it is not that part of speech."""
        return self._senses.get((word, part), ())

    def members(self, part: str, synset: int) -> Sequence[str]:
        """The words that share a meaning, by alphabet."""
        return self._members[part, synset]

    def uses(self, word: str) -> dict[str, float]:
        """By part of speech, the share of the uses of a word; empty where it is not a common word."""
        found = {part: self._uses[word, part] for part in (NOUN, VERB, ADJECTIVE, ADVERB) if (word, part) in self._uses}
        total = sum(found.values())
        return {part: n / total for part, n in found.items()}

    def frequency(self, word: str, part: str) -> float:
        """How often the tagged texts have a word as a part of speech; a little over 0 where they never do."""
        return self._uses.get((word, part), 0.0)

    def has_plural(self, noun: str) -> bool:
        """Whether a noun is usual in the plural, too."""
        return noun in self._plural


@cache
def wordnet() -> Wordnet:
    """The words that ship.

    Raises:
        ConfigError: If this installation lacks them.
    """
    fixed = seed_data("wordnet/fixed.txt").read_text(encoding="utf-8").split("\n")
    return Wordnet(pl.read_parquet(seed_data("wordnet/senses.parquet")), frozenset(filter(None, fixed)))
