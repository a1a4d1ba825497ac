"""CLIP by open_clip: image features, preprocessed by its own transform."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from generate.encoders.encoder import INSTEAD, OTHER, Encoder, digest, loading
from generate.encoders.viewing import CENTRE, OWN, PAD, SQUASH, Viewing, as_colour, squared
from generate.hub import check_repository
from workbench.errors import ConfigError
from workbench.registry import unknown_name

if TYPE_CHECKING:
    from torch import Tensor

CROP_OF = {"shortest": CENTRE, "squash": SQUASH, "longest": PAD}
"""What open_clip calls resize modes."""


def load(name: str, device: str, viewing: Viewing = OWN) -> Encoder:
    """Load ``open_clip:ARCH/TAG``, ``open_clip:ARCH/./weights.safetensors``, or ``open_clip:./folder``.

    Raises:
        ConfigError: If open_clip knows no such architecture or weights.
        ModelError: If the weights cannot be had.
    """
    import open_clip

    choice = _choose(name)
    with loading(f"open_clip:{name}"), _without_logging():
        network, _, own = open_clip.create_model_and_transforms(
            choice.model,
            choice.pretrained,
            force_quick_gelu=choice.quick_gelu,
            precision="fp32",
            device="cpu",
            require_pretrained=True,
        )
    weights = digest(network)
    network = network.eval().to(device)

    def forward(batch: "Tensor") -> "Tensor":
        features: Tensor = network.encode_image(batch)
        return features

    return Encoder(
        family="open_clip",
        name=f"open_clip:{name}",
        label=f"open_clip:{choice.label}",
        weights=weights,
        preprocessing={**network.visual.preprocess_cfg, "backend": "torchvision on PIL", "pooling": "projection"},
        preference=OTHER,
        prepare=_transform(network.visual.preprocess_cfg, own, viewing.crop),
        forward=forward,
        device=device,
        viewing=viewing,
        own_crop=CROP_OF[network.visual.preprocess_cfg["resize_mode"]],
    )


def _transform(config: dict[str, Any], own: Callable[[Image.Image], "Tensor"], crop: str | None) -> Any:
    """Its own transform, or the same with another crop."""
    from open_clip.transform import PreprocessCfg, image_transform_v2

    if crop is None or crop == CROP_OF[config["resize_mode"]]:
        return own
    if crop == PAD:
        return lambda image: own(squared(image, as_colour(config["mean"])))
    mode = next(mode for mode, crop_of_mode in CROP_OF.items() if crop_of_mode == crop)
    return image_transform_v2(PreprocessCfg(**{**config, "resize_mode": mode}), is_train=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What to ask open_clip for."""

    model: str
    pretrained: str | None
    label: str
    quick_gelu: bool = False


def _choose(name: str) -> _Choice:
    import open_clip

    if name.startswith("hf-hub:"):
        return _Choice(model=name, pretrained=None, label=name)
    if Path(name).is_dir():
        return _Choice(model=f"local-dir:{name}", pretrained=None, label=Path(name).resolve().name)
    architecture, _, weights = name.partition("/")
    if architecture not in open_clip.list_models():
        raise unknown_name("architecture of open_clip", architecture, open_clip.list_models())
    if Path(weights).is_file():
        return _Choice(model=architecture, pretrained=weights, label=f"{architecture}/{Path(weights).stem}")
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    if weights not in tags:
        raise unknown_name(f"file or weights of {architecture}", weights, tags, "open_clip:ARCHITECTURE/WEIGHTS")
    repository = open_clip.get_pretrained_cfg(architecture, weights).get("hf_hub", "").strip("/")
    if repository.count("/") == 1:
        check_repository(repository, instead=INSTEAD)
    return _Choice(model=architecture, pretrained=weights, label=name, quick_gelu=quick_gelu(architecture, weights))


def quick_gelu(architecture: str, weights: str) -> bool:
    """Whether weights were trained with QuickGELU; open_clip only warns where the architecture has another activation.

    Raises:
        ConfigError: If the architecture has QuickGELU and they were not.
    """
    import open_clip

    wanted = bool(open_clip.get_pretrained_cfg(architecture, weights).get("quick_gelu", False))
    if not wanted and (open_clip.get_model_config(architecture) or {}).get("quick_gelu", False):
        plain = architecture.removesuffix("-quickgelu")
        raise ConfigError(f"{weights} was trained without QuickGELU", f"open_clip:{plain}/{weights}")
    return wanted


@contextlib.contextmanager
def _without_logging() -> Iterator[None]:
    """open_clip logs to the root logger, which would set it up to print."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
