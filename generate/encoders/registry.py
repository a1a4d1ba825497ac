"""Families of encoders by name; a new one is one file and one line here."""

from collections.abc import Callable

from generate.devices import pick_device
from generate.encoders.encoder import Encoder
from generate.encoders.viewing import OWN, Viewing
from generate.extras import models_extra
from workbench.registry import Registry

Loader = Callable[[str, str, Viewing], Encoder]
"""(what stands after ``family:``, device, how to look at pictures) → the loaded encoder."""

ENCODERS: Registry[Loader] = Registry("encoder family")
ENCODERS.add("clip", "generate.encoders.transformers_clip:load")
ENCODERS.add("open_clip", "generate.encoders.openclip:load")
ENCODERS.add("timm", "generate.encoders.timm_model:load")
ENCODERS.add("sscd", "generate.encoders.sscd:load")
ENCODERS.add("efficientnet-lite0", "generate.encoders.efficientnet_lite0:load")


def load_encoder(name: str, device: str = "auto", viewing: Viewing = OWN) -> Encoder:
    """Load an encoder.

    Args:
        name: ``family:name``, e.g. ``clip:openai/clip-vit-base-patch16``, ``clip:./folder``,
            ``open_clip:ViT-B-16/openai``, ``timm:NAME``, ``timm:NAME@file``, ``sscd:file``, or ``efficientnet-lite0``.
        device: ``auto`` or one of torch's.
        viewing: how it is to look at pictures.

    Raises:
        ConfigError: If there is no such family, or the name makes no sense to it.
        ModelError: If the weights cannot be had. Never another encoder instead.
    """
    family, _, rest = name.partition(":")
    loader = ENCODERS[family]
    device = pick_device(device)
    with models_extra():
        return loader(rest, device, viewing)
