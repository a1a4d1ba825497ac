"""What is looked for in captions on behalf of a reference."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

from ingest.covariates.folding import fold
from ingest.covariates.matching import Wording, cues_of
from workbench.records import Reference

TYPE_WORDS = {
    "painting": ("painting", "paintings", "painted", "painter", "canvas", "fresco", "artwork", "oil on"),
    "sculpture": ("sculpture", "sculptures", "sculptor", "statue", "statues", "bust", "marble", "bronze"),
    "photograph": ("photograph", "photographs", "photography", "photographer", "photo"),
    "print": ("print", "prints", "woodblock", "woodcut", "engraving", "etching", "lithograph"),
    "film": ("film", "films", "movie", "movies", "cinema", "dvd", "blu ray", "trailer", "director", "starring"),
    "television series": ("tv", "television", "series", "season", "episode", "episodes", "sitcom", "show"),
}
"""Words beside a title that say that the work is meant; of other types, the words of the type."""
_SURNAME = 3
"""Letters from which on the last word of a name is taken for it."""


def title_wording(reference: Reference, aliases: Sequence[str] = ()) -> Wording | None:
    """The title and other names, and words that say that the work is meant; None where nothing is left of the names."""
    names = dict.fromkeys(fold(name) for name in (reference.label, *aliases))
    phrases = [name for name in names if name]
    return Wording(qid=reference.qid, phrases=phrases, cues=cues_of(phrases, _cues(reference))) if phrases else None


def _cues(reference: Reference) -> Iterable[str]:
    for creator in reference.creators:
        yield creator
        surname = fold(creator).rpartition(" ")[2]
        if len(surname) >= _SURNAME:
            yield surname
    if reference.type:
        yield from TYPE_WORDS.get(reference.type, fold(reference.type).split())


def ngram_wording(reference: Reference) -> Wording | None:
    """Each pair of neighbouring words of the title, or its only word."""
    words = fold(reference.label).split()
    pairs = [" ".join(pair) for pair in itertools.pairwise(words)]
    return Wording(qid=reference.qid, phrases=list(dict.fromkeys(pairs or words))) if words else None


def wordings(
    references: Sequence[Reference], measure: str, aliases: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Wording]:
    """By qid, what a measure of ``caption_counts`` looks for.

    Args:
        references: what is looked for.
        measure: title, names or ngrams.
        aliases: for names, those beside the title by qid.
    """
    if measure == "ngrams":
        made = [ngram_wording(reference) for reference in references]
    else:
        made = [title_wording(reference, (aliases or {}).get(reference.qid, ())) for reference in references]
    return {wording.qid: wording for wording in made if wording}
