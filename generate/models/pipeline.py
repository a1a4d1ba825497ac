"""Load a text-to-image pipeline: weights as safetensors, no code of a repository's own."""

import inspect
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

from generate.extras import models_extra
from generate.hub import describe_repository, network_errors
from generate.models.flaws import flaws_of
from generate.models.sampler import Sampler
from generate.models.settings import wants_safety_checker
from generate.models.source import INSTEAD, ModelSource, components
from generate.models.weights import is_weights, names_among, names_here, variant_for
from workbench.errors import ConfigError, ModelError, reason
from workbench.records import Settings

OFFLOADS = ("none", "model", "sequential")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """How a model lies on its device: this makes it slower or faster, and no other images."""

    offload: str = "none"
    """``model``: only the part that computes lies on the GPU; ``sequential``: only the layer."""
    compile: bool = False
    """Compile the denoiser."""

    def check(self, device: str) -> None:
        """Refuse what cannot be.

        Raises:
            ConfigError: If weights are to leave a device that is none, or a compiled model layer by layer.
        """
        if self.offload != "none" and device == "cpu":
            raise ConfigError(f"--offload {self.offload} needs a GPU that weights can leave", "--offload none")
        if self.compile and self.offload == "sequential":
            raise ConfigError("--compile and --offload sequential exclude each other", "--offload model goes with it")


def load(source: ModelSource, settings: Settings, device: str, loading: Loading | None = None) -> Sampler:
    """Load a model onto a device.

    Raises:
        ConfigError: If it cannot lie there as asked.
        ModelError: If the weights are missing, broken or not to be trusted, or do not fit into memory.
    """
    loading = loading or Loading()
    loading.check(device)
    _quiet()
    _check_tokenizers(source)
    import torch
    from safetensors import SafetensorError

    unusable: tuple[type[Exception], ...] = (
        *network_errors(),
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RuntimeError,
        SafetensorError,
    )
    try:
        pipe = _placed(_from_pretrained(source, settings), device, loading)
    except torch.OutOfMemoryError as error:
        hint = "--offload model, --dtype float16 or a smaller model needs less"
        raise ModelError(f"{source.model_id} does not fit into the memory of {device}", hint) from error
    except unusable as error:
        raise _unloadable(source, settings.dtype, error) from error
    if "prompt" not in inspect.signature(type(pipe).__call__).parameters:
        raise ModelError(f"{source.pipeline} takes no prompt: it is no text-to-image pipeline", "wb models lists some")
    pipe.set_progress_bar_config(disable=True)
    return Sampler(pipe, settings, source.family)


def _check_tokenizers(source: ModelSource) -> None:
    """Refuse a folder that lacks a tokenizer: transformers makes one up, which knows no word of any prompt."""
    if source.folder is None or (source.folder / "tokenizer_config.json").is_file():
        return
    for name in components(source.index):
        if name.startswith("tokenizer") and not names_here(source).get(name):
            raise ModelError(f"{source.hub_id} cannot be loaded: {name}: no files", "copy it here anew")


def _unloadable(source: ModelSource, dtype: str, error: Exception) -> ModelError:
    """Why a model cannot be loaded, by its files where they tell: libraries name what they tripped over at last."""
    names = _names(source)
    flaws = flaws_of(source, dtype, names) if names else []
    if flaws:
        return ModelError(f"{source.hub_id} cannot be loaded: {'; '.join(map(str, flaws))}", flaws[0].hint)
    hint = f"hf download {source.hub_id}; {INSTEAD}"
    if source.folder is not None:
        hint = "its weights are whole, but may not fit its configuration, or want another version of diffusers"
    return ModelError(f"{source.hub_id} cannot be loaded: {reason(error)}", hint)


def _placed(pipe: Any, device: str, loading: Loading) -> Any:
    """Bring a pipeline onto its device; its decoder takes images one by one, which costs the least memory."""
    if loading.compile:
        (getattr(pipe, "unet", None) or pipe.transformer).compile()
    if hasattr(getattr(pipe, "vae", None), "enable_slicing"):
        pipe.vae.enable_slicing()
    match loading.offload:
        case "model":
            pipe.enable_model_cpu_offload(device=device)
        case "sequential":
            pipe.enable_sequential_cpu_offload(device=device)
        case _:
            pipe.to(device)
    return pipe


def _from_pretrained(source: ModelSource, settings: Settings) -> Any:
    import torch
    from diffusers import DiffusionPipeline

    arguments: dict[str, Any] = {"dtype": getattr(torch, settings.dtype), "use_safetensors": True}
    arguments |= source.family.load
    if source.has_safety_checker and not wants_safety_checker(settings):
        arguments |= {"safety_checker": None, "requires_safety_checker": False}
    if variant := variant_for(source, settings.dtype, _names(source)):
        arguments["variant"] = variant
    if source.folder is not None:
        return DiffusionPipeline.from_pretrained(source.folder, local_files_only=True, **arguments)
    return DiffusionPipeline.from_pretrained(source.hub_id, revision=source.revision, **arguments)


def _names(source: ModelSource) -> Mapping[str, Sequence[str]]:
    """Names of the files of each component: on this machine, else on the hub, if it can be asked."""
    names = names_here(source)
    if source.folder is None and source.spec is None and not any(map(is_weights, chain(*names.values()))):
        with suppress(ModelError):
            hub = describe_repository(source.hub_id, source.revision, instead=INSTEAD)
            return names_among(hub.sizes, source.index)
    return names


def _quiet() -> None:
    """Silence bars and chatter of the libraries: the command has its own."""
    with models_extra():
        import diffusers.utils.logging
        import transformers.utils.logging

    diffusers.utils.logging.disable_progress_bar()
    # It logs an error before it raises it, and only the latter is ours to tell.
    diffusers.utils.logging.set_verbosity(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
