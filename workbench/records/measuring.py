"""Rows that measuring writes and reads: metrics and their scores, what to score, what is labelled, what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedImage:
    """An image of a dynamic reference (query ``dynamic_hashes``)."""

    qid: str
    sha256: str
    phash: str
    """64 bits, 16 hex digits."""
    kept: bool
    """No duplicate of an earlier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMetric:
    """A generated image that lacks a current score of a metric (query ``plan_metric``)."""

    image_id: str
    group: str
    """What those that come together have in common: a reference, a prompt, or a prompt under one model and settings."""
    path: str
    """Of the generated image, relative to the images folder."""
    text: str
    """Its prompt."""
    compared: str
    """What it is to be compared with, as in ``metric_scores``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledImage:
    """A generated image of which it is known what it is (query ``labelled_by_people``)."""

    image_id: str
    qid: str
    replication: bool
    """Else a transformation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOwner:
    """Which reference an image was asked for (query ``image_owners``)."""

    image_id: str
    path: str
    """Relative to the images folder."""
    qid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownImage:
    """A generated image with its patches (query ``shown_images``)."""

    image_id: str
    qid: str
    label: str
    creation_date: str | None
    creation_year: int | None
    creation_precision: int | None
    creation_calendar: str | None
    creation_circa: bool
    prompt: str
    model_id: str
    seed: int
    status: str
    path: str | None
    """Relative to the images folder."""
    s: float | None
    recognised: bool | None
    vr: float | None
    patch_encoder_id: str | None
    preprocessing: str | None
    """Of that encoder, JSON."""
    p: Sequence[float] | None
    entropy: Sequence[float] | None
    """Bits."""
    best_sha256: Sequence[str] | None
    """For each patch the reference image that gave p."""
    best_patch: Sequence[int] | None
    """For each patch the place of the matching one in that image, row-major from 0."""

    @property
    def matched(self) -> Sequence[str]:
        """``best_sha256``, empty where there is none."""
        return self.best_sha256 or ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """A row of ``metrics``: a measure beside s and p, as used."""

    metric_id: str
    name: str
    library: str
    settings: str
    """JSON with sorted keys."""
    compared_with: str
    """``references``, ``prompt`` or ``siblings``."""
    higher_is_closer: bool
    low: float
    high: float
    first_used_utc: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricScore:
    """A row of ``metric_scores``: one measure of one image."""

    image_id: str
    metric_id: str
    status: str
    error: str | None = None
    value: float | None = None
    created_utc: datetime
    run_id: str
    compared: str
    best_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceEmbedding:
    """A row of ``reference_embeddings``: a reference image under one encoder."""

    sha256: str
    encoder_id: str
    grid: int
    vectors: Sequence[float]
    """grid² vectors, one after the other."""
