"""Stable Diffusion 1 and 2."""

from generate.models.families.family import PAIR, Family

FAMILY = Family(name="sd", pipelines=("StableDiffusionPipeline",), steps=50, guidance=7.5, size=512, embeddings=PAIR)
