"""``wb benchmark``: labels from people, from a file or from the miniature study, and what the measures make of them."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from generate.benchmark.labels import LabelledPicture, labelled_images, labelled_pictures, read_labels
from workbench.analysis.discrimination import Flags
from workbench.analysis.frames import Values
from workbench.analysis.resampling import Bootstrap
from workbench.analysis.telling import Telling, tell
from workbench.errors import ConfigError, MetricError
from workbench.records import LabelledImage, Thresholds
from workbench.registry import unknown_name
from workbench.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkRequest:
    """Whose labels, and which measures."""

    labels: Path | None = None
    """A CSV file; None: what people judged."""
    mini: bool = False
    """The ground truth of the miniature study in their place."""
    metrics: Sequence[str] = ()
    """Of pictures outside a study: names, as ``load_metric`` takes them."""
    against: str | None = None
    """Measure that the others are compared with; None: VR, or the first."""
    device: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Measures beside labels."""

    values: Mapping[str, Values]
    """Measure → [N], NaN where an image lacks it."""
    distances: Sequence[str]
    """Measures of which a low value means close."""
    positive: Flags
    groups: Sequence[str]
    failed: int = 0
    """Values that could not be computed."""


def gather(open_store: Callable[[], Store], settle: Callable[[], Thresholds], request: BenchmarkRequest) -> Labelled:
    """Find the labels and the measures of what is labelled.

    Args:
        open_store: called only where the images are of a study.
        settle: gives the thresholds of VR there.
        request: what is asked for.

    Raises:
        ConfigError: If the request makes no sense.
        MetricError: If nothing is labelled, or nothing that is labelled was measured.
        ModelError: If weights cannot be had.
    """
    if request.mini and request.labels:
        raise ConfigError("--mini has labels of its own", "leave --labels out")
    if request.mini:
        return _of_mini(request)
    frame = read_labels(request.labels) if request.labels else None
    if frame is not None and "reference" in frame.columns and request.labels:
        return of_pictures(labelled_pictures(frame, request.labels.parent), request.metrics, request.device)
    if request.metrics:
        hint = "wb score --metric … measures the images of a study; without --metric all that is stored is compared"
        raise ConfigError("--metric is for pictures outside a study: a file with the column reference, or --mini", hint)
    store = open_store()
    images = _by_people(store) if frame is None else labelled_images(store, frame)
    return _of_study(store, images, settle())


def table(labelled: Labelled, against: str | None, bootstrap: Bootstrap) -> list[Telling]:
    """How well each measure tells what is labelled.

    Raises:
        ConfigError: If ``against`` is none of the measures.
        MetricError: If nothing was measured.
    """
    names = list(labelled.values)
    if not names:
        raise MetricError("nothing that is labelled was measured", "wb score, and wb score --metric for more measures")
    if against is not None and against not in names:
        raise unknown_name("measure", against, names)
    chosen = against or next((name for name in names if name.startswith("vr")), names[0])
    return tell(
        labelled.values,
        labelled.positive,
        labelled.groups,
        against=chosen,
        distances=labelled.distances,
        bootstrap=bootstrap,
    )


def of_pictures(pictures: Sequence[LabelledPicture], names: Sequence[str], device: str = "auto") -> Labelled:
    """Measure labelled picture files.

    Args:
        pictures: of any study or none.
        names: of metrics, as ``load_metric`` takes them; empty: those that need no network.
        device: ``auto`` or one of torch's.

    Raises:
        ConfigError: If a name makes no sense, or its metric compares with no reference.
        ModelError: If weights cannot be had, or the device fails.
    """
    from generate.benchmark.mini import METRICS
    from generate.benchmark.pictures import measure_pictures
    from generate.metrics.registry import load_metric

    metrics = [load_metric(name, device) for name in names or METRICS]
    ordered = sorted(pictures, key=lambda picture: (picture.group, list(map(str, picture.references))))
    measured = measure_pictures(ordered, metrics)
    return Labelled(
        values=measured.values,
        distances=[metric.name for metric in metrics if not metric.higher_is_closer],
        positive=np.array([picture.replication for picture in ordered]),
        groups=[picture.group for picture in ordered],
        failed=measured.failed,
    )


def _of_mini(request: BenchmarkRequest) -> Labelled:
    from generate.benchmark.mini import draw_pictures

    with tempfile.TemporaryDirectory() as folder:
        return of_pictures(draw_pictures(Path(folder)), request.metrics, request.device)


def _by_people(store: Store) -> list[LabelledImage]:
    images = store.rows("labelled_by_people", LabelledImage)
    if not images:
        hint = "wb tui is where people label; or --labels FILE, or --mini"
        raise MetricError("no image is called a replication or a transformation by anybody yet", hint)
    return images


def _of_study(store: Store, images: Sequence[LabelledImage], thresholds: Thresholds) -> Labelled:
    ids = [image.image_id for image in images]
    found = store.frame("benchmark_values", images=ids, **thresholds.parameters())
    values = {}
    for (name,), part in found.partition_by("measure", as_dict=True, maintain_order=True).items():
        known = dict(part.select("image_id", "value").iter_rows())
        values[str(name)] = np.array([known.get(image_id, np.nan) for image_id in ids], dtype=np.float64)
    distances = found.filter(pl.col("distance"))["measure"].unique().to_list()
    return Labelled(
        values=values,
        distances=distances,
        positive=np.array([image.replication for image in images]),
        groups=[image.qid for image in images],
    )
