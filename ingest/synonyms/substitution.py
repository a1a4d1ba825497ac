"""Titles with words replaced by synonyms."""

import difflib
import itertools
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.synonyms.inflection import FORMS, PLURAL, article
from ingest.synonyms.parts import Word, read_title, words_of
from ingest.synonyms.wordnet import NOUN, Sense, Wordnet

MOST = 3
"""Words of a title that are replaced at most."""
_MEANT = 0.25
"""Share of a word's uses that a sense needs: rarer ones are not what a title means."""
_MANY = 6
"""Meanings of a word above which it is left as it is: what "way" or "world" means, each title makes anew."""
_OWN = 0.5
"""Share of a synonym's uses that the meaning needs: otherwise it is read as something else."""
_UNDERSTOOD = 0.11
"""Fit that a synonym needs: who reads it alone must come upon the same meaning."""
_BESIDE_THE_BEST = 0.5
"""Share of the fit of the best synonym that another needs."""
_UNTAGGED = 0.4
"""What a meaning counts in which the tagged texts never have a word; the more they have it, the nearer to 1."""
_ALIKE = 0.75
"""Likeness of two words over which one is a spelling of the other: grey and gray, theatre and theater."""
_UNFIT = frozenset(
    """ass arse fanny buttocks queer missy bod mama mamma mammy mummy mum tit bum prick cock pussy twat hooker tart shit
    broad dame doll chick gook niggard jap kraut gal lulu tec het sucker cervix artillery mitt whale""".split()  # noqa: SIM905
)
"""Words that nobody would take: WordNet does not mark them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """What may stand for a word."""

    position: int
    """Of the word among the words of the title, from 1."""
    original: str
    replacement: str
    """Inflected, in the case of the original."""
    part: str
    """n, v, a or r."""
    synset: int
    """The meaning that both have: its number in WordNet 3.0."""
    fit: float
    """How likely both words mean it, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Substituted:
    """A title with words replaced."""

    text: str
    changes: Sequence[Substitute]


def substitutes(title: str, wordnet: Wordnet, names: Collection[str] = ()) -> dict[int, list[Substitute]]:
    """What may stand for the words of a title, by position, the best first; words without any are left out.

    Args:
        title: as it is prompted.
        wordnet: where synonyms come from.
        names: words that are names, in small letters.
    """
    words = read_title(title, wordnet, names)
    there = {word.low for word in words} | {word.base for word in words}
    found: dict[int, list[Substitute]] = {}
    for position, word in enumerate(words, 1):
        options = list(_options(word, position, there, wordnet)) if word.base else []
        best = max((option.fit for option in options), default=0)
        near = [option for option in options if option.fit >= _BESIDE_THE_BEST * best]
        if near:
            found[position] = sorted(near, key=lambda s: (-s.fit, s.replacement))
    return found


def _options(word: Word, position: int, there: Collection[str], wordnet: Wordnet) -> Iterator[Substitute]:
    taken = set(there)
    senses = wordnet.senses(word.base, word.part)
    if word.base in _UNFIT or len(senses) > _MANY:
        return
    for sense in senses:
        if sense.synset is None or sense.share < _MEANT:
            continue
        for other in wordnet.members(word.part, sense.synset):
            fit = sense.share * _seen(sense) * _understood(other, word.part, sense.synset, wordnet)
            if fit < _UNDERSTOOD or other in taken or not _fit_to_stand(word.base, other):
                continue
            made = FORMS[word.form](other)
            if made and (word.form != PLURAL or word.part != NOUN or wordnet.has_plural(other)):
                taken.add(other)
                yield Substitute(
                    position=position,
                    original=word.text,
                    replacement=_cased(made, word.text),
                    part=word.part,
                    synset=sense.synset,
                    fit=fit,
                )


def _understood(word: str, part: str, synset: int, wordnet: Wordnet) -> float:
    """Of all uses of a word, those in this meaning; less where the tagged texts hardly have it, 0 below half."""
    sense = next(s for s in wordnet.senses(word, part) if s.synset == synset)
    if sense.share < _OWN:
        return 0.0
    return sense.share * wordnet.uses(word)[part] * _seen(sense)


def _seen(sense: Sense) -> float:
    return (sense.count + _UNTAGGED) / (sense.count + 1)


def _fit_to_stand(word: str, other: str) -> bool:
    """No abbreviation, other spelling or derivation of the word, no plural for a singular."""
    if len(other) < 3 or not set(other) & set("aeiouy") or other in _UNFIT:
        return False
    if other.startswith(word) or word.startswith(other) or (other.endswith("s") and not word.endswith("s")):
        return False
    return difflib.SequenceMatcher(a=word, b=other).ratio() < _ALIKE


def _cased(word: str, like: str) -> str:
    if len(like) > 1 and like.isupper():
        return word.upper()
    return word.capitalize() if like[0].isupper() else word


def variants(
    title: str, found: Mapping[int, Sequence[Substitute]], *, most: int, each: int, seed: str
) -> list[Substituted]:
    """Some ways to replace one, two, … words of a title; the same for the same seed.

    Args:
        title: as it is prompted.
        found: its ``substitutes``.
        most: words that are replaced at most.
        each: texts for each number of words; fewer where there are not so many.
        seed: decides which words and synonyms are taken: better fitting ones are likelier.
    """
    made: dict[str, Substituted] = {}
    for n in range(1, min(most, len(found)) + 1):
        draw = random.Random(f"{seed} {n}")
        sets = [s for positions in itertools.combinations(found, n) for s in itertools.product(*_of(found, positions))]
        while sets and sum(len(m.changes) == n for m in made.values()) < each:
            weights = [_weight(s) for s in sets]
            chosen = sets.pop(draw.choices(range(len(sets)), weights)[0])
            text = replaced(title, chosen)
            made.setdefault(text, Substituted(text=text, changes=chosen))
    return list(made.values())


def _of(found: Mapping[int, Sequence[Substitute]], positions: Sequence[int]) -> list[Sequence[Substitute]]:
    return [found[position][:5] for position in positions]


def _weight(chosen: Sequence[Substitute]) -> float:
    weight = 1.0
    for substitute in chosen:
        weight *= substitute.fit**2
    return weight


def replaced(title: str, chosen: Sequence[Substitute]) -> str:
    """The title with these words replaced, and articles before them put right."""
    words = words_of(title)
    by_position = {substitute.position: substitute.replacement for substitute in chosen}
    made = [by_position.get(n, word.text) for n, word in enumerate(words, 1)]
    for n in range(1, len(made)):
        if n + 1 in by_position:
            made[n - 1] = article(made[n - 1], made[n])
    ends = [0, *(word.end for word in words)]
    between = [title[end : word.start] for end, word in zip(ends, words, strict=False)]
    return "".join(itertools.chain.from_iterable(zip(between, made, strict=True))) + title[ends[-1] :]
