"""VR as a measure of single pictures: what the macros compute from stored patch maxima, at one threshold."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from generate.encoders.registry import load_encoder
from generate.encoders.viewing import Viewing
from generate.metrics.metric import Metric, Score
from generate.metrics.patches import GRID, grid_crops
from generate.metrics.similarity import patch_maxima
from workbench.errors import ConfigError
from workbench.records import Thresholds

_NAME = re.compile(r"(?:(?P<tau>-?(?:0|1)(?:\.\d+)?):)?(?P<encoder>.+)")


def load(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``vr:ENCODER`` or ``vr:TAU:ENCODER``: the share of the 16 patches whose p reaches τ_reuse.

    Raises:
        ConfigError: If no encoder is named.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ConfigError("vr wants the encoder of the patches", "vr:efficientnet-lite0, vr:0.7:timm:NAME")
    tau = float(match["tau"] or Thresholds().tau_reuse)
    encoder = load_encoder(match["encoder"], device, viewing)

    def view(image: Image.Image) -> list[Any]:
        return [encoder.prepare(patch) for patch in grid_crops(image)]

    def encode(views: Sequence[list[Any]]) -> list[Any]:
        return [encoder.embed(view) for view in views]

    def compare(image: Any, others: Sequence[Any]) -> Score:
        p = patch_maxima(image, np.concatenate(list(others))).p
        return Score(value=float((p >= np.float32(tau)).mean()))

    return Metric(
        name=f"vr:{name}",
        label=f"vr:{encoder.encoder_id.partition('#')[0]}",
        package="torch",
        settings={"encoder": encoder.encoder_id, "preprocessing": encoder.preprocessing, "tau": tau, "grid": GRID},
        low=0.0,
        high=1.0,
        view=view,
        encode=encode,
        compare=compare,
        upright=viewing.upright,
        weights=encoder.weights,
    )
