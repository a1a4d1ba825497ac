"""Cosine similarities of embeddings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.errors import MetricError

Vectors = NDArray[np.float32]
"""[N, D] L2-normalised embeddings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BestMatches:
    """For each of N vectors the most similar of others."""

    values: NDArray[np.float32]
    """[N] cosine similarities, -1 to 1."""
    indices: NDArray[np.int64]
    """[N] which of the others gave it; the first where several do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchMaxima:
    """For each of the K patches of one image the most similar patch of its reference images."""

    p: NDArray[np.float32]
    """[K] cosine similarities, -1 to 1."""
    images: NDArray[np.int64]
    """[K] index of the reference image that gave it."""
    patches: NDArray[np.int64]
    """[K] index of the patch within that image, row-major."""


def similarities(generated: Vectors, reference: Vectors) -> BestMatches:
    """Highest cosine similarity of each generated image to any reference image: its s.

    Args:
        generated: [N, D] float32, L2-normalised, one row per generated image.
        reference: [M, D] float32, L2-normalised, one row per reference image.

    Returns:
        N values in [-1, 1], and which reference image gave each.

    Raises:
        MetricError: If either is empty, D differs, or a value is not a number.

    Source: arXiv:2511.11435, fig. 2; the released ``compute_CRA.py``.
    """
    _check(generated, reference)
    cosines = np.clip(generated @ reference.T, -1.0, 1.0)
    indices = cosines.argmax(axis=1)
    return BestMatches(values=cosines[np.arange(len(cosines)), indices], indices=indices)


def patch_maxima(generated: Vectors, reference: Vectors) -> PatchMaxima:
    """Highest cosine similarity of each patch of a generated image to any patch of any reference image: its p.

    Args:
        generated: [K, D] float32, L2-normalised, the patches of one image.
        reference: [R · K, D] float32, L2-normalised, the patches of R reference images, image after image.

    Returns:
        K values in [-1, 1], and which reference image and which of its patches gave each.

    Raises:
        MetricError: As ``similarities``, or if the reference patches are not a multiple of K.

    Source: arXiv:2511.11435, fig. 2; the released ``compute_VR.py``, which writes only their maximum, mean and p90.
    """
    best = similarities(generated, reference)
    if len(reference) % len(generated):
        raise MetricError(f"{len(reference)} reference patches are no multiple of {len(generated)}")
    images, patches = np.divmod(best.indices, len(generated))
    return PatchMaxima(p=best.values, images=images, patches=patches)


def _check(generated: Vectors, reference: Vectors) -> None:
    for name, array in (("generated", generated), ("reference", reference)):
        if array.ndim != 2 or not array.size:
            raise MetricError(f"{name} embeddings must be [N, D] and not empty, not {array.shape}")
        if not np.isfinite(array).all():
            raise MetricError(f"{name} embeddings hold values that are not numbers")
    if generated.shape[1] != reference.shape[1]:
        raise MetricError(f"embeddings of {generated.shape[1]} and of {reference.shape[1]} dimensions do not compare")
