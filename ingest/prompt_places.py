"""The places of prompts: a reference and a perturbation, and in it the variants by number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.records import Prompt


def place_of(prompt: Prompt) -> str:
    """Name of a prompt's place."""
    return f"{prompt.qid} {prompt.perturbation}"


@dataclass(slots=True, kw_only=True)
class Place:
    """What a file says of one reference and perturbation."""

    numbered: dict[int, Prompt] = field(default_factory=dict)
    """By the variant that the file gives."""
    unnumbered: dict[str, Prompt] = field(default_factory=dict)
    """By text; their variant means nothing yet."""

    def prompts(self, there: Iterable[Prompt] = ()) -> list[Prompt]:
        """All prompts, each with its variant.

        A text that is there already keeps its variant, so that its images stay its own; the others get free numbers.

        Args:
            there: what the study has in this place, active and retired.
        """
        variants = dict(self.numbered)
        texts = {prompt.text for prompt in self.numbered.values()}
        waiting = {text: prompt for text, prompt in self.unnumbered.items() if text not in texts}
        # The active ones first: a retired text that comes back must not take the number of one in use.
        for old in sorted(there, key=lambda p: (not p.active, p.variant)):
            if old.text in waiting and old.variant not in variants:
                variants[old.variant] = replace(waiting.pop(old.text), variant=old.variant)
        free = (n for n in range(1, len(variants) + len(waiting) + 1) if n not in variants)
        new = [replace(prompt, variant=n) for n, prompt in zip(free, waiting.values(), strict=False)]
        return [*variants.values(), *new]


def settle(places: Mapping[str, Place], there: Sequence[Prompt]) -> list[list[Prompt]]:
    """The prompts of each place, beside what the study has."""
    known: dict[str, list[Prompt]] = {}
    for prompt in there:
        known.setdefault(place_of(prompt), []).append(prompt)
    return [place.prompts(known.get(name, ())) for name, place in places.items()]
