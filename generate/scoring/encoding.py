"""Pictures as a metric compares them: viewed ahead in threads, encoded in batches, bad ones apart."""

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from generate.ahead import done_ahead
from generate.halving import in_halves
from generate.metrics.metric import Metric, Score
from generate.pictures import read_picture
from generate.reasons import device_failed
from generate.scoring.embedding import Picture
from workbench.errors import reason

K = TypeVar("K")
BATCH = 8
"""Pictures that are encoded at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded(Generic[K]):
    """A picture as a metric compares it, or the reason why it cannot."""

    key: K
    value: Any = None
    error: str | None = None


def encode_pictures(
    metric: Metric, pictures: Iterable[Picture[K]], batch_size: int | None = None
) -> Iterator[Encoded[K]]:
    """Encode pictures for a metric, in order.

    Args:
        metric: that will compare them.
        pictures: taken lazily, a few batches ahead.
        batch_size: pictures that are encoded at a time.

    Raises:
        ModelError: If the device has failed. A bad picture is not an error but a result.
    """
    batch_size = batch_size or BATCH
    viewed = done_ahead(functools.partial(_view, metric), pictures, 2 * batch_size)
    while part := list(itertools.islice(viewed, batch_size)):
        good = [one for one in part if one.error is None]
        encoded = iter(_encode(metric, good) if good else ())
        yield from (one if one.error else next(encoded) for one in part)


def _view(metric: Metric, picture: Picture[K]) -> Encoded[K]:
    try:
        image = read_picture(picture.path, upright=metric.upright)
        return Encoded(key=picture.key, value=metric.view(image))
    except Exception as error:
        return Encoded(key=picture.key, error=reason(error))


def _encode(metric: Metric, part: Sequence[Encoded[K]]) -> list[Encoded[K]]:
    found = in_halves(metric.encode, [one.value for one in part])
    return [
        Encoded(key=one.key, error=reason(value)) if isinstance(value, Exception) else Encoded(key=one.key, value=value)
        for one, value in zip(part, found, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A comparison, or the reason why there is none."""

    score: Score | None = None
    error: str | None = None


def compare(metric: Metric, image: Any, others: Sequence[Any]) -> Outcome:
    """Compare an encoded picture with others.

    Raises:
        ModelError: If the device has failed. A pair that cannot be compared is not an error but a result.
    """
    import torch

    try:
        return Outcome(score=metric.score(image, others))
    except torch.AcceleratorError as error:
        raise device_failed(error) from error
    except Exception as error:
        return Outcome(error=reason(error))
