"""Which words of a title may be replaced, and what part of speech each is.

No tagger: titles are short, in capitals, and unlike the news that taggers learn from. The place of a word comes first:
between an article, possessive or preposition and the end of its phrase stands a noun; before a noun an adjective;
first in a title, or after "to" or a pronoun, a verb. Where a place allows several, a word is taken for what it is four
times in five in the texts that WordNet's makers tagged. What stays in doubt is left as it is.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ingest.synonyms.inflection import BASE, ING, PLURAL, bases
from ingest.synonyms.wordnet import ADJECTIVE, NOUN, VERB, Wordnet

_WORD = re.compile(r"[^\W\d_]+(?:['’\-.][^\W\d_]+)*['’]?", re.UNICODE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words("a an the this that these those my your his her its our their no some every each all")
PREPOSITIONS = _words(
    """of in on at by for with from to into onto over under above below after before between behind beside near upon
    without through against among around across about along toward towards within beyond off out up down past"""
)
FUNCTION_WORDS = (
    DETERMINERS
    | PREPOSITIONS
    | _words(
        """and or but nor not if as than then so i you he she it we they me him us them who whom whose what which when
        where why how is are was were be been being am do does did done have has had having will would shall should can
        could may might must there here one two three four five six seven eight nine ten eleven twelve hundred thousand
        million first second third last next other another both few many more most much very too let get got go gone
        part volume chapter episode"""
    )
)
"""Never replaced: they have no synonyms that would do, or count something."""
_FOREIGN = _words(
    """la le les el los las un une des du de der das dem den il lo gli una del della di da dei et und y e o mon ma san
    santa saint"""
)
"""A title with one of these is no English, or a name."""
_POSSESSIVES = ("'s", "’s", "s'", "s’")
_BETWEEN = _words("and or but is are was were who which that")
_PARTICLES = _words("out up off down away back")
_SUBJECTS = _words("to i you we they who let don't never not must will can should would could")
_OBJECTS = _words("me him them us you it")
_CERTAIN, _POSSIBLE, _HALF = 0.8, 0.15, 0.5
"""Shares of a word's uses from which on a part of speech is certain, and from which on a place may decide for it."""


@dataclass(slots=True, kw_only=True)
class Word:
    """A word of a title."""

    text: str
    start: int
    base: str = ""
    """Empty: it is left as it is."""
    form: str = BASE
    part: str = ""
    name: bool = False
    """It is a name, or part of one."""

    @property
    def low(self) -> str:
        """In small letters."""
        return self.text.lower()

    @property
    def capital(self) -> bool:
        """Whether it begins with one."""
        return self.text[0].isupper()

    @property
    def end(self) -> int:
        """Where it ends in the title."""
        return self.start + len(self.text)


def words_of(title: str) -> list[Word]:
    """The words of a title, nothing decided."""
    return [Word(text=found[0], start=found.start()) for found in _WORD.finditer(title)]


def read_title(title: str, wordnet: Wordnet, names: Collection[str] = ()) -> list[Word]:
    """The words of a title; those that may be replaced have a base and a part of speech.

    Args:
        title: as it is prompted.
        wordnet: the words that are known.
        names: further words that are names, in small letters: those of the creators.
    """
    words = words_of(title)
    if any(word.low in _FOREIGN for word in words):
        return words
    for word in words:
        word.name = word.low in names or _is_name(word, wordnet)
    _join_names(words, title, wordnet)
    for number, word in enumerate(words):
        if not word.name and word.low not in FUNCTION_WORDS and word.text.isalpha() and len(word.text) > 2:
            if sum(other.low == word.low for other in words) > 1:
                continue
            _decide(words, number, title, wordnet)
    return words


def _is_name(word: Word, wordnet: Wordnet) -> bool:
    known = any(wordnet.uses(base) for base, _ in bases(word.low))
    return word.capital and word.low not in FUNCTION_WORDS and (not known or word.low in wordnet.fixed)


def _join_names(words: Sequence[Word], title: str, wordnet: Wordnet) -> None:
    """Keep fixed phrases, and words in capitals that stand beside a name with nothing between them."""
    was = [word.name for word in words]
    for n, (before, word) in enumerate(itertools.pairwise(words)):
        if title[before.end : word.start] != " ":
            continue
        if any(f"{before.low} {base}" in wordnet.fixed for base, _ in bases(word.low)):
            before.name = word.name = True
        elif not {before.low, word.low} & FUNCTION_WORDS and before.text[-2:] not in _POSSESSIVES:
            word.name |= before.name and word.capital
            before.name |= was[n + 1] and before.capital and not any(f == ING for _, f in bases(before.low))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    base: str
    form: str
    part: str
    share: float
    """Of the uses of the base in the parts of speech that the form allows."""


def _decide(words: Sequence[Word], number: int, title: str, wordnet: Wordnet) -> None:
    """Give a word its base, form and part of speech, where they are not in doubt."""
    word = words[number]
    readings = list(_readings(word.low, wordnet))
    parts = _parts_of(*_beside(words, number, title), wordnet)
    certain = max((r.share for r in readings), default=0) >= _CERTAIN
    likely = [
        r for r in readings if r.part in parts and r.share >= (_CERTAIN if len(parts) > 1 and certain else _POSSIBLE)
    ]
    if len({r.part for r in likely}) == 1:
        chosen = max(likely, key=lambda r: wordnet.frequency(r.base, r.part))
        word.base, word.form, word.part = chosen.base, chosen.form, chosen.part


def _readings(low: str, wordnet: Wordnet) -> Iterator[_Reading]:
    fits = {BASE: (NOUN, VERB, ADJECTIVE), PLURAL: (NOUN, VERB), ING: (VERB,)}
    for base, form in bases(low):
        uses = wordnet.uses(base)
        fitting = {part: uses[part] for part in fits[form] if part in uses}
        for part, share in fitting.items():
            yield _Reading(base=base, form=form, part=part, share=share / sum(fitting.values()))


def _beside(words: Sequence[Word], number: int, title: str) -> tuple[str, str]:
    """The words before and after in small letters; empty at an end of the title or of a part of it."""
    word = words[number]
    before = words[number - 1] if number else None
    after = words[number + 1] if number + 1 < len(words) else None
    joined_before = before is not None and title[before.end : word.start] == " "
    joined_after = after is not None and title[word.end : after.start] == " "
    return before.low if before and joined_before else "", after.low if after and joined_after else ""


def _parts_of(before: str, after: str, wordnet: Wordnet) -> str:
    """The parts of speech that a place allows."""
    opened = before in DETERMINERS or before in PREPOSITIONS - {"to"} or before[-2:] in _POSSESSIVES
    closed = not after or after in PREPOSITIONS or after in _BETWEEN
    describes = ADJECTIVE in wordnet.uses(before)
    if closed and (opened or describes):
        return NOUN
    nouns = [wordnet.uses(base).get(NOUN, 0) for base, _ in bases(after)]
    if max(nouns, default=0) >= _HALF:
        return ADJECTIVE
    if after in _PARTICLES:
        return ""
    if before in _SUBJECTS or (not before and after in DETERMINERS | PREPOSITIONS | _OBJECTS):
        return VERB if before or after in DETERMINERS | _OBJECTS else NOUN + VERB
    return NOUN if closed else ""
