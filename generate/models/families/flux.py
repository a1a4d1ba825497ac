"""Flux: guidance is an input of the distilled transformer, so there is no negative prompt."""

from generate.models.families.family import Family

FAMILY = Family(
    name="flux",
    pipelines=("FluxPipeline",),
    steps=28,
    guidance=3.5,
    size=1024,
    dtype="bfloat16",
    embeddings=("prompt_embeds", "pooled_prompt_embeds"),
)
