"""Similarity of whole pictures under any encoder: to the reference images, and to the other images of the prompt."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from generate.encoders.registry import load_encoder
from generate.encoders.viewing import Viewing
from generate.metrics.metric import SIBLINGS, Metric, Score
from generate.metrics.similarity import similarities
from workbench.errors import ConfigError


def load_similarity(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``similarity:ENCODER``: the highest cosine to a reference image, which is s under that encoder.

    Unlike ``wb score --encoder`` it makes the encoder none of those that the measures choose from.
    """

    def compare(image: Any, others: Sequence[Any]) -> Score:
        best = similarities(image[None], np.stack(others))
        return Score(value=float(best.values[0]), best=int(best.indices[0]))

    return _metric("similarity", name, device, viewing, compare)


def load_consistency(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``consistency:ENCODER``: the mean cosine to the other images of the same prompt, model and settings.

    Averaged over these images it is their mean pairwise cosine.
    """

    def compare(image: Any, others: Sequence[Any]) -> Score:
        cosines = np.stack(others) @ image
        return Score(value=float(np.clip(cosines, -1, 1).mean()))

    return _metric("consistency", name, device, viewing, compare, compared_with=SIBLINGS)


def _metric(
    kind: str, name: str, device: str, viewing: Viewing, compare: Callable[[Any, Sequence[Any]], Score], **more: Any
) -> Metric:
    if not name:
        raise ConfigError(f"{kind} wants an encoder", f"{kind}:efficientnet-lite0, {kind}:clip:ORG/NAME")
    encoder = load_encoder(name, device, viewing)
    return Metric(
        name=f"{kind}:{name}",
        label=f"{kind}:{encoder.encoder_id.partition('#')[0]}",
        package="torch",
        settings={"encoder": encoder.encoder_id, "preprocessing": encoder.preprocessing},
        low=-1.0,
        high=1.0,
        view=encoder.prepare,
        encode=encoder.embed,
        compare=compare,
        upright=viewing.upright,
        weights=encoder.weights,
        **more,
    )
