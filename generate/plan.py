"""What is missing: the images that are asked for and not there yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from generate.models.settings import Wishes
from workbench.errors import ConfigError, ModelError
from workbench.records import PlannedImage, PromptCensus, Reference, Settings
from workbench.registry import unknown_name
from workbench.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """What ``wb generate`` is asked for."""

    model: str
    """Key of the table, local folder, or hub id."""
    images_per_prompt: int = 4
    first_seed: int = 0
    """The k-th image of every prompt has seed ``first_seed`` + k, so that conditions and models pair."""
    perturbations: Sequence[str] = ()
    """Empty: all."""
    kind: str | None = None
    qids: Sequence[str] = ()
    """Empty: all."""
    limit: int | None = None
    """References, the best known first."""
    with_reference_image: bool = False
    """Only references that can be scored."""
    retry_failed: bool = False
    """Also what failed, was blocked or came out black."""
    wishes: Wishes = field(default_factory=Wishes)
    safety_checker: bool = True
    batch_size: int = 4
    device: str = "auto"
    dtype: str = "auto"


def check_request(store: Store, request: GenerateRequest) -> None:
    """Refuse a request that no prompt can answer, and say why.

    Raises:
        ModelError: If the study has no prompts, or none that the filters leave.
        ConfigError: If it names a perturbation or a reference that is not there.
    """
    census = store.rows("prompt_census", PromptCensus)
    if not census:
        raise ModelError("the study has no prompts yet", "wb ingest --from references.csv makes them")
    known = {row.perturbation for row in census}
    for name in request.perturbations:
        if name not in known:
            raise unknown_name("perturbation", name, known)
    if request.qids:
        _check_qids(store, request.qids)
    left = [row for row in census if _counts(row, request)]
    if not left:
        hint = "wb ingest --images adds reference images" if request.with_reference_image else "wb status counts them"
        raise ModelError("no prompt is left by --kind, --perturbation and --with-reference-image", hint)


def _counts(row: PromptCensus, request: GenerateRequest) -> bool:
    return (
        (not request.perturbations or row.perturbation in request.perturbations)
        and request.kind in (None, row.kind)
        and (row.n_scorable_refs > 0 or not request.with_reference_image)
    )


def _check_qids(store: Store, qids: Sequence[str]) -> None:
    known = {reference.qid for reference in store.rows("all_refs", Reference)}
    unknown = [qid for qid in qids if qid not in known]
    if unknown:
        raise ConfigError(f"no reference {', '.join(unknown)} in this study", 'wb sql "SELECT qid, label FROM refs"')


def plan_images(store: Store, request: GenerateRequest, settings: Settings) -> list[PlannedImage]:
    """Ask the study what is missing under these settings."""
    return store.rows(
        "plan_images",
        PlannedImage,
        model_id=settings.model_id,
        settings_id=settings.settings_id,
        images_per_prompt=request.images_per_prompt,
        first_seed=request.first_seed,
        perturbations=list(request.perturbations) or None,
        kind=request.kind,
        qids=list(request.qids) or None,
        limit_refs=request.limit,
        with_reference_image=request.with_reference_image,
        retry=request.retry_failed,
    )


def summarise(planned: Sequence[PlannedImage]) -> pl.DataFrame:
    """Count planned images per perturbation: columns perturbation, references, prompts, images."""
    rows = [(image.perturbation, image.qid, image.prompt_id) for image in planned]
    frame = pl.DataFrame(rows, schema=["perturbation", "qid", "prompt_id"], orient="row")
    return (
        frame.group_by("perturbation")
        .agg(references=pl.col("qid").n_unique(), prompts=pl.col("prompt_id").n_unique(), images=pl.len())
        .sort("perturbation")
    )
