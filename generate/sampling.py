"""Sample what is planned, batch after batch: one bad image stops neither its batch nor the run."""

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from generate.models.sampler import Sampled
from generate.plan import PlannedImage
from generate.reasons import device_failed, is_out_of_memory
from workbench.errors import ModelError, reason


class Samples(Protocol):
    """What samples images: see ``Sampler``."""

    def sample(self, prompts: Sequence[str], seeds: Sequence[int], batch_size: int) -> list[Sampled]:
        """Sample one image per prompt and seed, in a batch of this size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledBatch:
    """A batch that is done."""

    planned: Sequence[PlannedImage]
    sampled: Sequence[Sampled]
    """One per planned image, in order."""
    seconds: float
    """Of the whole batch."""
    batch_size: int
    """Images that it has room for."""


def sample_batches(
    sampler: Samples, planned: Iterable[PlannedImage], batch_size: int, note: Callable[[str], None]
) -> Iterator[SampledBatch]:
    """Sample all that is planned.

    Where a batch does not fit into memory, it and all after it are halved.

    Args:
        sampler: the loaded model.
        planned: in the order in which they are made.
        batch_size: images at a time, to begin with.
        note: told when the batches become smaller.

    Raises:
        ModelError: If not even one image fits into memory, or the device has failed.
    """
    source = iter(planned)
    waiting: deque[PlannedImage] = deque(itertools.islice(source, batch_size))
    while waiting:
        batch = list(itertools.islice(waiting, batch_size))
        started = time.perf_counter()
        sampled = _sample_or_none(sampler, batch, batch_size)
        if sampled is None:
            batch_size = batch_size // 2
            note(f"out of memory: going on with batches of {batch_size}")
            continue
        seconds = time.perf_counter() - started
        yield SampledBatch(planned=batch, sampled=sampled, seconds=seconds, batch_size=batch_size)
        for _ in batch:
            waiting.popleft()
        waiting.extend(itertools.islice(source, max(0, batch_size - len(waiting))))


def _sample_or_none(sampler: Samples, batch: Sequence[PlannedImage], batch_size: int) -> list[Sampled] | None:
    """Sample one batch.

    Returns:
        One result per image, in order; None: it does not fit into memory.

    Raises:
        ModelError: If not even one image fits, or the device has failed.
    """
    import torch

    try:
        return _sample(sampler, batch, batch_size)
    except torch.AcceleratorError as error:
        raise device_failed(error) from error
    except (RuntimeError, MemoryError) as error:  # torch's OutOfMemoryError is one of the former
        if not is_out_of_memory(error):
            raise
        if batch_size == 1:
            hint = "--offload model, a smaller --size, or --dtype float16 or bfloat16 takes less"
            raise ModelError("not even one image fits into the device's memory", hint) from error
        torch.cuda.empty_cache()
        return None


def _sample(sampler: Samples, batch: Sequence[PlannedImage], batch_size: int) -> list[Sampled]:
    """Sample a batch; where it fails, its halves and theirs, so that only the bad images do.

    Each part is filled up to the whole size, so that what is not to blame comes out as it would have.
    """
    import torch

    try:
        return sampler.sample([image.text for image in batch], [image.seed for image in batch], batch_size)
    except torch.AcceleratorError:
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise
        if len(batch) == 1:
            return [Sampled(status="failed", error=reason(error))]
    half = len(batch) // 2
    return [*_sample(sampler, batch[:half], batch_size), *_sample(sampler, batch[half:], batch_size)]
