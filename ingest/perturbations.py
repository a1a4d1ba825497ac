"""Prompts that follow from what is known of a reference."""

import json
from collections.abc import Callable, Iterable

from workbench.records import Prompt, Reference


def title_prompt(reference: Reference, run_id: str) -> Prompt:
    """The prompt that every reference has: its label, verbatim."""
    return Prompt(qid=reference.qid, perturbation="title", method="label", text=reference.label, run_id=run_id)


def creator_prompt(reference: Reference, run_id: str) -> Prompt | None:
    """``LABEL by CREATOR``, the first of several; None where none is known."""
    if not reference.creators:
        return None
    added = f"by {reference.creators[0]}"
    return Prompt(
        qid=reference.qid,
        perturbation="with-creator",
        method="label+creator",
        text=f"{reference.label} {added}",
        changes=json.dumps({"added": added}, ensure_ascii=False),
        run_id=run_id,
    )


def description_prompt(reference: Reference, run_id: str) -> Prompt | None:
    """What the item is said to be, verbatim: "painting by Edvard Munch"; None where nothing is."""
    if not reference.description:
        return None
    return Prompt(
        qid=reference.qid,
        perturbation="description",
        method="item description",
        text=reference.description,
        run_id=run_id,
    )


PERTURBATIONS: dict[str, Callable[[Reference, str], Prompt | None]] = {
    "title": title_prompt,
    "with-creator": creator_prompt,
    "description": description_prompt,
}
"""Name → how its prompt is made of a reference."""
UNKNOWN = {"title": "", "with-creator": "no creator is known", "description": "no description is known"}
"""Name → why it cannot be made of some references."""


def remade_prompts(name: str, references: Iterable[Reference], there: Iterable[Prompt], run_id: str) -> list[Prompt]:
    """The prompts of a perturbation, made anew where they were made before; the title always.

    Args:
        name: of ``PERTURBATIONS``.
        references: as they are known now.
        there: their prompts so far; a text that was made in another way is no reason to make one.
        run_id: of the run that makes them.
    """
    made_before = {(p.qid, p.method) for p in there if p.active and p.perturbation == name}
    made = (PERTURBATIONS[name](reference, run_id) for reference in references)
    return [p for p in made if p and (name == "title" or (p.qid, p.method) in made_before)]
