"""Making images, as an engine does it: a loaded model with its batch size, and what is done with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generate.devices import describe_device
from generate.engines.engine import Work
from generate.models.pipeline import Loading, load
from generate.models.sampler import Sampler
from generate.models.source import ModelSource, as_known, find_model
from generate.models.tokens import count_tokens
from generate.plan import PlannedImage
from generate.sampling import SampledBatch, sample_batches
from generate.saving import MadeImage, encode_batch
from workbench.errors import ModelError
from workbench.records import PromptTokens, Settings

MOST_BATCHES = 16
"""Of one prompt that are handed out together: what a dead worker costs at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that a model is loaded by."""

    source: ModelSource
    settings: Settings
    device: str
    loading: Loading
    batch_size: int
    elsewhere: bool = False
    """Perhaps on another machine: then a folder is looked at again, whether it holds the same weights there."""

    def load(self) -> "Maker":
        """Load it.

        Raises:
            ModelError: If it cannot be loaded, or its weights are others here.
        """
        if self.elsewhere and self.source.folder is not None:
            found = as_known(find_model(str(self.source.folder)), [self.source.revision])
            if found.revision != self.source.revision:
                raise ModelError(f"{self.source.folder} holds other weights there", "share one folder, or copy it anew")
        sampler = load(self.source, self.settings, self.device, self.loading)
        return Maker(sampler=sampler, device=self.device, batch_size=self.batch_size)


@dataclass(slots=True, kw_only=True)
class Maker:
    """A loaded model."""

    sampler: Sampler
    device: str
    batch_size: int
    """Of the next batch: what has once been too large is not tried again."""

    def batches(self, planned: Iterable[PlannedImage], note: Callable[[str], None]) -> Iterator[SampledBatch]:
        """Sample batch after batch; errors as ``sample_batches``."""
        for batch in sample_batches(self.sampler, planned, self.batch_size, note):
            self.batch_size = batch.batch_size
            yield batch

    def describe(self) -> str:
        """What computes, as a run records it."""
        return describe_device(self.device)

    def tokens(self, prompts: Mapping[str, str]) -> list[PromptTokens]:
        """Count the tokens of prompts, text by ``prompt_id``."""
        return count_tokens(self.sampler, prompts)


def making(batch_size: int) -> Work[Maker, PlannedImage, SampledBatch, Sequence[MadeImage]]:
    """The work of making images: whole prompts, so that each is embedded once."""
    return Work(
        compute=Maker.batches,
        finish=encode_batch,
        lost=_lost,
        group=_prompt,
        enough=batch_size,
        most=MOST_BATCHES * batch_size,
    )


def _prompt(planned: PlannedImage) -> str:
    return planned.prompt_id


def _lost(planned: Sequence[PlannedImage], why: str) -> list[MadeImage]:
    return [MadeImage(planned=one, status="failed", error=why) for one in planned]
