"""Stable Diffusion 3 and 3.5."""

from generate.models.families.family import PAIR, POOLED, Family

FAMILY = Family(
    name="sd3",
    pipelines=("StableDiffusion3Pipeline",),
    steps=28,
    guidance=7.0,
    size=1024,
    embeddings=(*PAIR, *POOLED),
)
