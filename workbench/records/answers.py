"""One class per query row that is read, and what queries are asked with."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptCensus:
    """A perturbation and kind that there are active prompts of (query ``prompt_census``)."""

    perturbation: str
    kind: str
    n_scorable_refs: int
    """References that have such a prompt and a reference image."""


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
class PlannedPrompt:
    """A prompt that images are asked of (query ``plan_prompts``)."""

    prompt_id: str
    qid: str
    perturbation: str
    text: str
    scorable: bool
    """Its reference has a reference image."""
    taken: Sequence[int]
    """Seeds whose images need not be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPace:
    """How fast a model made images under some settings on a device (query ``model_pace``)."""

    settings_id: str
    steps: int
    width: int
    height: int
    device: str | None
    n: int
    """Images."""
    seconds: float
    """Mean per image."""
    paths: Sequence[str]
    """Of some of the pictures, relative to the images folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunImages:
    """Images of a run with one status (query ``run_images``)."""

    status: str
    n: int
    seconds: float | None
    """Mean sampling time of one; None: unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBegan:
    """When a run began with its images, once its model was loaded (query ``run_began``)."""

    began_utc: datetime


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
    creation_precision: int | None
    creation_circa: bool
    popularity: float | None
    """Sitelinks."""
    training_frequency: float | None
    """By the first method in the study, in its unit."""
    textual_uniqueness: float | None
    """Likewise."""
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
    vr_all: float | None
    """Over all scored images, recognised or not; likewise the next two."""
    vi_all: float | None
    crt_all: float | None


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
    """``kind``, ``type``, ``creator``, ``model``, ``perturbation``, ``annotation``, ``encoder``, ``patch_encoder``."""
    value: str
    """Empty: references without a type."""
    n: int
    """References; of an encoder: images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What failed in a run, for one reason (query ``failures_of_runs``)."""

    run_id: str
    what: str
    """``image``, ``s``, ``patches`` or a metric."""
    reason: str
    n: int


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
    """One generated image with its scores (query ``images_of``)."""

    image_id: str
    model_id: str
    settings_id: str
    perturbation: str
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
    p: Sequence[float] | None
    """Of its 16 patches, row-major; likewise the next three."""
    patch_sha256: Sequence[str | None] | None
    """The reference image where each is found again."""
    best_patch: Sequence[int | None] | None
    """Number of the patch there, row-major from 0."""
    entropy: Sequence[float] | None
    """Bits, 0 to 8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNull:
    """A comparison of an image with another reference (query ``plan_null``)."""

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
