"""``wb score --metric``: measures beside s and p, each image once, raw."""

import contextlib
import functools
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from generate.encoders.viewing import OWN, Viewing
from generate.engines.engine import Engine, EngineChoice
from generate.engines.registry import device_for
from generate.metrics.metric import REFERENCES
from generate.progress import Progress
from generate.scoring.embedding import Picture
from generate.scoring.held import start_holding
from generate.scoring.measuring import Key, Measured, Metrics, measuring
from generate.scoring.request import check_request
from generate.writer import RowWriter
from workbench.errors import SomeItemsFailed
from workbench.options import say
from workbench.records import MetricRow, MetricScore, PlannedMetric, ReferenceSet
from workbench.store import RunLog, Store, Write, utc_now

PACKAGES = ("torch", "torchvision", "pytorch-msssim", "lpips", "ImageHash", "timm", "transformers", "open_clip_torch")
ROWS_WAITING = 500
"""Rows that may wait for their transaction before the metric has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRequest:
    """Which metrics, over which images."""

    metrics: Sequence[str]
    """Names, as ``load_metric`` takes them."""
    batch_size: int | None = None
    device: str = "auto"
    engine: EngineChoice = field(default_factory=EngineChoice)
    model: str | None = None
    """Only images of this model; None: all."""
    viewing: Viewing = OWN
    retry_failed: bool = False
    """Also what could not be scored before."""


def score_metrics(store: Store, request: MetricRequest) -> None:
    """Score the generated images that lack a current score of these metrics.

    Raises:
        SomeItemsFailed: If images could not be scored: they are rows with a reason.
        MetricError: If there are no generated images.
        ModelError: If weights cannot be had, or the device fails.
        StoreError: If the study cannot be read or written.
    """
    check_request(store, request.model)
    device = device_for(request.engine, request.device)
    starting = start_holding(Metrics, request.engine, device, request.viewing, store.images.folder)
    with contextlib.closing(starting) as engine:
        _score(store, request, engine)


def _score(store: Store, request: MetricRequest, engine: Engine[Metrics]) -> None:
    metrics = [engine.ask(functools.partial(Metrics.row, name=name)) for name in request.metrics]
    planned = [_missing(store, metric, request) for metric in metrics]
    for metric, images in zip(metrics, planned, strict=True):
        say(f"{metric.metric_id}: {len(images):,} images to score")
    if not any(planned):
        _say_nothing_to_do(store, metrics, request)
        return
    total = sum(map(len, planned))
    with RunLog(store, "score", asdict(request), PACKAGES, engine.ask(Metrics.describe), planned=total) as run:
        counts: Counter[str] = Counter()
        job = functools.partial(_Job, store=store, run=run, engine=engine, batch_size=request.batch_size)
        for name, metric, images in zip(request.metrics, metrics, planned, strict=True):
            if images:
                counts += job(name=name, metric=metric).do(images)
        if counts["failed"]:
            hint = "--retry-failed tries them again"
            raise SomeItemsFailed(f"{counts['failed']:,} of {counts.total():,} scores failed", hint)
    say("scored")


def _missing(store: Store, metric: MetricRow, request: MetricRequest) -> list[PlannedMetric]:
    asked = {"model_id": request.model, "retry": request.retry_failed, "compared_with": metric.compared_with}
    return store.rows("plan_metric", PlannedMetric, metric_id=metric.metric_id, **asked)


def _say_nothing_to_do(store: Store, metrics: Sequence[MetricRow], request: MetricRequest) -> None:
    say("nothing to score: every image that can be scored has its scores")
    retrying = replace(request, retry_failed=True)
    if failed := sum(len(_missing(store, metric, retrying)) for metric in metrics):
        say(f"scores that failed before: {failed:,}")
        say("hint: --retry-failed tries them again")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One metric over the images that lack it."""

    store: Store
    run: RunLog
    engine: Engine[Metrics]
    name: str
    """As it is asked for."""
    metric: MetricRow
    batch_size: int | None

    def do(self, planned: Sequence[PlannedMetric]) -> Counter[str]:
        """Write a row for each image; how many of each status."""
        self.store.write(Write(query="insert_metrics", table="metrics", records=[self.metric]))
        sets = {found.qid: found for found in self.store.rows("reference_files", ReferenceSet)}
        progress = Progress(f"images ({self.metric.name})", len(planned))
        writer = RowWriter(
            self.store, self.run, query="upsert_metric_scores", table="metric_scores", waiting=ROWS_WAITING
        )
        work = measuring(self.name, self.batch_size)
        with progress, writer:
            for make in self.engine.do(work, self._pictures(planned, sets), progress.note):
                for measured in make():
                    writer.put(functools.partial(list, (self._row(measured, progress),)))
                    progress.advance()
        return writer.counts

    def _pictures(self, planned: Sequence[PlannedMetric], sets: Mapping[str, ReferenceSet]) -> Iterator[Picture[Key]]:
        """For each group its reference images, where they are compared with, then its generated images."""
        path = self.store.images.path
        for group, images in itertools.groupby(planned, key=lambda image: image.group):
            if self.metric.compared_with == REFERENCES:
                found = sets.get(group)
                if found is None:  # its reference images went while the metric was loading
                    continue
                for sha256, file in zip(found.sha256s, found.paths, strict=True):
                    yield Picture(key=Key(group=group, sha256=sha256), path=path(file))
            for image in images:
                yield Picture(key=Key(group=group, planned=image), path=path(image.path))

    def _row(self, measured: Measured, progress: Progress) -> MetricScore:
        if measured.fields["status"] == "failed":
            progress.complain(f"image {measured.planned.image_id}", measured.fields["error"])
        return MetricScore(
            image_id=measured.planned.image_id,
            metric_id=self.metric.metric_id,
            compared=measured.planned.compared,
            created_utc=utc_now(),
            run_id=self.run.run_id,
            **measured.fields,
        )
