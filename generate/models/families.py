"""Model families: what pipelines of one kind have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Pipelines that are loaded and called alike.

    The defaults hold for a model that is not in the table.
    """

    name: str
    pipelines: tuple[str, ...]
    """Classes of diffusers."""
    steps: int
    guidance: float
    size: int
    """Pixels a side, where the weights' own configuration does not say."""
    dtype: str = "float16"
    """Number format of the weights on a GPU."""
    load: Mapping[str, object] = field(default_factory=dict)
    """Further arguments for loading."""
    call: Mapping[str, object] = field(default_factory=dict)
    """Further arguments of the call; a row of the table goes before them."""
    embeddings: tuple[str, ...] = ()
    """What ``encode_prompt`` returns, by the names under which the call takes it; empty: the call takes texts."""


_PAIR = ("prompt_embeds", "negative_prompt_embeds")
_POOLED = ("pooled_prompt_embeds", "negative_pooled_prompt_embeds")

FAMILIES = (
    Family(name="sd", pipelines=("StableDiffusionPipeline",), steps=50, guidance=7.5, size=512, embeddings=_PAIR),
    Family(
        name="sdxl",
        pipelines=("StableDiffusionXLPipeline",),
        steps=50,
        guidance=5.0,
        size=1024,
        load={"add_watermarker": False},
        embeddings=(*_PAIR, *_POOLED),
    ),
    Family(
        name="sd3",
        pipelines=("StableDiffusion3Pipeline",),
        steps=28,
        guidance=7.0,
        size=1024,
        embeddings=(*_PAIR, *_POOLED),
    ),
    Family(
        name="flux",
        pipelines=("FluxPipeline",),
        steps=28,
        guidance=3.5,
        size=1024,
        dtype="bfloat16",
        embeddings=("prompt_embeds", "pooled_prompt_embeds"),
    ),
    Family(
        name="pixart",
        pipelines=("PixArtSigmaPipeline", "PixArtAlphaPipeline"),
        steps=20,
        guidance=4.5,
        size=1024,
        # The caption is cleaned only where two more packages are installed, and a size off a list is replaced: neither
        # may decide what an image is.
        call={"clean_caption": False, "use_resolution_binning": False},
        embeddings=(
            "prompt_embeds",
            "prompt_attention_mask",
            "negative_prompt_embeds",
            "negative_prompt_attention_mask",
        ),
    ),
)
AUTO = Family(name="auto", pipelines=(), steps=50, guidance=7.5, size=512)
"""Any other pipeline: diffusers decides how it is loaded."""


def family_of(pipeline: str) -> Family:
    """The family of a pipeline class; ``AUTO`` where it is of none."""
    return next((family for family in FAMILIES if pipeline in family.pipelines), AUTO)
