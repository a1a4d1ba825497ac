"""What every measure beside s and p is: a way to look at a picture, a comparison, and an id that fixes both."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workbench.errors import MetricError
from workbench.records import MetricRow, content_id
from workbench.store import utc_now

REFERENCES, PROMPT, SIBLINGS = "references", "prompt", "siblings"
"""What an image is compared with: its reference images, its prompt, or the other images of its prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How close an image is to what it is compared with."""

    value: float
    best: int | None = None
    """Which of the others gave it; None: none alone did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A loaded measure."""

    name: str
    """As the user gives it."""
    label: str
    """The same without a path, for the id."""
    package: str
    """That computes it."""
    settings: Mapping[str, object]
    """What else determines its values."""
    low: float
    high: float
    compare: Callable[[Any, Sequence[Any]], Score]
    """(image, what it is compared with), both encoded; of ``PROMPT`` the one other is a text."""
    view: Callable[[Image.Image], Any]
    """What it takes of a picture; called from several threads."""
    encode: Callable[[Sequence[Any]], Any] = list
    """Views → what is compared, once for each picture; on the device."""
    compared_with: str = REFERENCES
    higher_is_closer: bool = True
    upright: bool = True
    """Pictures are turned as their EXIF data say."""
    weights: str = ""
    """Digest; empty: it has none."""
    metric_id: str = field(init=False)
    library: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "library", f"{self.package} {version(self.package)}")
        computed_by = "" if self.weights else self.library  # weights fix a value as no version of a library does
        hashed = content_id(computed_by, self.recorded, digits=12)
        object.__setattr__(self, "metric_id", f"{self.label}#{hashed}")

    @property
    def recorded(self) -> str:
        """The settings as JSON."""
        return json.dumps({**self.settings, "weights": self.weights or None}, sort_keys=True)

    def row(self) -> MetricRow:
        """Its row of ``metrics``, as if first used now."""
        return MetricRow(
            metric_id=self.metric_id,
            name=self.name,
            library=self.library,
            settings=self.recorded,
            compared_with=self.compared_with,
            higher_is_closer=self.higher_is_closer,
            low=self.low,
            high=self.high,
            first_used_utc=utc_now(),
        )

    def score(self, image: Any, others: Sequence[Any]) -> Score:
        """Compare an image, encoded, with others.

        Raises:
            MetricError: If there are no others, or the value is no number.
        """
        if not others:
            raise MetricError(f"{self.name}: there is nothing to compare with")
        found = self.compare(image, others)
        if not math.isfinite(found.value):
            raise MetricError(f"{self.name} gave a value that is not a number")
        return found


def best_of(values: Sequence[float] | NDArray[Any], *, higher_is_closer: bool) -> Score:
    """The closest of several comparisons; the first where several are.

    Raises:
        MetricError: If one is not a number.
    """
    found = np.asarray(values, dtype=np.float64)
    if not np.isfinite(found).all():
        raise MetricError("a comparison gave a value that is not a number")
    best = int(found.argmax() if higher_is_closer else found.argmin())
    return Score(value=float(found[best]), best=best)


def check_picture(image: Image.Image) -> Image.Image:
    """The picture in RGB.

    Raises:
        MetricError: If it has no pixels, or a side of one: there is nothing to be seen on it.
    """
    if min(image.size) < 2:
        raise MetricError(f"a picture of {image.width}×{image.height} pixels cannot be measured")
    return image if image.mode == "RGB" else image.convert("RGB")
