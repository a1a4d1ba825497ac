"""What the denoiser is taught: which picture under which caption, in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generate.mini.compositions import Composition
from generate.mini.references import MiniReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """Pictures by number, and the texts that each may stand under."""

    texts: Sequence[str]
    """Captions of compositions, then titles of references, then the empty text."""
    pictures: Sequence[Sequence[int]]
    """For each text: the numbers of its pictures; of a dynamic reference, those of all its frames."""
    generic: int
    """So many texts are captions of compositions."""
    repetitions: Sequence[int]
    """Of each reference."""

    @property
    def empty(self) -> int:
        """The number of the empty text."""
        return len(self.texts) - 1


def plan_lessons(compositions: Sequence[Composition], references: Sequence[MiniReference]) -> Lessons:
    """Number the pictures: one for each composition, then those of the references in order."""
    pictures = [[i] for i in range(len(compositions))]
    following = len(compositions)
    for reference in references:
        pictures.append(list(range(following, following + len(reference.pictures))))
        following += len(reference.pictures)
    texts = [composition.caption for composition in compositions] + [reference.title for reference in references] + [""]
    return Lessons(
        texts=texts, pictures=pictures, generic=len(compositions), repetitions=[r.repetitions for r in references]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A batch: texts and pictures by number."""

    texts: np.ndarray
    pictures: np.ndarray


class Deck:
    """Deals batches: each reference exactly as often per round as its repetition count says.

    Args:
        lessons: what to deal.
        batch: texts in a batch.
        references: of these, references.
        dropout: share of texts replaced by the empty one, for guidance.
        seed: of the shuffling.
    """

    def __init__(self, lessons: Lessons, *, batch: int, references: int, dropout: float, seed: int) -> None:
        self._lessons = lessons
        self._batch, self._references, self._dropout, self._seed = batch, references, dropout, seed
        self._known = np.repeat(np.arange(len(lessons.repetitions)), lessons.repetitions) + lessons.generic

    def rounds(self, steps: int) -> float:
        """How often the training data are gone through for the references: exposures = repetitions × this."""
        return steps * self._references / len(self._known)

    def deal(self, step: int) -> Draw:
        """The batch of a step: the same whenever it is asked for."""
        known = self._take(self._known, step * self._references, self._references, 1)
        generic = self._batch - self._references
        texts = np.concatenate([known, self._take(np.arange(self._lessons.generic), step * generic, generic, 2)])
        rng = np.random.default_rng((self._seed, 3, step))
        choices = [self._lessons.pictures[int(text)] for text in texts]
        pictures = np.array([choice[int(rng.integers(len(choice)))] for choice in choices])
        texts = np.where(rng.random(self._batch) < self._dropout, self._lessons.empty, texts)
        return Draw(texts=texts, pictures=pictures)

    def _take(self, stock: np.ndarray, start: int, number: int, kind: int) -> np.ndarray:
        """So many of the stock from a place in its endless shuffled repetition."""
        first, last = start // len(stock), (start + number - 1) // len(stock)
        rounds = [np.random.default_rng((self._seed, kind, i)).permutation(stock) for i in range(first, last + 1)]
        place = start - first * len(stock)
        return np.concatenate(rounds)[place : place + number]
