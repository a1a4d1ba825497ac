"""A loaded pipeline, asked for images."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from generate.models.embeddings import Embeddings
from generate.models.families import AUTO
from generate.models.families.family import Family
from generate.models.overflow import mend_overflows
from generate.models.settings import call_arguments
from workbench.records import Settings

BLOCKED = "the safety checker blocked it"
BLACK = "all pixels are black"
NOT_A_NUMBER = "pixels are not numbers; --dtype float32 or bfloat16 may help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """What came out for one prompt and seed."""

    status: str
    """``ok``, ``blocked``, ``black`` or ``failed``."""
    image: Image.Image | None = None
    """None where status is not ok."""
    error: str | None = None
    """Why it is not ok."""


class Sampler:
    """A pipeline with its settings.

    Args:
        pipe: a text-to-image pipeline of diffusers.
        settings: what it is called with.
        family: of the pipeline.
    """

    def __init__(self, pipe: Any, settings: Settings, family: Family = AUTO) -> None:
        self.pipe = pipe
        self.settings = settings
        self._arguments = call_arguments(settings)
        self.embeddings = Embeddings(pipe, family, self._arguments)
        if settings.dtype == "float16" and getattr(pipe, "vae", None) is not None:
            mend_overflows(pipe.vae)

    def sample(self, prompts: Sequence[str], seeds: Sequence[int], batch_size: int) -> list[Sampled]:
        """Sample one image per prompt and seed.

        The batch is filled up to its size: arithmetic differs in the last bits between batch sizes, so an image
        comes out the same only where its batch has the same size, whatever else is in it.

        Args:
            prompts: N texts.
            seeds: N seeds, each of a CPU generator of its own.
            batch_size: N or more.

        Raises:
            Exception: Whatever the pipeline raises.
        """
        import torch

        count = len(prompts)
        fill = batch_size - count
        prompts, seeds = [*prompts, *[prompts[-1]] * fill], [*seeds, *[seeds[-1]] * fill]
        generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
        texts = self.embeddings.of(prompts)
        made = self.pipe(generator=generators, output_type="np", **texts, **self._arguments)
        blocked = getattr(made, "nsfw_content_detected", None) or [False] * batch_size
        return [_judge(pixels, flag) for pixels, flag in zip(made.images[:count], blocked[:count], strict=True)]

    def call_default(self, name: str) -> object:
        """Value of an argument of the call: as set, else the pipeline's default; None: it takes no such argument."""
        if name in self._arguments:
            return self._arguments[name]
        parameter = inspect.signature(type(self.pipe).__call__).parameters.get(name)
        return None if parameter is None else parameter.default


def _judge(pixels: np.ndarray[Any, Any], blocked: bool) -> Sampled:
    """Turn pixels into an image, or say why they are none.

    Args:
        pixels: [H, W, 3] float, in [0, 1].
        blocked: the safety checker's verdict.
    """
    if blocked:
        return Sampled(status="blocked", error=BLOCKED)
    if not np.isfinite(pixels).all():
        return Sampled(status="failed", error=NOT_A_NUMBER)
    levels = (pixels * 255).round().astype(np.uint8)
    if not levels.any():
        return Sampled(status="black", error=BLACK)
    return Sampled(status="ok", image=Image.fromarray(levels))
