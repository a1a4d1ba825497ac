"""Families of captioners by name; a new one is one file and one line here."""

from collections.abc import Callable

from generate.captioners.captioner import Captioner
from generate.devices import pick_device
from generate.extras import models_extra
from workbench.registry import Registry

Loader = Callable[[str, str], Captioner]
"""(what stands after ``family:``, device) → the loaded captioner."""

CAPTIONERS: Registry[Loader] = Registry("captioner")
CAPTIONERS.add("blip", "generate.captioners.blip:load")
CAPTIONERS.add("blip2", "generate.captioners.blip2:load")
CAPTIONERS.add("florence2", "generate.captioners.florence2:load")


def load_captioner(name: str, device: str = "auto") -> Captioner:
    """Load a captioner.

    Args:
        name: a family, or ``family:`` and a hub id or a folder.
        device: ``auto`` or one of torch's.

    Raises:
        ConfigError: If there is no such family.
        ModelError: If the weights cannot be had. Never another captioner instead.
    """
    family, _, rest = name.partition(":")
    loader = CAPTIONERS[family]
    device = pick_device(device)
    with models_extra():
        return loader(rest, device)
