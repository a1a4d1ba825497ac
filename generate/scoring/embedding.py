"""Embed a stream of pictures: read and prepared ahead in threads, encoded in full batches across pictures."""

import functools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from PIL import Image

from generate.ahead import done_ahead
from generate.encoders.encoder import Encoder
from generate.halving import in_halves
from generate.metrics.similarity import Vectors
from generate.pictures import read_picture
from workbench.errors import reason

if TYPE_CHECKING:
    from torch import Tensor

K = TypeVar("K")
AHEAD = 2
"""Batches that are prepared before they are needed."""
GPU_BATCH = 64
"""Views at a time where nothing is asked for; on a CPU as many as suit the encoder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Generic[K]):
    """A picture to embed."""

    key: K
    """What it is to the caller."""
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A part of a picture that is embedded as a picture of its own."""

    image: Image.Image
    entropy: float | None = None
    """Bits; None: not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded(Generic[K]):
    """A picture that was embedded, or the reason why it could not be."""

    key: K
    vectors: Vectors | None
    """[V, D] float32, L2-normalised, one row per view; None: see error."""
    entropies: Sequence[float | None] = ()
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class _Prepared(Generic[K]):
    key: K
    tensors: "list[Tensor]" = field(default_factory=list)
    entropies: list[float | None] = field(default_factory=list)
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """How pictures are cut into views."""

    views: int
    """Of each picture."""
    cut: Callable[[Image.Image], Sequence[View]]


def embed_pictures(
    encoder: Encoder, pictures: Iterable[Picture[K]], cutting: Cutting, batch_size: int | None
) -> Iterator[Embedded[K]]:
    """Embed pictures, in order.

    Args:
        encoder: that embeds.
        pictures: taken lazily, a few batches ahead.
        cutting: picture → its views.
        batch_size: views that are encoded at a time; None: what suits the device.

    Raises:
        ModelError: If the device has failed. A bad picture is not an error but a result.
    """
    batch_size = batch_size or (encoder.cpu_batch if encoder.device == "cpu" else GPU_BATCH)
    incomplete: deque[_Prepared[K]] = deque()
    tensors: list[Tensor] = []
    vectors: deque[Vectors | Exception] = deque()
    work = functools.partial(_prepare, encoder, cutting)
    for prepared in done_ahead(work, pictures, AHEAD * batch_size // cutting.views):
        incomplete.append(prepared)
        tensors += prepared.tensors
        while len(tensors) >= batch_size:
            vectors += in_halves(encoder.embed, tensors[:batch_size])
            tensors = tensors[batch_size:]
        yield from _complete(incomplete, vectors)
    if tensors:
        vectors += in_halves(encoder.embed, tensors)
    yield from _complete(incomplete, vectors)


def _prepare(encoder: Encoder, cutting: Cutting, picture: Picture[K]) -> _Prepared[K]:
    prepared = _Prepared(key=picture.key)
    try:
        views = cutting.cut(read_picture(picture.path, upright=encoder.viewing.upright))
        prepared.entropies = [view.entropy for view in views]
        prepared.tensors = [encoder.prepare(view.image) for view in views]
    except Exception as error:
        prepared.error = reason(error)
    return prepared


def _complete(incomplete: deque[_Prepared[K]], vectors: deque[Vectors | Exception]) -> Iterator[Embedded[K]]:
    """Take the pictures off the front all of whose views are encoded."""
    while incomplete and (incomplete[0].error or len(incomplete[0].tensors) <= len(vectors)):
        prepared = incomplete.popleft()
        if prepared.error:
            yield Embedded(key=prepared.key, vectors=None, error=prepared.error)
            continue
        found = [vectors.popleft() for _ in prepared.tensors]
        good = [vector for vector in found if not isinstance(vector, Exception)]
        bad = [vector for vector in found if isinstance(vector, Exception)]
        if bad:
            yield Embedded(key=prepared.key, vectors=None, error=reason(bad[0]))
        else:
            yield Embedded(key=prepared.key, vectors=np.stack(good), entropies=prepared.entropies)
