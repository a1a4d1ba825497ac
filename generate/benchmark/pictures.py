"""Metrics of labelled pictures that are in no study: what wb score computes, over files."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from generate.benchmark.labels import LabelledPicture
from generate.metrics.metric import REFERENCES, Metric
from generate.progress import Progress
from generate.scoring.embedding import Picture
from generate.scoring.encoding import Encoded, compare, encode_pictures
from workbench.analysis.frames import Values
from workbench.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Values of metrics, one for each picture."""

    values: dict[str, Values]
    """Name of the metric → [N], NaN where it could not be computed."""
    failed: int
    """How many could not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    number: int
    """Of the references that a run of pictures shares."""
    picture: int | None = None
    """Place among the pictures; None: a reference."""


def measure_pictures(pictures: Sequence[LabelledPicture], metrics: Sequence[Metric]) -> Measured:
    """Compare pictures with their references; the references of neighbours are read once.

    Args:
        pictures: best ordered by reference.
        metrics: that compare with references.

    Raises:
        ConfigError: If a metric compares with something else.
        ModelError: If the device has failed.
    """
    values, failed = {}, 0
    for metric in metrics:
        if metric.compared_with != REFERENCES:
            raise ConfigError(f"{metric.name} compares with no reference", "wb score --metric takes it over a study")
        found = np.full(len(pictures), np.nan)
        with Progress(f"pictures ({metric.name})", len(pictures)) as progress:
            for one in _values(metric, pictures):
                found[one.picture] = one.value
                if one.error:
                    progress.complain(str(pictures[one.picture].path), one.error)
                progress.advance()
            failed += progress.failed
        values[metric.name] = found
    return Measured(values=values, failed=failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    picture: int
    value: float = np.nan
    error: str = ""


def _values(metric: Metric, pictures: Sequence[LabelledPicture]) -> Iterator[_Value]:
    stream = encode_pictures(metric, _files(pictures))
    for _, group in itertools.groupby(stream, key=lambda one: one.key.number):
        references: list[Encoded[_Key]] = []
        for one in group:
            if one.key.picture is None:
                references.append(one)
            else:
                yield _value(metric, one, one.key.picture, references)


def _files(pictures: Sequence[LabelledPicture]) -> Iterator[Picture[_Key]]:
    runs = itertools.groupby(enumerate(pictures), key=lambda one: list(one[1].references))
    for number, (references, group) in enumerate(runs):
        for path in references:
            yield Picture(key=_Key(number=number), path=path)
        for place, picture in group:
            yield Picture(key=_Key(number=number, picture=place), path=picture.path)


def _value(metric: Metric, one: Encoded[_Key], picture: int, references: Iterable[Encoded[_Key]]) -> _Value:
    bad = next((reference.error for reference in references if reference.error), None)
    if one.error or bad:
        return _Value(picture=picture, error=one.error or f"a reference cannot be used: {bad}")
    found = compare(metric, one.value, [reference.value for reference in references])
    if found.score is None:
        return _Value(picture=picture, error=found.error or "")
    return _Value(picture=picture, value=found.score.value)
