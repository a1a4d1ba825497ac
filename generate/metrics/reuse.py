"""Patch maxima as measures of single pictures: VR at one threshold, and their mean before any."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PIL import Image

from generate.encoders.encoder import Encoder
from generate.encoders.registry import load_encoder
from generate.encoders.viewing import Viewing
from generate.metrics.metric import Metric, Score
from generate.metrics.patches import GRID, grid_crops
from generate.metrics.similarity import Vectors, patch_maxima
from workbench.errors import ConfigError
from workbench.records import Thresholds

_NAME = re.compile(r"(?:(?P<tau>-?(?:0|1)(?:\.\d+)?):)?(?P<encoder>.+)")


def load_vr(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``vr:ENCODER`` or ``vr:TAU:ENCODER``: the share of the 16 patches whose p reaches τ_reuse.

    Raises:
        ConfigError: If no encoder is named.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ConfigError("vr wants the encoder of the patches", "vr:efficientnet-lite0, vr:0.7:timm:NAME")
    tau = float(match["tau"] or Thresholds().tau_reuse)
    encoder = load_encoder(match["encoder"], device, viewing)
    # Compared as the macros compare them: as the single-precision numbers that are stored.
    return _metric("vr", name, encoder, {"tau": tau}, 0.0, lambda p: float((p >= np.float32(tau)).mean()))


def load_mean(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``mean-p:ENCODER``: the mean of the 16 p.

    Raises:
        ConfigError: If no encoder is named.
    """
    if not name:
        raise ConfigError("mean-p wants the encoder of the patches", "mean-p:efficientnet-lite0, mean-p:timm:NAME")
    return _metric("mean-p", name, load_encoder(name, device, viewing), {}, -1.0, lambda p: float(p.mean()))


def _metric(
    kind: str,
    name: str,
    encoder: Encoder,
    settings: dict[str, object],
    low: float,
    summed_up: Callable[[Vectors], float],
) -> Metric:
    def view(image: Image.Image) -> list[Any]:
        return [encoder.prepare(patch) for patch in grid_crops(image)]

    def encode(views: Sequence[list[Any]]) -> list[Any]:
        return [encoder.embed(view) for view in views]

    def compare(image: Any, others: Sequence[Any]) -> Score:
        return Score(value=summed_up(patch_maxima(image, np.concatenate(list(others))).p))

    return Metric(
        name=f"{kind}:{name}",
        label=f"{kind}:{encoder.encoder_id.partition('#')[0]}",
        package="torch",
        settings={"encoder": encoder.encoder_id, "preprocessing": encoder.preprocessing, "grid": GRID, **settings},
        low=low,
        high=1.0,
        view=view,
        encode=encode,
        compare=compare,
        upright=encoder.viewing.upright,
        weights=encoder.weights,
    )
