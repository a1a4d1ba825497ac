"""What samples a plan: the model in this process, or workers elsewhere. Whatever it is, the images are the same."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from generate.devices import describe_device
from generate.models.pipeline import Loading, load
from generate.models.sampler import Sampler
from generate.models.source import ModelSource
from generate.models.tokens import count_tokens
from generate.plan import PlannedImage
from generate.sampling import SampledBatch, sample_batches
from workbench.records import PromptTokens, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that a model is loaded by."""

    source: ModelSource
    settings: Settings
    device: str
    loading: Loading

    def load(self) -> Sampler:
        """Load it.

        Raises:
            ModelError: If it cannot be loaded.
        """
        return load(self.source, self.settings, self.device, self.loading)


class Engine(Protocol):
    """Samples images, with a loaded model behind it."""

    device: str
    """What computes, as a run records it."""

    def tokens(self, prompts: Mapping[str, str]) -> list[PromptTokens]:
        """Count the tokens of prompts, text by ``prompt_id``."""

    def batches(
        self, planned: Iterable[PlannedImage], batch_size: int, note: Callable[[str], None]
    ) -> Iterator[SampledBatch]:
        """Sample all that is planned, in any order; ``note`` is told what a person should know."""

    def close(self) -> None:
        """Give everything back."""


class LocalEngine:
    """The model in this process.

    Args:
        job: what is loaded.
    """

    def __init__(self, job: Job) -> None:
        self._sampler = job.load()
        self.device = describe_device(job.device)

    def tokens(self, prompts: Mapping[str, str]) -> list[PromptTokens]:
        """Count the tokens of prompts."""
        return count_tokens(self._sampler, prompts)

    def batches(
        self, planned: Iterable[PlannedImage], batch_size: int, note: Callable[[str], None]
    ) -> Iterator[SampledBatch]:
        """Sample batch after batch."""
        return sample_batches(self._sampler, planned, batch_size, note)

    def close(self) -> None:
        """Nothing to give back: the process ends."""
