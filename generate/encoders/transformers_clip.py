"""CLIP by transformers: projected image features, preprocessed by its own processor on PIL."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from generate.encoders.encoder import INSTEAD, OTHER, STUDY, Encoder, check_complete, digest, loading
from generate.encoders.viewing import CENTRE, OWN, PAD, SQUASH, Viewing, as_colour, squared
from generate.hub import hub_file
from workbench.errors import ConfigError

if TYPE_CHECKING:
    from torch import Tensor

STUDY_NAME = "openai/clip-vit-base-patch16"
SIZES = ("size", "crop_size")
NUMBERS = ("rescale_factor", "image_mean", "image_std")
SWITCHES = ("do_resize", "do_center_crop", "do_rescale", "do_normalize")


def load(name: str, device: str, viewing: Viewing = OWN) -> Encoder:
    """Load ``clip:org/name`` or ``clip:./folder``; errors as in ``load_parts``."""
    return load_parts(name, device, viewing).encoder


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A loaded CLIP: its image encoder, and the whole network for its texts."""

    encoder: Encoder
    network: Any
    revision: str | None
    """Commit on the hub; None: a folder."""


def load_parts(name: str, device: str, viewing: Viewing = OWN) -> Parts:
    """Load a CLIP with both of its sides.

    The processor's backend is pinned to PIL: torchvision's resizing without antialiasing moves a cosine by 0.05.

    Raises:
        ConfigError: If no name is given.
        ModelError: If the weights cannot be had.
    """
    if not name:
        raise ConfigError("clip: wants a name", f"clip:{STUDY_NAME}, or clip:./folder")
    local = Path(name).is_dir()
    network, processor, revision = _read(name, local)
    own_crop = CENTRE if processor.do_center_crop else SQUASH
    processor = _cropping(processor, viewing, own_crop)
    weights = digest(network)
    network = network.eval().to(device)

    def prepare(image: Image.Image) -> "Tensor":
        if viewing.crop == PAD:
            image = squared(image, as_colour(processor.image_mean))
        pixels: Tensor = processor(images=image, return_tensors="pt")["pixel_values"][0]
        return pixels

    def forward(batch: "Tensor") -> "Tensor":
        features: Tensor = network.get_image_features(pixel_values=batch).pooler_output
        return features

    encoder = Encoder(
        family="clip",
        name=f"clip:{name}",
        label=f"clip:{Path(name).resolve().name if local else name}",
        weights=weights,
        preprocessing=_recorded(processor),
        preference=STUDY if name == STUDY_NAME else OTHER,
        prepare=prepare,
        forward=forward,
        device=device,
        viewing=viewing,
        own_crop=own_crop,
    )
    return Parts(encoder=encoder, network=network, revision=revision)


def _read(name: str, local: bool) -> tuple[Any, Any, str | None]:
    """The network and its processor, and of which commit on the hub they are; None: of a folder."""
    import transformers.utils.logging
    from transformers import CLIPModel
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    with loading(f"clip:{name}"):
        revision = None if local else hub_file(name, "config.json", instead=INSTEAD).commit
        options = {"revision": revision, "local_files_only": local}
        network, info = CLIPModel.from_pretrained(name, output_loading_info=True, **options)
        processor = CLIPImageProcessorPil.from_pretrained(name, **options)
    check_complete(f"clip:{name}", sorted(info["missing_keys"]))
    return network, processor, revision


def _cropping(processor: Any, viewing: Viewing, own_crop: str) -> Any:
    """The processor, cutting as the viewing says; the same one where that is its own way."""
    if viewing.crop == SQUASH != own_crop:
        changed = {"size": dict(processor.crop_size), "do_center_crop": False}
    elif viewing.crop == CENTRE != own_crop:
        side = processor.size["height"]
        changed = {"size": {"shortest_edge": side}, "crop_size": side, "do_center_crop": True}
    else:
        return processor
    return type(processor).from_dict({**processor.to_dict(), **changed})


def _recorded(processor: Any) -> dict[str, object]:
    sizes = {field: dict(getattr(processor, field) or {}) for field in SIZES}
    plain = {field: getattr(processor, field) for field in (*SWITCHES, *NUMBERS)}
    return {**sizes, **plain, "resample": int(processor.resample), "backend": "pil", "pooling": "projection"}
