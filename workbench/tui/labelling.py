"""Labelling images: what is to be labelled, what was said, and what is taken back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.records import Annotation, LabelItem, ReferenceImage
from workbench.store import Write, utc_now
from workbench.tui.filters import Filters
from workbench.tui.reader import StudyReader

REALIZATIONS = ("replication", "transformation", "neither")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The images to label, in this person's blind order, and what people have said so far."""

    image_ids: pa.Array
    """As a list it would be five times as large."""
    annotations: Sequence[Annotation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An image to label, with the reference images that it is compared with."""

    shown: LabelItem
    ref_images: Sequence[ReferenceImage]


@dataclass(kw_only=True)
class Labels:
    """What one person says, and how they go through the images.

    It knows neither screen nor file: each change gives the write that makes it last.
    """

    annotator: str
    queue: pa.Array = field(default_factory=lambda: pa.nulls(0, pa.string()))
    said: dict[str, Annotation] = field(default_factory=dict)
    """Of this person, by image."""
    others: Sequence[Annotation] = ()
    at: int = 0
    """Place in the queue."""
    changed: list[tuple[int, Annotation | None]] = field(default_factory=list)
    """Place of each change and what was said before, to take it back."""

    def __post_init__(self) -> None:
        self._queued: set[str] = set()
        if self.said:
            known = pa.array(list(self.said), pa.string())
            self._queued |= set(known.filter(pc.is_in(known, value_set=self.queue)).to_pylist())

    @classmethod
    def of(cls, queue: Queue, annotator: str) -> "Labels":
        """Go on where this person stopped."""
        said = {a.image_id: a for a in queue.annotations if a.annotator == annotator}
        others = [a for a in queue.annotations if a.annotator != annotator]
        labels = cls(annotator=annotator, queue=queue.image_ids, said=said, others=others)
        labels.at = next((n for n in range(len(labels.queue)) if not labels.is_done(labels.id_at(n))), 0)
        return labels

    @property
    def image_id(self) -> str | None:
        """The image that is labelled now; None: there are none."""
        return self.id_at(self.at) if len(self.queue) else None

    def id_at(self, place: int) -> str:
        """The image at a place of the queue."""
        return str(self.queue[place].as_py())

    @property
    def current(self) -> Annotation | None:
        """What is said of it."""
        return self.said.get(self.image_id or "")

    @property
    def done(self) -> int:
        """Images of the queue that are labelled in full."""
        return sum(self.is_done(i) for i in self._queued)

    def is_done(self, image_id: str) -> bool:
        """Not recognised, or recognised and realized in some way."""
        said = self.said.get(image_id)
        return said is not None and (said.recognised is False or said.realization is not None)

    def say(self, **what: object) -> Write | None:
        """Say something of the current image."""
        image_id = self.image_id
        if image_id is None:
            return None
        before = self.said.get(image_id)
        base = before or Annotation(image_id=image_id, annotator=self.annotator, updated_utc=utc_now())
        said = replace(base, **what, updated_utc=utc_now())  # type: ignore[arg-type]
        self.changed.append((self.at, before))
        self.said[image_id] = said
        self._queued.add(image_id)
        return _writing(said)

    def undo(self) -> Write | None:
        """Take the last change back, and go to its image; None: nothing was changed."""
        if not self.changed:
            return None
        self.at, before = self.changed.pop()
        image_id = self.id_at(self.at)
        if before is not None:
            self.said[image_id] = before
            return _writing(before)
        del self.said[image_id]
        return Write(query="delete_annotation", parameters={"image_id": image_id, "annotator": self.annotator})

    def go(self, steps: int) -> None:
        """Another image of the queue."""
        self.at = min(max(0, self.at + steps), max(0, len(self.queue) - 1))

    def go_on(self) -> None:
        """The next image that is not labelled yet; after the last comes the first."""
        order = chain(range(self.at + 1, len(self.queue)), range(self.at))
        self.at = next((n for n in order if not self.is_done(self.id_at(n))), self.at)

    def agreements(self) -> list[str]:
        """Kappa with each other person, on what both judged."""
        lines = []
        for name in sorted({a.annotator for a in self.others}):
            theirs = {a.image_id: a for a in self.others if a.annotator == name}
            both = [i for i in theirs if i in self.said]
            for what in ("recognised", "realization"):
                pairs = [(getattr(self.said[i], what), getattr(theirs[i], what)) for i in both]
                lines += [f"κ with {name}, {what}: {words}" for words in agreement(pairs)]
        return lines


def agreement(pairs: Sequence[tuple[object, object]]) -> list[str]:
    """Cohen's kappa in words; nothing where no image was judged by both.

    Args:
        pairs: what the two say of an image, None where one says nothing.
    """
    from workbench.analysis.agreement import cohen

    told = [(a, b) for a, b in pairs if a is not None and b is not None]
    if not told:
        return []
    answers = sorted({str(answer) for pair in told for answer in pair})
    table = np.zeros((1, len(answers), len(answers)))
    for (a, b), n in Counter(told).items():
        table[0, answers.index(str(a)), answers.index(str(b))] += n
    kappa, alike = float(cohen(table)[0]), float(np.trace(table[0])) / len(told)
    return [f"{'not defined' if np.isnan(kappa) else f'{kappa:.2f}'} (n {len(told)}, {alike:.0%} alike)"]


def labels_of(reader: StudyReader, filters: Filters, annotator: str) -> Labels:
    """Ask what is to be labelled, and what is said already, in a worker."""
    image_ids = reader.label_queue(filters, annotator)
    return Labels.of(Queue(image_ids=image_ids, annotations=reader.store.rows("annotations", Annotation)), annotator)


def item_of(reader: StudyReader, image_id: str) -> Item:
    """Ask for an image to label, in a worker."""
    shown = reader.store.rows("label_item", LabelItem, image_id=image_id)[0]
    ref_images = reader.store.rows("ref_images_of", ReferenceImage, qids=[shown.qid])
    return Item(shown=shown, ref_images=[i for i in ref_images if not i.duplicate_of])


def _writing(said: Annotation) -> Write:
    return Write(query="upsert_annotations", table="annotations", records=[said])
