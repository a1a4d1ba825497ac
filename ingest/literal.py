"""Prompts that say what is to be seen on the reference image, without naming the work or who made it."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ingest.covariates.folding import fold
from ingest.prompt_places import Place
from ingest.prompt_writing import Making
from ingest.report import Problem, tracked
from ingest.synonyms.inflection import bases
from ingest.synonyms.parts import FUNCTION_WORDS
from workbench.errors import IngestError, ModelError, reason
from workbench.records import Prompt, Reference, ReferenceImage
from workbench.registry import Registry

if TYPE_CHECKING:
    from PIL.Image import Image

PERTURBATION = "literal"
_NOUN = "literal prompts"
_BATCH = 8
"""References that are captioned between two writes: what a killed run loses at most."""
_SHORT = 3
"""Letters under which a word tells nothing."""


class Captioner(Protocol):
    """What is needed of a captioner."""

    captioner_id: str

    def describe(self, image: "Image", *, seed: int | None = None, without: Collection[str] = ()) -> str:
        """Say what is to be seen: the likeliest caption, or one that a seed draws."""
        ...


class _Loader(Protocol):
    def __call__(self, name: str, device: str) -> Captioner: ...


LOADERS: Registry[_Loader] = Registry("loader of captioners")
# By name only: models' libraries are generate's alone, and are there only where its extra is installed.
LOADERS.add("models", "generate.captioners.registry:load_captioner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """How pictures are described."""

    captioner: str = "florence2"
    device: str = "auto"
    draws: int = 10
    """Captions that are drawn at most where the first names the work."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What came of one picture."""

    text: str | None
    """None: every caption names the work."""
    seed: int | None
    """That drew it; None: the likeliest."""
    rejected: int
    """Captions before it that name the work, or say nothing."""


def telling_words(reference: Reference) -> frozenset[str]:
    """The words, folded, that give a work away: those of its title and of its creators, articles and the like apart."""
    return frozenset(word for text in (reference.label, *reference.creators) for word in _content(text))


def _content(text: str) -> list[str]:
    return [word for word in fold(text).split() if len(word) >= _SHORT and word not in FUNCTION_WORDS]


def leaks(text: str, telling: Collection[str]) -> bool:
    """Whether a text has one of these words in any number or as a participle, case and accents apart."""
    forms = {base for word in telling for base, _ in bases(word)}
    return any(base in forms for word in fold(text).split() for base, _ in bases(word))


def caption(captioner: Captioner, image: "Image", reference: Reference, asked: Literal) -> Caption:
    """Describe a picture: the likeliest caption, else drawn ones, until one does not name the work."""
    telling = telling_words(reference)
    for rejected, seed in enumerate((None, *range(asked.seed, asked.seed + asked.draws))):
        text = captioner.describe(image, seed=seed, without=sorted(telling) if rejected else ())
        if _content(text) and not leaks(text, telling):
            return Caption(text=text, seed=seed, rejected=rejected)
    return Caption(text=None, seed=None, rejected=asked.draws + 1)


def make_literals(making: Making, asked: Literal) -> None:
    """Describe the first reference image of every reference that is not described yet by this captioner.

    Args:
        making: the run.
        asked: how.
    """
    images = _first_images(making)
    without = [reference.qid for reference in making.references if reference.qid not in images]
    making.report.skip(_NOUN, without, "there is no reference image", "wb ingest images adds them")
    if images:
        captioner = LOADERS["models"](asked.captioner, asked.device)
        _Describer(making, asked, captioner, images).describe_all()


class _Describer:
    def __init__(
        self, making: Making, asked: Literal, captioner: Captioner, images: Mapping[str, ReferenceImage]
    ) -> None:
        self._making = making
        self._asked = asked
        self._captioner = captioner
        self._images = images
        self._nothing: list[str] = []

    def describe_all(self) -> None:
        """Describe what is not described yet, a few at a time."""
        report = self._making.report
        described = self._described()
        waiting = [r for r in self._making.references if r.qid in self._images and r.qid not in described]
        if described:
            report.add(_NOUN, new=0, unchanged=len(described))
        try:
            for start in tracked(range(0, len(waiting), _BATCH), "captions"):
                self._making.place(_NOUN, dict(self._places(waiting[start : start + _BATCH])), {})
        finally:
            report.skip("references", self._nothing, "every caption names the title or a creator")

    def _described(self) -> set[str]:
        """References whose picture this captioner has described, by a text that does not name them now either."""
        by_qid = {reference.qid: reference for reference in self._making.references}
        there = self._making.store.rows("prompts_of", Prompt, qids=list(self._images))
        return {
            prompt.qid
            for prompt in there
            if prompt.active
            and (prompt.perturbation, prompt.method) == (PERTURBATION, self._captioner.captioner_id)
            and json.loads(prompt.changes or "{}").get("image") == self._images[prompt.qid].sha256
            and not leaks(prompt.text, telling_words(by_qid[prompt.qid]))
        }

    def _places(self, references: Sequence[Reference]) -> Iterator[tuple[str, Place]]:
        report = self._making.report
        for reference in references:
            image = self._images[reference.qid]
            try:
                picture = _read(self._making.store.images.path(image.path))
                found = caption(self._captioner, picture, reference, self._asked)
            except ModelError:  # the device has failed: no picture is to blame
                raise
            except Exception as error:  # the rest goes on
                report.fail([Problem(where=f"{reference.qid} {image.path}", reason=reason(error))])
                continue
            report.add("captions", drawn=found.rejected + (found.text is not None), rejected=found.rejected)
            if found.text is None:
                self._nothing.append(reference.qid)
            else:
                place = Place(unnumbered={found.text: self._prompt(reference.qid, found.text, found)})
                yield f"{reference.qid} {PERTURBATION}", place

    def _prompt(self, qid: str, text: str, found: Caption) -> Prompt:
        made = {"image": self._images[qid].sha256, "seed": found.seed, "rejected": found.rejected}
        return Prompt(
            qid=qid,
            perturbation=PERTURBATION,
            method=self._captioner.captioner_id,
            text=text,
            changes=json.dumps(made),
            run_id=self._making.run.run_id,
        )


def _read(path: Path) -> "Image":
    from PIL import Image, ImageOps

    if not path.is_file():
        raise IngestError("the file is missing")
    with Image.open(path) as file:
        return ImageOps.exif_transpose(file).convert("RGB")


def _first_images(making: Making) -> dict[str, ReferenceImage]:
    qids = {reference.qid for reference in making.references}
    first: dict[str, ReferenceImage] = {}
    for image in making.store.rows("ref_images_of", ReferenceImage):
        if image.qid in qids and image.duplicate_of is None:
            first.setdefault(image.qid, image)
    return first
