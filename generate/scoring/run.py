"""``wb score``: plan what is missing, embed each reference image once, write raw numbers."""

import contextlib
import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from generate.devices import gpu_memory
from generate.encoders.encoder import PACKAGED
from generate.engines.engine import Engine
from generate.engines.registry import device_for
from generate.metrics.similarity import Vectors
from generate.progress import Progress
from generate.scoring.embedding import Embedded, Picture
from generate.scoring.encoders import Encoders, embedding
from generate.scoring.held import start_holding
from generate.scoring.like_paper import check_like_paper
from generate.scoring.measures import PATCH_MAXIMA, SIMILARITY, Compared, Measure, ScoreRow
from generate.scoring.reference_cache import ReferenceCache
from generate.scoring.request import ScoreRequest, check_request
from generate.writer import FLUSH_SECONDS, RowWriter
from workbench.errors import SomeItemsFailed
from workbench.options import say
from workbench.records import EncoderRow, PlannedScore, ReferenceSet
from workbench.store import RunLog, Store, Write, utc_now

PACKAGES = ("torch", "torchvision", "timm", "transformers", "open_clip_torch", "pillow", "numpy")
ROWS_WAITING = 500
"""Rows that may wait for their transaction before the encoder has to."""
REFERENCES_TOGETHER = 32
"""Whose embeddings are looked up at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One measure with its encoder, and the images that lack it."""

    measure: Measure
    name: str
    """Of the encoder, as it is asked for."""
    encoder: EncoderRow
    device: str
    """That the engine's workers compute on."""
    planned: Sequence[PlannedScore]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """Which picture of a pass: a reference image (its sha256), or a generated image."""

    reference_set: ReferenceSet
    sha256: str | None = None
    planned: PlannedScore | None = None
    known: Mapping[str, Vectors] = field(default_factory=dict)
    """Of a generated image: the reference images that were embedded before, by sha256."""


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
    device = device_for(request.engine, request.device)
    starting = start_holding(Encoders, request.engine, device, request.viewing, store.images.folder)
    with contextlib.closing(starting) as engine:
        _score(store, request, engine, device, flush_seconds)


def _score(store: Store, request: ScoreRequest, engine: Engine[Encoders], device: str, flush_seconds: float) -> None:
    passes = _plan(store, request, engine, device)
    if not any(each.planned for each in passes):
        _say_nothing_to_do(store, request, passes)
        return
    planned = sum(len(each.planned) for each in passes)
    with RunLog(store, "score", asdict(request), PACKAGES, engine.ask(Encoders.describe), planned=planned) as run:
        counts: Counter[str] = Counter()
        for each in passes:
            if each.planned:
                counts += _run(store, run, each, engine, request.batch_size, flush_seconds)
        say(f"scored; {counts['failed']:,} failed" if counts["failed"] else "scored")
        if counts["failed"]:
            hint = "--retry-failed tries them again"
            raise SomeItemsFailed(f"{counts['failed']:,} of {counts.total():,} scores failed", hint)


def _plan(store: Store, request: ScoreRequest, engine: Engine[Encoders], device: str) -> list[Pass]:
    chosen = ((SIMILARITY, request.encoder), (PATCH_MAXIMA, request.patch_encoder))
    encoders = {name: engine.ask(functools.partial(Encoders.row, name=name)) for _, name in chosen}
    check_like_paper(store, request.like_paper, encoders[request.encoder], encoders[request.patch_encoder])
    passes = []
    for measure, name in chosen:
        encoder = encoders[name]
        planned = _missing(store, measure, encoder, request)
        say(f"{measure.noun} by {encoder.encoder_id} on {device}: {len(planned):,} images to score")
        passes.append(Pass(measure=measure, name=name, encoder=encoder, device=device, planned=planned))
    if any(each.encoder.preference == PACKAGED for each in passes):
        say("note: the study's thresholds were chosen for CLIP ViT-B/16 and DINOv3; --preset study scores by these")
    return passes


def _missing(store: Store, measure: Measure, encoder: EncoderRow, request: ScoreRequest) -> list[PlannedScore]:
    asked = {"encoder_id": encoder.encoder_id, "model_id": request.model, "retry": request.retry_failed}
    return store.rows(measure.plan, PlannedScore, **asked)


def _say_nothing_to_do(store: Store, request: ScoreRequest, passes: Sequence[Pass]) -> None:
    say("nothing to score: every image that can be scored has its scores")
    retrying = replace(request, retry_failed=True)
    failed = sum(len(_missing(store, each.measure, each.encoder, retrying)) for each in passes)
    if failed:
        say(f"scores that failed before: {failed:,}")
        say("hint: --retry-failed tries them again")


def _run(
    store: Store, run: RunLog, each: Pass, engine: Engine[Encoders], batch_size: int | None, flush_seconds: float
) -> Counter[str]:
    store.write(Write(query="insert_encoders", table="encoders", records=[each.encoder]))
    sets = {found.qid: found for found in store.rows("reference_files", ReferenceSet)}
    measure = each.measure
    cache = ReferenceCache(store, each.encoder, measure)
    gauge = functools.partial(gpu_memory, each.device)
    progress = Progress(f"images ({measure.noun})", len(each.planned), gauge=gauge)
    writer = RowWriter(
        store, run, query=measure.upsert, table=measure.table, waiting=ROWS_WAITING, flush_seconds=flush_seconds
    )
    pictures = _pictures(each.planned, sets, store, cache)
    with progress, writer:
        work = embedding(each.name, measure.cutting, batch_size, _reference)
        embedded = (one for make in engine.do(work, pictures, progress.note) for one in make())
        for row in _rows(_kept(embedded, cache), each, run, progress):
            writer.put(functools.partial(list, (row,)))
            progress.advance()
    cache.flush()
    return writer.counts


def _pictures(
    planned: Sequence[PlannedScore], sets: Mapping[str, ReferenceSet], store: Store, cache: ReferenceCache
) -> Iterator[Picture[_Key]]:
    """For each reference those of its images that are not embedded yet, then its generated images."""
    groups = itertools.groupby(planned, key=lambda image: image.qid)
    # A reference that is not among the sets any more lost its images while the encoder was loading.
    lots = ((sets[qid], list(images)) for qid, images in groups if qid in sets)
    while part := list(itertools.islice(lots, REFERENCES_TOGETHER)):
        known = cache.known(sha256 for found, _ in part for sha256 in found.sha256s)
        for found, images in part:
            here = {sha256: known[sha256] for sha256 in found.sha256s if sha256 in known}
            for sha256, path in zip(found.sha256s, found.paths, strict=True):
                if sha256 not in here:
                    yield Picture(key=_Key(reference_set=found, sha256=sha256), path=store.images.path(path))
            for image in images:
                yield Picture(
                    key=_Key(reference_set=found, planned=image, known=here), path=store.images.path(image.path)
                )


def _reference(picture: Picture[_Key]) -> str:
    return picture.key.reference_set.qid


def _kept(stream: Iterable[Embedded[_Key]], cache: ReferenceCache) -> Iterator[Embedded[_Key]]:
    """The stream as it is; reference images on it are kept for the next time."""
    for embedded in stream:
        if embedded.key.sha256 is not None and embedded.vectors is not None:
            cache.keep(embedded.key.sha256, embedded.vectors)
        yield embedded


def _rows(stream: Iterable[Embedded[_Key]], each: Pass, run: RunLog, progress: Progress) -> Iterator[ScoreRow]:
    """Compare each generated image with the reference images that are known, or came just before it."""
    for found, group in itertools.groupby(stream, key=lambda embedded: embedded.key.reference_set):
        references: dict[str, Embedded[_Key]] = {}
        for embedded in group:
            key = embedded.key
            if key.sha256 is not None:
                references[key.sha256] = embedded
            if key.planned is None:
                continue
            fields = _measured(each.measure, embedded, references, found)
            if fields["status"] == "failed":
                progress.complain(f"{found.qid} image {key.planned.image_id}", fields["error"])
            yield each.measure.record(
                image_id=key.planned.image_id,
                encoder_id=each.encoder.encoder_id,
                reference_set=found.reference_set,
                created_utc=utc_now(),
                run_id=run.run_id,
                **fields,
            )


def _measured(
    measure: Measure, embedded: Embedded[_Key], references: Mapping[str, Embedded[_Key]], found: ReferenceSet
) -> dict[str, Any]:
    if embedded.vectors is None:
        return {"status": "failed", "error": embedded.error}
    if error := next((reference.error for reference in references.values() if reference.error), None):
        return {"status": "failed", "error": f"a reference image cannot be used: {error}"}
    new = {sha256: reference.vectors for sha256, reference in references.items() if reference.vectors is not None}
    vectors = {**embedded.key.known, **new}
    compared = Compared(
        generated=embedded.vectors,
        entropies=embedded.entropies,
        references=[vectors[sha256] for sha256 in found.sha256s],
        sha256s=found.sha256s,
    )
    return {"status": "ok", **measure.values(compared)}
