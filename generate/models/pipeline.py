"""Load a text-to-image pipeline: weights as safetensors, no code of a repository's own."""

import inspect
from typing import Any

from generate.extras import models_extra
from generate.hub import network_errors
from generate.models.sampler import Sampler
from generate.models.settings import wants_safety_checker
from generate.models.source import INSTEAD, ModelSource
from generate.reasons import reason
from workbench.errors import ModelError
from workbench.records import Settings


def load(source: ModelSource, settings: Settings, device: str) -> Sampler:
    """Load a model onto a device.

    Raises:
        ModelError: If the weights are missing, broken or not to be trusted, or do not fit into memory.
    """
    _quiet()
    import torch
    from safetensors import SafetensorError

    unusable: tuple[type[Exception], ...] = (
        *network_errors(),
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RuntimeError,
        SafetensorError,
    )
    try:
        pipe = _from_pretrained(source, settings).to(device)
    except torch.OutOfMemoryError as error:
        hint = "a smaller model, or --dtype float16, needs less"
        raise ModelError(f"{source.model_id} does not fit into the memory of {device}", hint) from error
    except unusable as error:
        hint = "save it anew, as safetensors" if source.folder else f"hf download {source.hub_id}; {INSTEAD}"
        raise ModelError(f"{source.hub_id} cannot be loaded: {reason(error)}", hint) from error
    if "prompt" not in inspect.signature(type(pipe).__call__).parameters:
        raise ModelError(f"{source.pipeline} takes no prompt: it is no text-to-image pipeline", "wb models lists some")
    pipe.set_progress_bar_config(disable=True)
    return Sampler(pipe, settings)


def _from_pretrained(source: ModelSource, settings: Settings) -> Any:
    import torch
    from diffusers import DiffusionPipeline

    arguments: dict[str, Any] = {"dtype": getattr(torch, settings.dtype), "use_safetensors": True}
    arguments |= source.family.load
    if source.has_safety_checker and not wants_safety_checker(settings):
        arguments |= {"safety_checker": None, "requires_safety_checker": False}
    if source.folder is not None:
        return DiffusionPipeline.from_pretrained(source.folder, local_files_only=True, **arguments)
    if source.spec is not None and source.spec.variant and source.spec.dtype == settings.dtype:
        arguments["variant"] = source.spec.variant
    return DiffusionPipeline.from_pretrained(source.hub_id, revision=source.revision, **arguments)


def _quiet() -> None:
    """Silence bars and chatter of the libraries: the command has its own."""
    with models_extra():
        import diffusers.utils.logging
        import transformers.utils.logging

    diffusers.utils.logging.disable_progress_bar()
    diffusers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
