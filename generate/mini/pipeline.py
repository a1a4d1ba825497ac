"""Puts ``mini`` together as an ordinary diffusers folder."""

from pathlib import Path

import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline
from transformers import CLIPTokenizer

from generate.mini.denoiser import Denoiser, build_scheduler

STEPS = 20
GUIDANCE = 3.0
"""What ``mini`` is to be sampled with; a diffusers folder cannot say so itself."""


def assemble(autoencoder: AutoencoderTiny, denoiser: Denoiser, tokenizer: CLIPTokenizer) -> StableDiffusionPipeline:
    """The pipeline of the networks."""
    return StableDiffusionPipeline(
        vae=autoencoder,
        text_encoder=denoiser.text_encoder,
        tokenizer=tokenizer,
        unet=denoiser.unet,
        scheduler=build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def save(pipeline: StableDiffusionPipeline, folder: Path) -> None:
    """Write the pipeline, half precision, as safetensors."""
    pipeline.to(dtype=torch.float16, silence_dtype_warnings=True).save_pretrained(folder, safe_serialization=True)
