"""Which prompt of the study a picture from elsewhere was made from: by text, title or QID, never by guess."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from ingest.covariates.folding import fold
from ingest.elsewhere.found import Wanted
from ingest.text import clean_text
from workbench.errors import ConfigError
from workbench.registry import unknown_name

TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An active prompt of the study."""

    prompt_id: str
    qid: str
    label: str
    """Title of its reference."""
    perturbation: str
    variant: int
    text: str

    def __str__(self) -> str:
        return f"{self.perturbation} of {self.qid}" + (f" ({self.variant})" if self.variant > 1 else "")


class Prompts:
    """The prompts that pictures may belong to.

    Args:
        candidates: all active prompts of the study.
        perturbation: the condition that the pictures were made under; None: folders are those of titles, and a list
            or a text says it by itself.

    Raises:
        ConfigError: If there is no such condition.
    """

    def __init__(self, candidates: Iterable[Candidate], perturbation: str | None) -> None:
        known = sorted(candidates, key=lambda one: (one.qid, one.perturbation, one.variant))
        if not known:
            raise ConfigError("the study has no prompts yet", "wb ingest --from references.csv makes them")
        conditions = {one.perturbation for one in known}
        if perturbation is not None and perturbation not in conditions:
            raise unknown_name("perturbation", perturbation, conditions)
        self._asked = perturbation
        self._by_text = _grouped(known, lambda one: [clean_text(one.text)])
        self._by_qid = _grouped(known, lambda one: [one.qid])
        self._by_name = _grouped(known, lambda one: {fold(one.text), fold(one.label), fold(one.qid)} - {""})

    def of(self, wanted: Wanted) -> list[Candidate]:
        """The prompts that are meant: none, where the study has no such; several, where it is not clear which."""
        if wanted.qid is not None:
            return self._of_qid(wanted)
        if wanted.text is not None:
            return [one for one in self._by_text.get(wanted.text, ()) if self._asked in (None, one.perturbation)]
        named = self._by_name.get(fold(wanted.name or ""), [])
        found = [one for one in named if one.perturbation == (self._asked or TITLE)]
        spelled = [one for one in found if fold(one.text) == fold(wanted.name or "")]
        one_reference = len({one.qid for one in found}) == 1
        return spelled if len(spelled) == 1 and one_reference else found

    def _of_qid(self, wanted: Wanted) -> list[Candidate]:
        found = self._by_qid.get(wanted.qid or "", [])
        if wanted.text is not None:
            found = [one for one in found if clean_text(one.text) == wanted.text]
        perturbation = wanted.perturbation or self._asked or (None if wanted.text else TITLE)
        found = [one for one in found if perturbation in (None, one.perturbation)]
        return [one for one in found if wanted.variant in (None, one.variant)]


def _grouped(
    candidates: Iterable[Candidate], keys: Callable[[Candidate], Collection[str]]
) -> Mapping[str, list[Candidate]]:
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        for key in keys(one):
            groups[key].append(one)
    return groups
