"""What text encoders make of prompts: computed once per prompt, for all of its images."""

import inspect
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from generate.models.families.family import Family

if TYPE_CHECKING:
    import torch

KEPT = 16
"""Prompts whose embeddings are kept: images are planned prompt by prompt, and those of a T5 take megabytes each."""


class Embeddings:
    """Embeds prompts one by one, so that what comes out depends on no other prompt of a batch.

    Args:
        pipe: the pipeline, whose text encoders embed.
        family: that says what its call takes; one without embeddings gets the texts themselves.
        arguments: of the call, of which some decide how a prompt is embedded.
    """

    def __init__(self, pipe: Any, family: Family, arguments: Mapping[str, object]) -> None:
        self.computed = 0
        """Prompts that a text encoder has read so far."""
        self._pipe = pipe
        self._names = family.embeddings
        self._arguments = arguments
        self._kept: OrderedDict[str, dict[str, torch.Tensor]] = OrderedDict()

    def of(self, prompts: Sequence[str]) -> dict[str, Any]:
        """The arguments of a call that stand for these prompts."""
        if not self._names:
            return {"prompt": list(prompts)}
        import torch

        rows = [self._row(prompt) for prompt in prompts]
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        joined = {name: torch.cat([row[name] for row in rows]) for name in rows[0]}
        return {"negative_prompt": None, **joined}  # PixArt's own default is a text, and refused beside embeddings

    def _row(self, prompt: str) -> "dict[str, torch.Tensor]":
        if prompt in self._kept:
            self._kept.move_to_end(prompt)
        else:
            self._kept[prompt] = self._embed(prompt)
        return self._kept[prompt]

    def _embed(self, prompt: str) -> "dict[str, torch.Tensor]":
        import torch

        parameters = inspect.signature(self._pipe.encode_prompt).parameters
        asked: dict[str, Any] = {
            **self._arguments,
            "prompt": prompt,
            "prompt_2": None,
            "prompt_3": None,
            "device": self._pipe._execution_device,
            "num_images_per_prompt": 1,
            "do_classifier_free_guidance": float(str(self._arguments["guidance_scale"])) > 1,
        }
        self.computed += 1
        with torch.no_grad():
            found = self._pipe.encode_prompt(**{name: value for name, value in asked.items() if name in parameters})
        # Flux returns positions of its tokens too, which its call makes by itself.
        return {name: one for name, one in zip(self._names, found, strict=False) if one is not None}
