"""Prompts with words of the title replaced by synonyms."""

import json
from dataclasses import dataclass

from ingest.covariates.folding import fold
from ingest.prompt_places import Place
from ingest.prompt_writing import Making
from ingest.synonyms.substitution import MOST, Substituted, substitutes, variants
from ingest.synonyms.wordnet import wordnet
from workbench.records import Prompt, PromptChange, Reference

PERTURBATION, METHOD = "synonym", "wordnet"
_NOUN = "synonym prompts"
_PARTS = {"n": "noun", "v": "verb", "a": "adjective"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """How many texts are made of a title, and which."""

    most: int = MOST
    """Words that are replaced at most: texts with one, two, … are made."""
    each: int = 1
    """Texts for each number of words."""
    seed: int = 0
    """Decides which words and synonyms are taken."""


def make_synonyms(making: Making, asked: Synonyms) -> None:
    """Make texts of every title that has words to replace; the same for the same seed."""
    known = wordnet()
    places: dict[str, Place] = {}
    changes: dict[str, list[PromptChange]] = {}
    for reference in making.references:
        names = {word for creator in reference.creators for word in creator.lower().split()}
        found = substitutes(reference.label, known, names | {fold(name) for name in names})
        made = variants(reference.label, found, most=asked.most, each=asked.each, seed=f"{asked.seed} {reference.qid}")
        if made:
            texts = {text.text: _prompt(reference, text, making.run.run_id) for text in made}
            places[f"{reference.qid} {PERTURBATION}"] = Place(unnumbered=texts)
            changes |= {f"{reference.qid} {text.text}": _changes(text) for text in made}
    making.place(_NOUN, places, changes)
    making.retire(_NOUN, PERTURBATION, METHOD, places)
    without = [r.qid for r in making.references if f"{r.qid} {PERTURBATION}" not in places]
    making.report.skip(_NOUN, without, "no word of the title has a synonym that would do")


def _prompt(reference: Reference, made: Substituted, run_id: str) -> Prompt:
    words = {change.original: change.replacement for change in made.changes}
    return Prompt(
        qid=reference.qid,
        perturbation=PERTURBATION,
        method=METHOD,
        text=made.text,
        changes=json.dumps(words, ensure_ascii=False),
        run_id=run_id,
    )


def _changes(made: Substituted) -> list[PromptChange]:
    return [
        PromptChange(
            prompt_id="",
            position=change.position,
            original=change.original,
            replacement=change.replacement,
            part_of_speech=_PARTS[change.part],
            synset=f"{change.part}{change.synset:08d}",
        )
        for change in made.changes
    ]
