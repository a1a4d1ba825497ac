"""SSCD, a descriptor that was trained to find copies: the TorchScript files that its authors publish."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from generate.encoders.encoder import CONVOLUTIONS_BATCH, OTHER, Encoder, digest, loading
from generate.encoders.viewing import CENTRE, OWN, PAD, SQUASH, Viewing, as_colour, squared
from workbench.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from torch import Tensor

FILES = "https://github.com/facebookresearch/sscd-copy-detection"
SIDE = 320
"""Pixels a side: what the authors recommend where pictures of all shapes come in one batch."""
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def load(name: str, device: str, viewing: Viewing = OWN) -> Encoder:
    """Load ``sscd:./sscd_disc_mixup.torchscript.pt``; its own crop is ``squash``.

    A TorchScript file can bring code along: load only what you trust.

    Raises:
        ConfigError: If no file is named.
        ModelError: If it is missing, or no TorchScript file.
    """
    import torch
    import torchvision.transforms as tv

    network = _network(name)
    weights = digest(network)
    network = network.eval().to(device, memory_format=torch.channels_last)
    crop = viewing.crop or SQUASH
    resize = [tv.Resize(SIDE), tv.CenterCrop(SIDE)] if crop == CENTRE else [tv.Resize((SIDE, SIDE))]
    transform = tv.Compose([*resize, tv.ToTensor(), tv.Normalize(MEAN, STD)])

    def prepare(image: Image.Image) -> "Tensor":
        pixels: Tensor = transform(squared(image, as_colour(MEAN)) if crop == PAD else image)
        return pixels

    return Encoder(
        family="sscd",
        name=f"sscd:{name}",
        label=f"sscd:{Path(name).stem}",
        weights=weights,
        preprocessing={"size": SIDE, "mean": MEAN, "std": STD, "backend": "torchvision on PIL", "pooling": "own"},
        preference=OTHER,
        prepare=prepare,
        forward=network,
        device=device,
        viewing=viewing,
        own_crop=SQUASH,
        cpu_batch=CONVOLUTIONS_BATCH,
        channels_last=True,
    )


def _network(name: str) -> Any:
    import torch

    if not name:
        raise ConfigError("sscd: wants a file", f"sscd:./sscd_disc_mixup.torchscript.pt, from {FILES}")
    if not Path(name).is_file():
        raise ModelError(f"there is no file {name}", f"its authors publish it: {FILES}")
    with loading(f"sscd:{name}"), warnings.catch_warnings():
        # torch would have TorchScript replaced by torch.export; the authors' files are what they are.
        warnings.simplefilter("ignore", FutureWarning)
        load_script: Any = torch.jit.load
        return load_script(name, map_location="cpu")
