"""Forms of English words: only those that a rule or WordNet's list of irregular plurals makes safe."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from workbench.seed import seed_data

BASE, PLURAL, ING = "base", "-s", "-ing"
_VOWELS = "aeiou"
_HISSING = re.compile(r"(s|x|z|ch|sh)$")
_DOUBLED = re.compile(r"[^aeiou]*[aeiou][bdgklmnprt]")
"""Words of one syllable that double their last letter before -ing."""
_AN_HOUR = ("hour", "honest", "honour", "honor", "heir")
_A_UNIT = ("uni", "use", "usu", "usa", "eu", "one", "once", "ubi")


@cache
def _irregular() -> dict[str, str]:
    """Irregular plural → singular."""
    lines = seed_data("wordnet/irregular.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@cache
def _plurals() -> dict[str, str]:
    return {singular: plural for plural, singular in _irregular().items()}


def with_s(word: str) -> str | None:
    """The plural of a noun, or the third person of a verb; None where a rule might be wrong."""
    if word in _plurals():
        return _plurals()[word]
    if _HISSING.search(word):
        return f"{word}es"
    if word[-1] == "o" and word[-2:-1] not in _VOWELS:
        return None  # heroes, but pianos
    if word[-1] == "y" and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    return f"{word}s"


def with_ing(word: str) -> str | None:
    """The present participle of a verb of one syllable, or of one that ends in -e or two consonants; else None."""
    if word.endswith("ie"):
        return f"{word[:-2]}ying"
    if word[-1] == "e" and word[-2:-1] not in ("e", "o", "y"):
        return f"{word[:-1]}ing"
    if _DOUBLED.fullmatch(word):
        return f"{word}{word[-1]}ing"
    syllables = len(re.findall(r"[aeiouy]+", word))
    if syllables > 1 and re.search(r"[^aeiou][aeiou][^aeiouwxy]$", word):
        return None  # beginning, but opening
    return f"{word}ing"


FORMS: dict[str, Callable[[str], str | None]] = {BASE: lambda word: word, PLURAL: with_s, ING: with_ing}
"""How a form is made of a base; None where it is not known."""


def bases(word: str) -> Iterator[tuple[str, str]]:
    """What a word in small letters may be a form of: (base, form), the word itself first."""
    yield word, BASE
    if word in _irregular():
        yield _irregular()[word], PLURAL
    elif word.endswith("s") and not word.endswith("ss"):
        for base in (word[:-1], word[:-2], f"{word[:-3]}y"):
            if len(base) > 1 and with_s(base) == word:
                yield base, PLURAL
    if word.endswith("ing") and len(word) > 4:
        stem = word[:-3]
        for base in (stem, f"{stem}e", stem[:-1], f"{stem[:-1]}ie"):
            if len(base) > 1 and with_ing(base) == word:
                yield base, ING


def article(before: str, word: str) -> str:
    """``a`` or ``an``, as the word wants it, in the case of the article that was there; any other word as it is."""
    if before.lower() not in ("a", "an"):
        return before
    low = word.lower()
    vowel = low.startswith(_AN_HOUR) or (low[0] in _VOWELS and not low.startswith(_A_UNIT))
    made = "an" if vowel else "a"
    return made.upper() if before == "AN" else made.capitalize() if before[0].isupper() else made
