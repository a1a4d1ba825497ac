"""SSIM and MS-SSIM by pytorch-msssim, of pictures scaled to one square."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PIL import Image

from generate.encoders.viewing import Viewing
from generate.metrics.metric import Metric, Score, best_of, check_picture
from workbench.errors import ConfigError

if TYPE_CHECKING:
    from torch import Tensor

SIDE = 256
"""Pixels a side that both pictures are scaled to; five scales of MS-SSIM take more than 160."""


def load_ssim(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``ssim``: structural similarity (Wang et al. 2004), window of 11 pixels, mean over the colours."""
    from pytorch_msssim.ssim import ssim

    return _metric("ssim", name, device, viewing, ssim, low=-1.0)


def load_ms_ssim(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``ms-ssim``: the same over five scales (Wang et al. 2003), negative contrasts set to 0."""
    from pytorch_msssim.ssim import ms_ssim

    return _metric("ms-ssim", name, device, viewing, ms_ssim, low=0.0)


def _metric(kind: str, name: str, device: str, viewing: Viewing, measured: Callable[..., Any], *, low: float) -> Metric:
    import torch

    if name:
        raise ConfigError(f"{kind} takes nothing after its name: {name!r}", kind)

    def compare(image: "Tensor", others: "Sequence[Tensor]") -> Score:
        with torch.inference_mode():
            here, there = (torch.stack(list(each)).to(device) for each in ([image] * len(others), others))
            values = measured(here, there, data_range=1.0, size_average=False)
        return best_of(values.cpu().numpy(), higher_is_closer=True)

    return Metric(
        name=kind,
        label=kind,
        package="pytorch-msssim",
        settings={"side": SIDE, "resize": "bicubic, both sides", "colours": "RGB"},
        low=low,
        high=1.0,
        view=scaled,
        compare=compare,
        upright=viewing.upright,
    )


def scaled(image: Image.Image) -> "Tensor":
    """[3, SIDE, SIDE] float32, 0 to 1."""
    import numpy as np
    import torch

    small = check_picture(image).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return torch.from_numpy(np.asarray(small, dtype=np.float32) / 255).permute(2, 0, 1)
