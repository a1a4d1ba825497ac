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


FAMILIES = (
    Family(name="sd", pipelines=("StableDiffusionPipeline",), steps=50, guidance=7.5, size=512),
    Family(
        name="sdxl",
        pipelines=("StableDiffusionXLPipeline",),
        steps=50,
        guidance=5.0,
        size=1024,
        load={"add_watermarker": False},
    ),
    Family(name="sd3", pipelines=("StableDiffusion3Pipeline",), steps=28, guidance=7.0, size=1024),
    Family(name="flux", pipelines=("FluxPipeline",), steps=28, guidance=3.5, size=1024, dtype="bfloat16"),
    Family(name="pixart", pipelines=("PixArtSigmaPipeline", "PixArtAlphaPipeline"), steps=20, guidance=4.5, size=1024),
)
AUTO = Family(name="auto", pipelines=(), steps=50, guidance=7.5, size=512)
"""Any other pipeline: diffusers decides how it is loaded."""


def family_of(pipeline: str) -> Family:
    """The family of a pipeline class; ``AUTO`` where it is of none."""
    return next((family for family in FAMILIES if pipeline in family.pipelines), AUTO)
