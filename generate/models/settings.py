"""All that determines an image besides prompt and seed, known before the weights are loaded."""

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass

from generate.extras import models_extra
from generate.models.families import AUTO
from generate.models.families.family import Family
from generate.models.source import ModelSource
from workbench.errors import ConfigError, ModelError
from workbench.records import Settings

MULTIPLE = 8
"""Pixels: latent diffusion models take sides that are multiples of this."""
SAFETY_KEY = "safety_checker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Width and height of an image, pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a user asks for in place of a model's own settings; None: nothing."""

    steps: int | None = None
    guidance: float | None = None
    size: Size | None = None


def settings_for(source: ModelSource, wishes: Wishes, dtype: str, *, safety_checker: bool = True) -> Settings:
    """Settle what a model is called with.

    Args:
        source: the model.
        wishes: what goes before the table's row, which goes before the weights' configuration and the family.
        dtype: number format of the weights.
        safety_checker: False switches it off, where there is one: what it had blocked is then another image.

    Raises:
        ConfigError: If a side of the image is not a multiple of 8 pixels.
    """
    # A row of the table says all itself, and asks no hub for a configuration.
    family = source.family if source.spec else source.family.suited_to(source.config)
    defaults = _defaults(source, family)
    size = wishes.size or Size(width=defaults.width, height=defaults.height)
    if size.width % MULTIPLE or size.height % MULTIPLE:
        raise ConfigError(f"{size} pixels cannot be made: both sides must be multiples of {MULTIPLE}", "--size 512")
    extra = {**family.call, **(source.spec.extra if source.spec else {})}
    if source.has_safety_checker and not safety_checker:
        extra[SAFETY_KEY] = False
    return Settings(
        model_id=source.model_id,
        revision=source.revision,
        steps=defaults.steps if wishes.steps is None else wishes.steps,
        guidance=defaults.guidance if wishes.guidance is None else wishes.guidance,
        width=size.width,
        height=size.height,
        dtype=dtype,
        scheduler=source.scheduler,
        extra=json.dumps(extra, sort_keys=True),
    )


def call_arguments(settings: Settings) -> dict[str, object]:
    """What the pipeline is called with, besides prompts and generators."""
    extra = json.loads(settings.extra)
    extra.pop(SAFETY_KEY, None)
    return {
        "num_inference_steps": settings.steps,
        "guidance_scale": settings.guidance,
        "width": settings.width,
        "height": settings.height,
        **extra,
    }


def wants_safety_checker(settings: Settings) -> bool:
    """The safety checker stays on, where there is one."""
    return bool(json.loads(settings.extra).get(SAFETY_KEY, True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Defaults:
    steps: int
    guidance: float
    width: int
    height: int


def _defaults(source: ModelSource, family: Family) -> _Defaults:
    spec = source.spec
    if spec is not None:
        return _Defaults(steps=spec.steps, guidance=spec.guidance, width=spec.width, height=spec.height)
    steps, guidance = family.steps, family.guidance
    if family is AUTO:
        own = _own_defaults(source.pipeline)
        steps, guidance = (
            int(str(own.get("num_inference_steps", steps))),
            float(str(own.get("guidance_scale", guidance))),
        )
    side = _native_side(source) or family.size
    return _Defaults(steps=steps, guidance=guidance, width=side, height=side)


def _own_defaults(pipeline: str) -> Mapping[str, object]:
    """Defaults of the call of a pipeline class that is of no family."""
    with models_extra():
        import diffusers
    class_ = getattr(diffusers, pipeline, None)
    if class_ is None:
        raise ModelError(f"this version of diffusers has no {pipeline}", "pip install --upgrade diffusers")
    parameters = inspect.signature(class_.__call__).parameters.values()
    if "prompt" not in {p.name for p in parameters}:
        raise ModelError(f"{pipeline} takes no prompt: it is no text-to-image pipeline", "wb models lists some")
    return {p.name: p.default for p in parameters if p.default not in (p.empty, None)}


def _native_side(source: ModelSource) -> int | None:
    """Pixels a side that the denoiser was trained for; None where its configuration does not say."""
    latent = next((s for s in (source.config(c).get("sample_size") for c in ("unet", "transformer")) if s), None)
    blocks = source.config("vae").get("block_out_channels")
    if not isinstance(latent, int) or not isinstance(blocks, list):
        return None
    return int(latent * 2 ** (len(blocks) - 1))
