"""One class per table that is written: frozen, its fields are the columns."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


def content_id(*parts: object, digits: int = 32) -> str:
    """Hash of the parts, in order: the id of a row that is determined by them."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:digits]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A row of ``refs``: a cultural reference."""

    qid: str
    label: str
    kind: str
    """``static`` or ``dynamic``."""
    type: str | None = None
    creators: Sequence[str] = ()
    creation_date: str | None = None
    """ISO 8601, astronomical years."""
    creation_year: int | None = None
    """Astronomical: 0 is 1 BCE."""
    creation_precision: int | None = None
    """Wikidata precision: 7 century, 9 year, 11 day."""
    creation_calendar: str | None = None
    """``gregorian`` or ``julian``."""
    description: str | None = None
    image_file: str | None = None
    """File name on Wikimedia Commons."""
    source: str
    run_id: str
    creation_circa: bool = False
    """The source gives the date as circa; false: it does not say so."""
    more_image_files: Sequence[str] = ()
    """Other files there, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceImage:
    """A row of ``ref_images``: a picture of the reference itself."""

    qid: str
    sha256: str
    path: str
    """Relative to the images folder."""
    phash: str
    """64 bits, 16 hex digits."""
    width: int
    height: int
    rank: int
    """From 1."""
    duplicate_of: str | None = None
    source_url: str | None = None
    author: str | None = None
    licence: str | None = None
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariate:
    """A row of ``covariates``: one measured property."""

    qid: str
    name: str
    method: str
    value: float
    unit: str
    as_of: date | None = None
    provenance: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A row of ``prompts``; its id follows from its content."""

    prompt_id: str = field(init=False)
    qid: str
    perturbation: str
    variant: int = 1
    method: str
    text: str
    changes: str | None = None
    """JSON."""
    active: bool = True
    run_id: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "prompt_id", content_id(self.qid, self.perturbation, self.variant, self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptTokens:
    """A row of ``prompt_tokens``: length of a prompt under one text encoder."""

    prompt_id: str
    model_id: str
    tokenizer: str
    token_count: int
    max_tokens: int
    truncated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A row of ``models``: a model as used."""

    model_id: str
    hub_id: str
    revision: str
    family: str
    pipeline: str
    licence: str | None = None
    gated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A row of ``settings``: all that determines an image besides prompt and seed; its id follows from its content."""

    settings_id: str = field(init=False)
    model_id: str
    revision: str
    steps: int
    guidance: float
    width: int
    height: int
    dtype: str
    scheduler: str
    negative_prompt: str = ""
    extra: str = "{}"
    """JSON with sorted keys."""

    def __post_init__(self) -> None:
        parts = (self.model_id, self.revision, self.steps, float(self.guidance), self.width, self.height)
        more = (self.dtype, self.scheduler, self.negative_prompt, self.extra)
        object.__setattr__(self, "settings_id", content_id(*parts, *more, digits=16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A row of ``runs``: one invocation."""

    run_id: str
    command: str
    arguments: str
    """JSON."""
    versions: str
    """JSON."""
    git_commit: str | None = None
    git_dirty: bool | None = None
    device: str | None = None
    host: str
    pid: int
    process: str | None = None
    """What tells it from a later process of the same id."""
    started_utc: datetime
    updated_utc: datetime
    ended_utc: datetime | None = None
    outcome: str = "running"
    planned: int = 0
    done: int = 0
    failed: int = 0
    message: str | None = None
    settings_id: str | None = None
    """Of the images that it makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedImage:
    """A row of ``images``; ``image_id`` follows from the key."""

    image_id: str = field(init=False)
    prompt_id: str
    model_id: str
    settings_id: str
    seed: int
    status: str
    """``ok``, ``blocked``, ``black`` or ``failed``."""
    error: str | None = None
    sha256: str | None = None
    path: str | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    created_utc: datetime
    run_id: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "image_id", content_id(self.prompt_id, self.model_id, self.settings_id, self.seed))


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderRow:
    """A row of ``encoders``: an encoder as used."""

    encoder_id: str
    family: str
    name: str
    weights: str
    preprocessing: str
    """JSON with sorted keys."""
    dimensions: int
    preference: int
    first_used_utc: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """A row of ``similarities``: s of one image under one encoder."""

    image_id: str
    encoder_id: str
    status: str
    error: str | None = None
    s: float | None = None
    best_sha256: str | None = None
    reference_set: str
    created_utc: datetime
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patches:
    """A row of ``patches``: the patch maxima of one image under one encoder, row-major."""

    image_id: str
    encoder_id: str
    grid: int = 4
    status: str
    error: str | None = None
    p: Sequence[float] | None = None
    best_sha256: Sequence[str] | None = None
    best_patch: Sequence[int] | None = None
    entropy: Sequence[float] | None = None
    """Bits, 0 to 8."""
    reference_set: str
    created_utc: datetime
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NullSimilarity:
    """A row of ``null_similarities``: s of one image against a reference that it was not asked for."""

    image_id: str
    encoder_id: str
    qid: str
    """The other reference."""
    s: float
    reference_set: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NullPatches:
    """A row of ``null_patches``: the patch maxima of one image against a reference that it was not asked for."""

    image_id: str
    encoder_id: str
    grid: int = 4
    qid: str
    """The other reference."""
    p: Sequence[float]
    reference_set: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A row of ``annotations``: a person's judgement of one generated image."""

    image_id: str
    annotator: str
    recognised: bool | None = None
    realization: str | None = None
    """``replication``, ``transformation`` or ``neither``."""
    note: str | None = None
    updated_utc: datetime
