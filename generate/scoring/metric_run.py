"""``wb score --metric``: measures beside s and p, each image once, raw."""

import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from generate.devices import describe_device, pick_device
from generate.encoders.viewing import OWN, Viewing
from generate.metrics.metric import PROMPT, REFERENCES, SIBLINGS, Metric
from generate.metrics.registry import load_metric
from generate.progress import Progress
from generate.scoring.embedding import Picture
from generate.scoring.encoding import Encoded, compare, encode_pictures
from generate.scoring.request import check_request
from generate.writer import RowWriter
from workbench.errors import SomeItemsFailed
from workbench.options import say
from workbench.records import MetricScore, PlannedMetric, ReferenceSet
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
    model: str | None = None
    """Only images of this model; None: all."""
    viewing: Viewing = OWN
    retry_failed: bool = False
    """Also what could not be scored before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """Which picture: a reference image (its sha256), or a generated image."""

    group: str
    planned: PlannedMetric | None = None
    sha256: str | None = None


def score_metrics(store: Store, request: MetricRequest) -> None:
    """Score the generated images that lack a current score of these metrics.

    Raises:
        SomeItemsFailed: If images could not be scored: they are rows with a reason.
        MetricError: If there are no generated images.
        ModelError: If weights cannot be had, or the device fails.
        StoreError: If the study cannot be read or written.
    """
    check_request(store, request.model)
    device = pick_device(request.device)
    metrics = [load_metric(name, device, request.viewing) for name in request.metrics]
    planned = [_missing(store, metric, request) for metric in metrics]
    for metric, images in zip(metrics, planned, strict=True):
        say(f"{metric.metric_id}: {len(images):,} images to score")
    if not any(planned):
        _say_nothing_to_do(store, metrics, request)
        return
    with RunLog(store, "score", asdict(request), PACKAGES, describe_device(device)) as run:
        run.planned = sum(map(len, planned))
        counts: Counter[str] = Counter()
        for metric, images in zip(metrics, planned, strict=True):
            if images:
                counts += _Job(store=store, run=run, metric=metric, batch_size=request.batch_size).do(images)
        if counts["failed"]:
            hint = "--retry-failed tries them again"
            raise SomeItemsFailed(f"{counts['failed']:,} of {counts.total():,} scores failed", hint)
    say("scored; next: wb benchmark, or wb sql 'FROM metric_scores'")


def _missing(store: Store, metric: Metric, request: MetricRequest) -> list[PlannedMetric]:
    asked = {"model_id": request.model, "retry": request.retry_failed, "compared_with": metric.compared_with}
    return store.rows("plan_metric", PlannedMetric, metric_id=metric.metric_id, **asked)


def _say_nothing_to_do(store: Store, metrics: Sequence[Metric], request: MetricRequest) -> None:
    say("nothing to score: every image that can be scored has its scores")
    retrying = replace(request, retry_failed=True)
    if failed := sum(len(_missing(store, metric, retrying)) for metric in metrics):
        say(f"scores that failed before: {failed:,}")
        say("hint: --retry-failed tries them again")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A generated image, and what it is compared with."""

    planned: PlannedMetric
    image: Encoded[_Key]
    others: Sequence[Encoded[_Key]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One metric over the images that lack it."""

    store: Store
    run: RunLog
    metric: Metric
    batch_size: int | None

    def do(self, planned: Sequence[PlannedMetric]) -> Counter[str]:
        """Write a row for each image; how many of each status."""
        self.store.write(Write(query="insert_metrics", table="metrics", records=[self.metric.row()]))
        sets = {found.qid: found for found in self.store.rows("reference_files", ReferenceSet)}
        progress = Progress(f"images ({self.metric.name})", len(planned))
        writer = RowWriter(
            self.store, self.run, query="upsert_metric_scores", table="metric_scores", waiting=ROWS_WAITING
        )
        with progress, writer:
            encoded = encode_pictures(self.metric, self._pictures(planned, sets), self.batch_size)
            for row in self._rows(encoded, progress):
                writer.put(functools.partial(list, (row,)))
                progress.advance()
        return writer.counts

    def _pictures(self, planned: Sequence[PlannedMetric], sets: Mapping[str, ReferenceSet]) -> Iterator[Picture[_Key]]:
        """For each group its reference images, where they are compared with, then its generated images."""
        path = self.store.images.path
        for group, images in itertools.groupby(planned, key=lambda image: image.group):
            if self.metric.compared_with == REFERENCES:
                found = sets.get(group)
                if found is None:  # its reference images went while the metric was loading
                    continue
                for sha256, file in zip(found.sha256s, found.paths, strict=True):
                    yield Picture(key=_Key(group=group, sha256=sha256), path=path(file))
            for image in images:
                yield Picture(key=_Key(group=group, planned=image), path=path(image.path))

    def _rows(self, stream: Iterable[Encoded[_Key]], progress: Progress) -> Iterator[MetricScore]:
        for _, group in itertools.groupby(stream, key=lambda one: one.key.group):
            for pair in self._pairs(group):
                fields = self._measured(pair)
                if fields["status"] == "failed":
                    progress.complain(f"image {pair.planned.image_id}", fields["error"])
                yield MetricScore(
                    image_id=pair.planned.image_id,
                    metric_id=self.metric.metric_id,
                    compared=pair.planned.compared,
                    created_utc=utc_now(),
                    run_id=self.run.run_id,
                    **fields,
                )

    def _pairs(self, group: Iterable[Encoded[_Key]]) -> Iterator[_Pair]:
        """Each generated image of a group with what it is compared with."""
        if self.metric.compared_with == SIBLINGS:
            group = list(group)
            siblings = [one for one in group if one.error is None]
        references: list[Encoded[_Key]] = []
        for one in group:
            planned = one.key.planned
            if planned is None:
                references.append(one)
            elif self.metric.compared_with == REFERENCES:
                yield _Pair(planned=planned, image=one, others=references)
            elif self.metric.compared_with == PROMPT:
                yield _Pair(planned=planned, image=one, others=[Encoded(key=one.key, value=planned.text)])
            else:
                yield _Pair(planned=planned, image=one, others=[other for other in siblings if other is not one])

    def _measured(self, pair: _Pair) -> dict[str, Any]:
        if pair.image.error:
            return {"status": "failed", "error": pair.image.error}
        if bad := next((other.error for other in pair.others if other.error), None):
            return {"status": "failed", "error": f"a reference image cannot be used: {bad}"}
        found = compare(self.metric, pair.image.value, [other.value for other in pair.others])
        if found.score is None:
            return {"status": "failed", "error": found.error}
        best = None if found.score.best is None else pair.others[found.score.best].key.sha256
        return {"status": "ok", "value": found.score.value, "best_sha256": best}
