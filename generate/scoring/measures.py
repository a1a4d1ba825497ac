"""The two raw measures: what they look at, and what they give."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from generate.metrics.patches import GRID, entropy, grid_crops
from generate.metrics.similarity import Vectors, patch_maxima, similarities
from generate.scoring.embedding import Cutting, View
from workbench.records import Patches, Similarity

ScoreRow = Similarity | Patches


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A generated image and what it is compared with, all embedded."""

    generated: Vectors
    """[V, D], its views."""
    entropies: Sequence[float | None]
    """[V], of its views."""
    references: Sequence[Vectors]
    """[V, D] of each reference image, in order."""
    sha256s: Sequence[str]
    """Of the reference images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A raw measure of generated images."""

    noun: str
    """What it gives."""
    plan: str
    """Query that says what is missing."""
    upsert: str
    """Query that writes rows."""
    table: str
    """That they are rows of."""
    record: Callable[..., ScoreRow]
    """Makes a row from its fields."""
    cutting: Cutting
    """What it looks at."""
    values: Callable[[Compared], Mapping[str, Any]]
    """The fields of a row that it measures."""


def _similarity(compared: Compared) -> dict[str, Any]:
    best = similarities(compared.generated, np.concatenate(compared.references))
    return {"s": float(best.values[0]), "best_sha256": compared.sha256s[best.indices[0]]}


def _patches(compared: Compared) -> dict[str, Any]:
    best = patch_maxima(compared.generated, np.concatenate(compared.references))
    return {
        "p": best.p.tolist(),
        "best_sha256": [compared.sha256s[i] for i in best.images],
        "best_patch": best.patches.tolist(),
        "entropy": list(compared.entropies),
    }


def _whole(image: Image.Image) -> list[View]:
    return [View(image=image)]


def _grid(image: Image.Image) -> list[View]:
    return [View(image=patch, entropy=entropy(patch)) for patch in grid_crops(image)]


SIMILARITY = Measure(
    noun="similarities",
    plan="plan_similarities",
    upsert="upsert_similarities",
    table="similarities",
    record=Similarity,
    cutting=Cutting(views=1, cut=_whole),
    values=_similarity,
)
PATCH_MAXIMA = Measure(
    noun="patch maxima",
    plan="plan_patches",
    upsert="upsert_patches",
    table="patches",
    record=Patches,
    cutting=Cutting(views=GRID * GRID, cut=_grid),
    values=_patches,
)
