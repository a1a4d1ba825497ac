"""Stable Diffusion XL."""

from generate.models.families.family import PAIR, POOLED, Family

FAMILY = Family(
    name="sdxl",
    pipelines=("StableDiffusionXLPipeline",),
    steps=50,
    guidance=5.0,
    size=1024,
    load={"add_watermarker": False},
    embeddings=(*PAIR, *POOLED),
)
