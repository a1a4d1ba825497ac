"""What a plan will cost: time and disk as earlier runs of the model had them, memory by the size of its weights."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generate.devices import describe_device, free_memory
from generate.engines.engine import LOCAL
from generate.models.weights import weights_of
from generate.progress import duration
from generate.run import GeneratePlan
from workbench.records import ModelPace
from workbench.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What one image of a plan takes, going by earlier ones."""

    seconds: float
    picture_bytes: float | None
    """None: no picture is left to look at."""
    basis: str
    """Which images these were."""


def estimate(store: Store, plan: GeneratePlan) -> list[str]:
    """Time, disk and memory of a plan, a line each."""
    pace = pace_of(store, plan)
    return [_time(plan, pace), _disk(store.images.folder, plan, pace), _memory(plan)]


def pace_of(store: Store, plan: GeneratePlan) -> Pace | None:
    """What images of the same model took: under the same settings, else by steps and pixels; None: there are none."""
    rows = store.rows("model_pace", ModelPace, model_id=plan.settings.model_id)
    here = [row for row in rows if _is_alike(row.device, plan)]
    same = [row for row in here if row.settings_id == plan.settings.settings_id]
    row = next(iter([*same, *here]), None)
    if row is None:
        return None
    settings = plan.settings
    elsewhere = f" on {row.device}" if _on_cluster(plan) else ""
    pixels = settings.width * settings.height / (row.width * row.height)
    size = _mean_size([store.images.path(path) for path in row.paths])
    return Pace(
        seconds=row.seconds * pixels * settings.steps / row.steps,
        picture_bytes=None if size is None else size * pixels,
        basis=f"{row.n:,} earlier images{elsewhere}"
        + ("" if row in same else " under other settings, by steps and pixels"),
    )


def _on_cluster(plan: GeneratePlan) -> bool:
    return plan.request.engine.engine != LOCAL


def _is_alike(device: str | None, plan: GeneratePlan) -> bool:
    """Whether a run's device tells of the plan's: of a cluster's is known what kind it is, not which."""
    if _on_cluster(plan):
        return (device or "").partition(":")[0] == plan.device
    return device == describe_device(plan.device)


def _mean_size(paths: Sequence[Path]) -> float | None:
    sizes = [path.stat().st_size for path in paths if path.is_file()]
    return sum(sizes) / len(sizes) if sizes else None


def _time(plan: GeneratePlan, pace: Pace | None) -> str:
    if pace is None:
        device = plan.device if _on_cluster(plan) else "this device"
        return f"time: not known; this study has no images of {plan.settings.model_id} from {device} yet"
    workers = plan.request.engine.workers or 1
    shared = f" for each of {workers:,} workers" if workers > 1 else ""
    if _on_cluster(plan) and plan.request.engine.workers is None:
        shared = " of one worker, divided by as many as the cluster has room for"
    span = duration(pace.seconds * plan.images.count / workers)
    return f"time: {span}{shared}, {pace.seconds:.2f} s an image as of {pace.basis}"


def _disk(folder: Path, plan: GeneratePlan, pace: Pace | None) -> str:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    if pace is not None and pace.picture_bytes is not None:
        wanted = pace.picture_bytes * plan.images.count
        return f"disk: {size(wanted)} of pictures, {size(free)} free{': not enough' if wanted > free else ''}"
    most = plan.settings.width * plan.settings.height * 3 * plan.images.count
    return f"disk: at most {size(most)} of pictures, {size(free)} free{', perhaps not enough' if most > free else ''}"


def _memory(plan: GeneratePlan) -> str:
    weights = weights_of(plan.source, plan.settings.dtype)
    room = "on each worker" if _on_cluster(plan) else f"{plan.device} has {size(free_memory(plan.device))} free"
    if weights is None:
        return f"memory: not known, the weights are not on this machine; {room}"
    needed = size(weights.memory_bytes(plan.settings.dtype))
    return f"memory: {needed} of weights as {plan.settings.dtype}, and sampling on top; {room}"


def size(count: float) -> str:
    """A number of bytes, to read."""
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.0f} PB"
