"""What ``wb score`` is asked for, and whether there is anything to score."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from generate.encoders.viewing import OWN, Viewing
from generate.engines.engine import EngineChoice
from workbench.errors import ConfigError, MetricError
from workbench.options import say
from workbench.records import ScoreCensus
from workbench.registry import unknown_name
from workbench.store import Store

PACKAGED = "efficientnet-lite0"
STUDY = "clip:openai/clip-vit-base-patch16"
STUDY_PATCHES = "timm:vit_base_patch16_dinov3.lvd1689m"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRequest:
    """What is to be scored, and by what."""

    encoder: str = PACKAGED
    """Of whole images: gives s."""
    patch_encoder: str = PACKAGED
    """Of patches: gives p."""
    batch_size: int | None = None
    """Pictures or patches that an encoder takes in at a time; None: what suits the device."""
    device: str = "auto"
    engine: EngineChoice = field(default_factory=EngineChoice)
    model: str | None = None
    """Only images of this model; None: all."""
    viewing: Viewing = OWN
    """How both look at pictures."""
    like_paper: bool = False
    """Only as the released scripts of the study could."""
    retry_failed: bool = False
    """Also what could not be scored before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderChoice:
    """The two encoders, and how they look at pictures."""

    encoder: str
    patch_encoder: str
    viewing: Viewing = OWN
    like_paper: bool = False

    def fields(self) -> dict[str, Any]:
        """By name, as requests take them."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def choose_encoders(
    *,
    preset: str | None,
    encoder: str | None,
    patch_encoder: str | None,
    like: str | None,
    crop: str | None,
    precision: str,
) -> EncoderChoice:
    """What is named goes before the preset, that before the packaged encoder.

    Raises:
        ConfigError: If ``like`` is asked for together with what the paper's scripts do not do.
    """
    if like and (crop or precision != "float32"):
        raise ConfigError("--like paper has the encoders' own crop and float32", "leave --crop and --precision out")
    whole, patches = (STUDY, STUDY_PATCHES) if preset == "study" or like else (PACKAGED, PACKAGED)
    return EncoderChoice(
        encoder=encoder or whole,
        patch_encoder=patch_encoder or patches,
        viewing=Viewing(crop=crop, upright=not like, precision=precision),
        like_paper=bool(like),
    )


def check_no_encoder(choice: EncoderChoice) -> None:
    """Refuse encoders beside metrics, which name their own.

    Raises:
        ConfigError: If one is named.
    """
    if choice.like_paper or (choice.encoder, choice.patch_encoder) != (PACKAGED, PACKAGED):
        hint = "--metric similarity:ENCODER names it; s and p are scored by wb score without --metric"
        raise ConfigError("--metric takes no --encoder, --patch-encoder, --preset or --like", hint)


def check_request(store: Store, model: str | None) -> None:
    """Refuse a request for which there are no images; say which images have nothing to be compared with.

    Raises:
        MetricError: If the study has no generated images.
        ConfigError: If it has none of the model that is named.
    """
    census = store.rows("score_census", ScoreCensus)
    if not census:
        raise MetricError("the study has no generated images to score yet", "wb generate --model … makes them")
    models = {row.model_id for row in census}
    if model is not None and model not in models:
        raise unknown_name("model with images in this study", model, models)
    _say_unscorable([row for row in census if model in (None, row.model_id)])


def _say_unscorable(census: Sequence[ScoreCensus]) -> None:
    for row in census:
        if row.n_unscorable:
            say(
                f"{row.model_id}: {row.n_unscorable:,} of {row.n_images:,} images have nothing to be compared with "
                f"(references without a reference image: {row.n_unscorable_refs:,})"
            )
    if any(row.n_unscorable for row in census):
        say("hint: wb ingest --images DIR adds reference images")
