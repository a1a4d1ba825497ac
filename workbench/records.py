"""Frozen records: one class per table that is written, one per query row that is read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
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
    started_utc: datetime
    updated_utc: datetime
    ended_utc: datetime | None = None
    outcome: str = "running"
    planned: int = 0
    done: int = 0
    failed: int = 0
    message: str | None = None


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
class PromptCensus:
    """How many active prompts there are of one perturbation and kind (query ``prompt_census``)."""

    perturbation: str
    kind: str
    n_refs: int
    n_scorable_refs: int
    """References among them that have a reference image."""
    n_prompts: int


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
class Thresholds:
    """Where s counts as recognised and a patch as reused, and under which encoders.

    The defaults are the study's (arXiv:2511.11435), chosen for CLIP ViT-B/16 and DINOv3.
    """

    tau_static: float = 0.70
    tau_dynamic: float = 0.75
    tau_reuse: float = 0.60
    encoder: str | None = None
    """encoder_id behind s; None: as the measures choose."""
    patch_encoder: str | None = None
    """encoder_id behind p; likewise."""

    def parameters(self) -> dict[str, object]:
        """As the measures' macros and queries take them."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedImage:
    """An image that is asked for and not there yet (query ``plan_images``)."""

    prompt_id: str
    qid: str
    perturbation: str
    text: str
    seed: int
    scorable: bool
    """Its reference has a reference image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedScore:
    """A generated image that lacks a current score (queries ``plan_similarities``, ``plan_patches``)."""

    image_id: str
    qid: str
    path: str
    """Of the generated image, relative to the images folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSet:
    """The reference images that a reference is scored against (query ``reference_files``)."""

    qid: str
    reference_set: str
    """Hash of their list."""
    sha256s: Sequence[str]
    """In order."""
    paths: Sequence[str]
    """In the same order, relative to the images folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCensus:
    """How many generated images of one model can be scored (query ``score_census``)."""

    model_id: str
    n_images: int
    """Of status ok, of active prompts."""
    n_unscorable: int
    """Images among them whose reference has no reference image."""
    n_unscorable_refs: int
    """How many references those are of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefScore:
    """Measures of one reference × model × settings × perturbation (query ``ref_scores``)."""

    qid: str
    label: str
    kind: str
    type: str | None
    creators: Sequence[str]
    creation_year: int | None
    popularity: float | None
    """Sitelinks."""
    model_id: str | None
    settings_id: str | None
    perturbation: str | None
    n: int
    n_images: int
    n_excluded: int
    n_recognised: int
    mean_s: float | None
    cra: float | None
    vr: float | None
    vi: float | None
    crt: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do next."""

    text: str
    command: str
    """Of ``wb``, without ``wb``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """Counts that decide what a person does next (query ``next_steps``)."""

    refs: int
    refs_with_image: int
    images: int
    """With status ok."""
    images_not_ok: int
    images_without_s: int
    """That could be scored, and were not tried."""
    images_without_patches: int
    """That could be scored, and were not tried."""
    images_with_failed_scores: int

    def advice(self) -> Advice:
        """What is missing first, and the command that helps."""
        if not self.refs:
            return Advice(text="No references yet", command="ingest --from references.csv")
        if not self.refs_with_image:
            return Advice(text="No reference images yet, so nothing can be scored", command="ingest --images FOLDER")
        if not self.images and self.images_not_ok:
            return Advice(
                text=f"None of {self.images_not_ok:,} images came out well: wb status says why",
                command="generate --model NAME --retry-failed",
            )
        if not self.images:
            return Advice(text="No generated images yet", command="generate --model NAME --images-per-prompt 4")
        if waiting := max(self.images_without_s, self.images_without_patches):
            return Advice(text=f"{waiting:,} of {self.images:,} images are not scored yet", command="score")
        if failed := self.images_with_failed_scores:
            return Advice(
                text=f"{failed:,} of {self.images:,} images could not be scored", command="score --retry-failed"
            )
        return Advice(text="Everything is scored", command="tui")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A value that a study can be filtered by (query ``facets``)."""

    field: str
    """``kind``, ``type``, ``model``, ``perturbation``, ``encoder`` or ``patch_encoder``."""
    value: str
    """Empty: references without a type."""
    n: int
    """References; of an encoder: images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFacts:
    """Size of the table of references, and default encoders (query ``study_facts``)."""

    rows: int
    """Of ``ref_scores``, unfiltered."""
    encoder_id: str | None
    """None: nothing is scored."""
    patch_encoder_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageScore:
    """One generated image with its scores (query ``image_scores_of``)."""

    image_id: str
    prompt: str
    variant: int
    seed: int
    status: str
    """``ok``, ``blocked``, ``black`` or ``failed``."""
    error: str | None
    path: str | None
    """Relative to the images folder."""
    s: float | None
    recognised: bool | None
    vr: float | None
    best_sha256: str | None
    """The reference image that gave s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNull:
    """A comparison of an image with another reference (queries ``plan_null_similarities``, ``plan_null_patches``)."""

    image_id: str
    path: str
    """Of the generated image, relative to the images folder."""
    qid: str
    """The other reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A threshold that a share of the null comparisons reaches by chance (query ``calibration``)."""

    threshold: str
    """``tau_static``, ``tau_dynamic`` or ``tau_reuse``."""
    encoder_id: str
    value: float
    """-1 to 1."""
    false_rate: float
    """That share, 0 to 1."""
    n_images: int
    n_refs: int
    n_pairs: int
