"""Measuring images beside s and p, as an engine does it: metrics on one device, and what each image is held against."""

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generate.engines.engine import Work, alone
from generate.metrics.metric import PROMPT, REFERENCES, SIBLINGS, Metric
from generate.metrics.registry import load_metric
from generate.scoring.embedding import Picture
from generate.scoring.encoding import BATCH, Encoded, compare, encode_pictures
from generate.scoring.held import BATCHES_TOGETHER, Held
from workbench.records import MetricRow, PlannedMetric


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Which picture: a reference image (its sha256), or a generated image."""

    group: str
    """What is compared with each other has the same."""
    planned: PlannedMetric | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A generated image, measured."""

    planned: PlannedMetric
    fields: Mapping[str, Any]
    """Of its row: status, value and best_sha256, or error."""


class Metrics(Held[Metric]):
    """Metrics on one device."""

    __slots__ = ()

    def load_anew(self, name: str) -> Metric:
        """Errors as ``load_metric``."""
        return load_metric(name, self.device, self.viewing)

    def row(self, name: str) -> MetricRow:
        """What a metric is, as if first used now."""
        return self.load(name).row()

    def measure(
        self, pictures: Iterable[Picture[Key]], note: Callable[[str], None], *, name: str, batch_size: int | None
    ) -> Iterator[Measured]:
        """Measure generated images, in order; each group's reference images come before them."""
        metric = self.load(name)
        encoded = encode_pictures(metric, pictures, batch_size)
        for _, group in itertools.groupby(encoded, key=lambda one: one.key.group):
            for pair in _pairs(metric, group):
                yield Measured(planned=pair.planned, fields=_measured(metric, pair))


def measuring(name: str, batch_size: int | None) -> Work[Metrics, Picture[Key], Measured, Sequence[Measured]]:
    """The work of measuring images by a metric."""
    return Work(
        compute=functools.partial(Metrics.measure, name=name, batch_size=batch_size),
        finish=alone,
        lost=_lost,
        group=_group,
        enough=BATCHES_TOGETHER * (batch_size or BATCH),
    )


def _group(picture: Picture[Key]) -> str:
    return picture.key.group


def _lost(pictures: Sequence[Picture[Key]], why: str) -> list[Measured]:
    planned = [picture.key.planned for picture in pictures]
    return [Measured(planned=one, fields={"status": "failed", "error": why}) for one in planned if one is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A generated image, and what it is compared with."""

    planned: PlannedMetric
    image: Encoded[Key]
    others: Sequence[Encoded[Key]]


def _pairs(metric: Metric, group: Iterable[Encoded[Key]]) -> Iterator[_Pair]:
    """Each generated image of a group with what it is compared with."""
    if metric.compared_with == SIBLINGS:
        group = list(group)
        siblings = [one for one in group if one.error is None]
    references: list[Encoded[Key]] = []
    for one in group:
        planned = one.key.planned
        if planned is None:
            references.append(one)
        elif metric.compared_with == REFERENCES:
            yield _Pair(planned=planned, image=one, others=references)
        elif metric.compared_with == PROMPT:
            yield _Pair(planned=planned, image=one, others=[Encoded(key=one.key, value=planned.text)])
        else:
            yield _Pair(planned=planned, image=one, others=[other for other in siblings if other is not one])


def _measured(metric: Metric, pair: _Pair) -> dict[str, Any]:
    if pair.image.error:
        return {"status": "failed", "error": pair.image.error}
    if bad := next((other.error for other in pair.others if other.error), None):
        return {"status": "failed", "error": f"a reference image cannot be used: {bad}"}
    found = compare(metric, pair.image.value, [other.value for other in pair.others])
    if found.score is None:
        return {"status": "failed", "error": found.error}
    best = None if found.score.best is None else pair.others[found.score.best].key.sha256
    return {"status": "ok", "value": found.score.value, "best_sha256": best}
