"""Prompts in other languages: what references are called there."""

import json
from collections.abc import Sequence

from ingest.prompt_places import Place, place_of
from ingest.prompt_writing import Making
from workbench.records import Prompt, ReferenceLabel

ENGLISH = "en"
PERTURBATION, METHOD = "translation", "label in another language"
_NOUN = "translation prompts"
_HINT = "wb ingest references asks for them: --language fr --language de"


def make_translations(making: Making, languages: Sequence[str]) -> None:
    """Make a prompt of each different name that a reference has in other languages than English.

    A name that reads like the title is no condition of its own; languages with the same name share a prompt, and its
    ``changes`` name them.

    Args:
        making: the run.
        languages: codes; none: all that the study has.
    """
    labels = making.store.rows("reference_labels_of", ReferenceLabel, languages=list(languages) or None)
    by_qid: dict[str, list[ReferenceLabel]] = {}
    for label in labels:
        if label.language not in (ENGLISH, "mul"):
            by_qid.setdefault(label.qid, []).append(label)
    places: dict[str, Place] = {}
    alike: list[str] = []
    for reference in making.references:
        names = _by_name(by_qid.get(reference.qid, ()), languages)
        different = {name: codes for name, codes in names.items() if name.casefold() != reference.label.casefold()}
        prompts = [_prompt(reference.qid, name, codes, making.run.run_id) for name, codes in different.items()]
        if prompts:
            places[place_of(prompts[0])] = Place(unnumbered={prompt.text: prompt for prompt in prompts})
        elif names:
            alike.append(reference.qid)
    unknown = [reference.qid for reference in making.references if reference.qid not in by_qid]
    making.place(_NOUN, places, {})
    making.retire(_NOUN, PERTURBATION, METHOD, places)
    making.report.skip(_NOUN, alike, "the title is the same in those languages")
    making.report.skip(_NOUN, unknown, "no label in another language is known", _HINT)


def _by_name(labels: Sequence[ReferenceLabel], languages: Sequence[str]) -> dict[str, list[str]]:
    """The codes of the languages of each name, in the order that was asked for."""
    order = {code: n for n, code in enumerate(languages)}
    names: dict[str, list[str]] = {}
    for label in sorted(labels, key=lambda label: (order.get(label.language, 0), label.language)):
        names.setdefault(label.label, []).append(label.language)
    return names


def _prompt(qid: str, name: str, codes: Sequence[str], run_id: str) -> Prompt:
    return Prompt(
        qid=qid,
        perturbation=PERTURBATION,
        method=METHOD,
        text=name,
        changes=json.dumps({"languages": codes}),
        run_id=run_id,
    )
