"""Flux: guidance is an input of the distilled transformer, so there is no negative prompt."""

from collections.abc import Mapping
from typing import Any

from generate.models.families.family import Config, Family


def _schnell(config: Config) -> Mapping[str, Any]:
    """Where the transformer takes no guidance it is distilled to a few steps, too, and to shorter texts."""
    if config("transformer").get("guidance_embeds"):
        return {}
    return {"steps": 4, "guidance": 0.0, "call": {"max_sequence_length": 256}}


FAMILY = Family(
    name="flux",
    pipelines=("FluxPipeline",),
    steps=28,
    guidance=3.5,
    size=1024,
    dtype="bfloat16",
    embeddings=("prompt_embeds", "pooled_prompt_embeds"),
    by_config=_schnell,
)
