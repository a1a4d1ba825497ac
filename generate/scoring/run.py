"""``wb score``: plan what is missing, embed each reference image once, write raw numbers."""

import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from generate.devices import describe_device
from generate.encoders import load_encoder
from generate.encoders.encoder import PACKAGED, Encoder
from generate.progress import Progress
from generate.scoring.embedding import Embedded, Picture, embed_pictures
from generate.scoring.like_paper import check_like_paper
from generate.scoring.measures import PATCH_MAXIMA, SIMILARITY, Compared, Measure, ScoreRow
from generate.scoring.request import ScoreRequest, check_request
from generate.writer import FLUSH_SECONDS, RowWriter
from workbench.errors import SomeItemsFailed
from workbench.options import say
from workbench.records import PlannedScore, ReferenceSet
from workbench.store import RunLog, Store, Write, utc_now

PACKAGES = ("torch", "torchvision", "timm", "transformers", "open_clip_torch", "pillow", "numpy")
ROWS_WAITING = 500
"""Rows that may wait for their transaction before the encoder has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One measure with its encoder, and the images that lack it."""

    measure: Measure
    encoder: Encoder
    planned: Sequence[PlannedScore]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """Which picture of a pass: a reference image, or (where planned is set) a generated image."""

    reference_set: ReferenceSet
    planned: PlannedScore | None = None


def score(store: Store, request: ScoreRequest, *, flush_seconds: float = FLUSH_SECONDS) -> None:
    """Score the generated images that lack a current score.

    Args:
        store: the study.
        request: what is to be scored, and by what.
        flush_seconds: between two transactions.

    Raises:
        SomeItemsFailed: If images could not be scored: they are rows with a reason.
        MetricError: If there are no generated images.
        ModelError: If an encoder cannot be had, or the device fails.
        StoreError: If the study cannot be read or written.
    """
    check_request(store, request.model)
    passes = _plan(store, request)
    if not any(each.planned for each in passes):
        _say_nothing_to_do(store, request, passes)
        return
    with RunLog(store, "score", asdict(request), PACKAGES, describe_device(passes[0].encoder.device)) as run:
        run.planned = sum(len(each.planned) for each in passes)
        counts: Counter[str] = Counter()
        for each in passes:
            if each.planned:
                counts += _run(store, run, each, request.batch_size, flush_seconds)
        say(f"scored; {counts['failed']:,} failed" if counts["failed"] else "scored; next: wb tui")
        if counts["failed"]:
            hint = "--retry-failed tries them again"
            raise SomeItemsFailed(f"{counts['failed']:,} of {counts.total():,} scores failed", hint)


def _plan(store: Store, request: ScoreRequest) -> list[Pass]:
    load = functools.cache(lambda name: load_encoder(name, request.device, request.viewing))
    check_like_paper(store, request.like_paper, load(request.encoder), load(request.patch_encoder))
    passes = []
    for measure, name in ((SIMILARITY, request.encoder), (PATCH_MAXIMA, request.patch_encoder)):
        encoder = load(name)
        planned = _missing(store, measure, encoder, request)
        say(f"{measure.noun} by {encoder.encoder_id} on {encoder.device}: {len(planned):,} images to score")
        passes.append(Pass(measure=measure, encoder=encoder, planned=planned))
    if any(each.encoder.preference == PACKAGED for each in passes):
        say("note: the study's thresholds were chosen for CLIP ViT-B/16 and DINOv3; --preset study scores by these")
    return passes


def _missing(store: Store, measure: Measure, encoder: Encoder, request: ScoreRequest) -> list[PlannedScore]:
    asked = {"encoder_id": encoder.encoder_id, "model_id": request.model, "retry": request.retry_failed}
    return store.rows(measure.plan, PlannedScore, **asked)


def _say_nothing_to_do(store: Store, request: ScoreRequest, passes: Sequence[Pass]) -> None:
    say("nothing to score: every image that can be scored has its scores")
    retrying = replace(request, retry_failed=True)
    failed = sum(len(_missing(store, each.measure, each.encoder, retrying)) for each in passes)
    if failed:
        say(f"scores that failed before: {failed:,}")
        say("hint: --retry-failed tries them again")


def _run(store: Store, run: RunLog, each: Pass, batch_size: int | None, flush_seconds: float) -> Counter[str]:
    store.write(Write(query="insert_encoders", table="encoders", records=[each.encoder.row()]))
    sets = {found.qid: found for found in store.rows("reference_files", ReferenceSet)}
    measure = each.measure
    progress = Progress(f"images ({measure.noun})", len(each.planned))
    writer = RowWriter(
        store, run, query=measure.upsert, table=measure.table, waiting=ROWS_WAITING, flush_seconds=flush_seconds
    )
    pictures = _pictures(each.planned, sets, store)
    with progress, writer:
        embedded = embed_pictures(each.encoder, pictures, measure.cutting, batch_size)
        for row in _rows(embedded, measure, each.encoder, run, progress):
            writer.put(functools.partial(list, (row,)))
            progress.advance()
    return writer.counts


def _pictures(
    planned: Sequence[PlannedScore], sets: Mapping[str, ReferenceSet], store: Store
) -> Iterator[Picture[_Key]]:
    """For each reference its reference images, then its generated images."""
    for qid, group in itertools.groupby(planned, key=lambda image: image.qid):
        found = sets.get(qid)
        if found is None:  # its reference images went while the encoder was loading
            continue
        for path in found.paths:
            yield Picture(key=_Key(reference_set=found), path=store.images.path(path))
        for image in group:
            yield Picture(key=_Key(reference_set=found, planned=image), path=store.images.path(image.path))


def _rows(
    stream: Iterable[Embedded[_Key]], measure: Measure, encoder: Encoder, run: RunLog, progress: Progress
) -> Iterator[ScoreRow]:
    """Compare each generated image with the reference images that came just before it."""
    for found, group in itertools.groupby(stream, key=lambda embedded: embedded.key.reference_set):
        references: list[Embedded[_Key]] = []
        for embedded in group:
            if embedded.key.planned is None:
                references.append(embedded)
                continue
            fields = _measured(measure, embedded, references, found)
            if fields["status"] == "failed":
                progress.complain(f"{found.qid} image {embedded.key.planned.image_id}", fields["error"])
            yield measure.record(
                image_id=embedded.key.planned.image_id,
                encoder_id=encoder.encoder_id,
                reference_set=found.reference_set,
                created_utc=utc_now(),
                run_id=run.run_id,
                **fields,
            )


def _measured(
    measure: Measure, embedded: Embedded[_Key], references: Sequence[Embedded[_Key]], found: ReferenceSet
) -> dict[str, Any]:
    vectors = [reference.vectors for reference in references if reference.vectors is not None]
    if embedded.vectors is None:
        return {"status": "failed", "error": embedded.error}
    if len(vectors) < len(references):
        error = next(reference.error for reference in references if reference.error)
        return {"status": "failed", "error": f"a reference image cannot be used: {error}"}
    compared = Compared(
        generated=embedded.vectors, entropies=embedded.entropies, references=vectors, sha256s=found.sha256s
    )
    return {"status": "ok", **measure.values(compared)}
