"""``wb calibrate``: the null of each similarity, images against references that they were not asked for."""

import contextlib
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import polars as pl

from generate.encoders.viewing import OWN, Viewing
from generate.engines.engine import Engine, EngineChoice
from generate.engines.registry import device_for
from generate.metrics.similarity import Vectors, patch_maxima, similarities
from generate.progress import Progress
from generate.scoring.embedding import Embedded, Picture
from generate.scoring.encoders import Encoders, embedding
from generate.scoring.held import start_holding
from generate.scoring.like_paper import check_like_paper
from generate.scoring.measures import PATCH_MAXIMA, SIMILARITY, Measure
from generate.scoring.reference_cache import ReferenceCache
from generate.scoring.request import PACKAGED
from generate.scoring.run import PACKAGES
from workbench.analysis.frames import records_frame
from workbench.analysis.nulls import NullThreshold, null_thresholds
from workbench.errors import MetricError, SomeItemsFailed
from workbench.options import say
from workbench.records import EncoderRow, NullPatches, NullSimilarity, PlannedNull, ReferenceSet, Thresholds
from workbench.store import RunLog, Store, Write

ROWS_WRITTEN = 2000
"""Rows of a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateRequest:
    """How large a null, and by which encoders."""

    encoder: str = PACKAGED
    patch_encoder: str = PACKAGED
    images: int = 500
    """Of each kind."""
    others: int = 20
    """References that each image is compared with."""
    batch_size: int | None = None
    device: str = "auto"
    engine: EngineChoice = field(default_factory=EngineChoice)
    viewing: Viewing = OWN
    """How both look at pictures."""
    like_paper: bool = False
    """Only as the released scripts of the study could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """The null of a measure."""

    measure: Measure
    upsert: str
    """Query that writes rows."""
    table: str
    record: Callable[..., NullSimilarity | NullPatches]
    values: Callable[[Vectors, Vectors], Mapping[str, Any]]
    """(image, other reference) → the fields of a row that it measures."""


SIMILARITY_NULL = Null(
    measure=SIMILARITY,
    upsert="upsert_null_similarities",
    table="null_similarities",
    record=NullSimilarity,
    values=lambda image, other: {"s": float(similarities(image, other).values[0])},
)
PATCH_NULL = Null(
    measure=PATCH_MAXIMA,
    upsert="upsert_null_patches",
    table="null_patches",
    record=NullPatches,
    values=lambda image, other: {"p": patch_maxima(image, other).p.tolist()},
)


def calibrate(store: Store, request: CalibrateRequest) -> SomeItemsFailed | None:
    """Measure the null comparisons that are missing.

    Args:
        store: the study.
        request: how many, and by which encoders.

    Returns:
        What to raise once the thresholds are printed, where some comparisons could not be made.

    Raises:
        MetricError: If there are no two references of a kind with images.
        ModelError: If an encoder cannot be had, or the device fails.
        StoreError: If the study cannot be read or written.
    """
    device = device_for(request.engine, request.device)
    starting = start_holding(Encoders, request.engine, device, request.viewing, store.images.folder)
    with contextlib.closing(starting) as engine:
        return _calibrate(store, request, engine)


def _calibrate(store: Store, request: CalibrateRequest, engine: Engine[Encoders]) -> SomeItemsFailed | None:
    chosen = ((SIMILARITY_NULL, request.encoder), (PATCH_NULL, request.patch_encoder))
    rows = {name: engine.ask(functools.partial(Encoders.row, name=name)) for _, name in chosen}
    check_like_paper(store, request.like_paper, rows[request.encoder], rows[request.patch_encoder])
    planned = {null.table: _plan(store, null, rows[name], request) for null, name in chosen}
    if not any(planned.values()):
        _check_possible(store)
        say("nothing to compare: the null is there")
        return None
    sets = {found.qid: found for found in store.rows("reference_files", ReferenceSet)}
    total = sum(map(len, planned.values()))
    with RunLog(store, "calibrate", asdict(request), PACKAGES, engine.ask(Encoders.describe), planned=total) as run:
        job = functools.partial(_Job, store=store, run=run, engine=engine, sets=sets, batch_size=request.batch_size)
        for null, name in chosen:
            if planned[null.table]:
                job(null=null, name=name, encoder=rows[name], planned=planned[null.table]).do()
        return _conclude(run)


def _plan(store: Store, null: Null, encoder: EncoderRow, request: CalibrateRequest) -> list[PlannedNull]:
    asked = {"encoder_id": encoder.encoder_id, "images": request.images, "others": request.others}
    planned = store.rows("plan_null", PlannedNull, table_name=null.table, **asked)
    say(f"null of {null.measure.noun} by {encoder.encoder_id}: {len(planned):,} comparisons to make")
    return planned


def _check_possible(store: Store) -> None:
    if store.table("null_similarities").is_empty():
        hint = "it takes generated images and two references of a kind with reference images: wb status"
        raise MetricError("there is nothing to compare with other references yet", hint)


def _conclude(run: RunLog) -> SomeItemsFailed | None:
    left = run.planned - run.done
    run.failed = left
    if left:
        hint = "what was compared stays; put the files back and run the same command again"
        return SomeItemsFailed(f"{left:,} of {run.planned:,} comparisons could not be made", hint)
    return None


def thresholds(store: Store, false_rate: float) -> pl.DataFrame:
    """The thresholds that a share of the null reaches by chance, for every encoder that has one."""
    base = Thresholds()
    study = {"tau_static": base.tau_static, "tau_dynamic": base.tau_dynamic, "tau_reuse": base.tau_reuse}
    found = null_thresholds(store.frame("null_pairs"), study, false_rate)
    return records_frame(found, NullThreshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One null under one encoder."""

    store: Store
    run: RunLog
    engine: Engine[Encoders]
    null: Null
    name: str
    """Of the encoder, as it is asked for."""
    encoder: EncoderRow
    planned: Sequence[PlannedNull]
    sets: Mapping[str, ReferenceSet]
    batch_size: int | None

    def do(self) -> None:
        """Write the comparisons, some thousand a transaction."""
        self.store.write(Write(query="insert_encoders", table="encoders", records=[self.encoder]))
        with Progress(f"comparisons ({self.null.measure.noun})", len(self.planned)) as progress:
            rows = self._rows(self._references(progress), progress)
            while part := list(itertools.islice(rows, ROWS_WRITTEN)):
                write = Write(query=self.null.upsert, table=self.null.table, records=part)
                self.store.write(write, self.run.step(done=len(part)))
                progress.advance(len(part))

    def _embed(self, pictures: Iterable[Picture[str]], progress: Progress) -> Iterator[Embedded[str]]:
        work = embedding(self.name, self.null.measure.cutting, self.batch_size, _alone)
        return (one for make in self.engine.do(work, pictures, progress.note) for one in make())

    def _references(self, progress: Progress) -> dict[str, Vectors]:
        """Embed each reference once: QID → [R · V, D]; one with an unusable reference image is left out and named."""
        sets = [self.sets[qid] for qid in sorted({pair.qid for pair in self.planned})]
        files = {sha256: path for one in sets for sha256, path in zip(one.sha256s, one.paths, strict=True)}
        cache = ReferenceCache(self.store, self.encoder, self.null.measure)
        vectors = cache.known(files)
        missing = [Picture(key=k, path=self.store.images.path(p)) for k, p in files.items() if k not in vectors]
        for embedded in self._embed(missing, progress):
            if embedded.vectors is None:
                owners = ", ".join(one.qid for one in sets if embedded.key in one.sha256s)
                progress.complain(f"a reference image of {owners}", str(embedded.error))
            else:
                vectors[embedded.key] = embedded.vectors
                cache.keep(embedded.key, embedded.vectors)
        cache.flush()
        usable = [one for one in sets if all(sha256 in vectors for sha256 in one.sha256s)]
        return {one.qid: np.concatenate([vectors[sha256] for sha256 in one.sha256s]) for one in usable}

    def _rows(self, others: Mapping[str, Vectors], progress: Progress) -> Iterator[NullSimilarity | NullPatches]:
        """Compare each image with the other references that it is planned against."""
        asked = {image: list(pairs) for image, pairs in itertools.groupby(self.planned, key=lambda pair: pair.image_id)}
        pictures = [Picture(key=image, path=self.store.images.path(pairs[0].path)) for image, pairs in asked.items()]
        for embedded in self._embed(pictures, progress):
            if embedded.vectors is None:
                progress.complain(f"image {embedded.key}", str(embedded.error))
                continue
            for pair in asked[embedded.key]:
                if pair.qid in others:
                    yield self.null.record(
                        image_id=pair.image_id,
                        encoder_id=self.encoder.encoder_id,
                        qid=pair.qid,
                        reference_set=self.sets[pair.qid].reference_set,
                        run_id=self.run.run_id,
                        **self.null.values(embedded.vectors, others[pair.qid]),
                    )


def _alone(picture: Picture[str]) -> str:
    """No picture has to come with another."""
    return picture.key
