"""Families of text encoders by name; a new one is one file and one line here."""

from collections.abc import Callable

from generate.devices import pick_device
from generate.extras import models_extra
from generate.texts.encoder import TextEncoder
from workbench.registry import Registry

Loader = Callable[[str, str], TextEncoder]
"""(what stands after ``family:``, device) → the loaded encoder."""

TEXT_ENCODERS: Registry[Loader] = Registry("text encoder family")
TEXT_ENCODERS.add("minilm", "generate.texts.sentences:load_packaged")
TEXT_ENCODERS.add("sentences", "generate.texts.sentences:load")


def load_text_encoder(name: str, device: str = "auto") -> TextEncoder:
    """Load a text encoder.

    Args:
        name: ``minilm`` (its weights come inside a package), or ``sentences:`` and a hub id or a folder.
        device: ``auto`` or one of torch's.

    Raises:
        ConfigError: If there is no such family, or the name makes no sense to it.
        ModelError: If the weights cannot be had. Never another encoder instead.
    """
    family, _, rest = name.partition(":")
    loader = TEXT_ENCODERS[family]
    device = pick_device(device)
    with models_extra():
        return loader(rest, device)
