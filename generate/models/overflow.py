"""Decoders that are too loud for float16: what overflows is decoded once more, in float32."""

import functools
from typing import Any


def mend_overflows(vae: Any) -> None:
    """Let a decoder decode those latents again whose pixels are no numbers, while the pipeline waits.

    All else, the denoiser above all, is done once, and what follows (a safety checker, say) sees the mended pixels.
    Only what overflows is mended, and by itself: an image does not change because another one in its batch, or before
    it, was too loud.

    Args:
        vae: of a pipeline; its ``decode`` is replaced.
    """
    import torch

    decode = vae.decode

    @functools.wraps(decode)
    def mended(latents: Any, *args: Any, **kwargs: Any) -> Any:
        made = decode(latents, *args, **kwargs)
        if vae.dtype != torch.float16:
            return made
        pixels = made[0]
        lost = [k for k, one in enumerate(pixels) if not one.isfinite().all() and latents[k].isfinite().all()]
        if lost:
            vae.to(torch.float32)
            try:
                for k in lost:
                    pixels[k] = decode(latents[k : k + 1].float(), *args, **kwargs)[0][0]
            finally:
                vae.to(torch.float16)
        return made

    vae.decode = mended
