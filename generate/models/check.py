"""Whether a model can run here, found out before a night's run: the hub, its consent, the cache, disk and memory."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generate.devices import free_memory, pick_device, pick_dtype
from generate.estimate import size
from generate.extras import models_extra
from generate.hub import HubRepository, cache_home, cached_folder, describe_repository
from generate.models.source import INSTEAD, ModelSource, find_model
from generate.models.weights import Weights, components, is_loaded, weights_of
from workbench.errors import ModelError, WorkbenchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    model: str
    item: str
    """``model``, ``pipeline``, ``hub``, ``cache``, ``disk`` or ``memory``."""
    ok: bool | None
    """None: cannot be told."""
    result: str


def check_model(name: str, device: str, dtype: str) -> list[Check]:
    """Look at all that a run of a model needs.

    Args:
        name: as ``find_model`` takes it.
        device: as ``pick_device`` takes it.
        dtype: as ``pick_dtype`` takes it.

    Raises:
        ConfigError: If there is no such model, or no such device.
    """
    device = pick_device(device)
    try:
        source = find_model(name)
    except ModelError as error:
        return [Check(model=name, item="model", ok=False, result=_line(error))]
    dtype = pick_dtype(dtype, device, (source.spec or source.family).dtype)
    return list(_checks(name, source, device, dtype))


def _checks(name: str, source: ModelSource, device: str, dtype: str) -> Iterator[Check]:
    kind = f"{source.pipeline}, family {source.family.name}"
    yield Check(model=name, item="model", ok=True, result=f"{source.hub_id} at {source.revision}")
    yield Check(model=name, item="pipeline", ok=_has_pipeline(source), result=kind)
    there = weights_of(source, dtype)
    missing: int | None = 0
    if source.folder is None:
        hub = _ask(source)
        yield _hub_check(name, hub, whole=there is not None)
        missing = None if isinstance(hub, WorkbenchError) else _missing_bytes(source, dtype, hub)
        yield _cache_check(name, there, missing)
        yield _disk_check(name, missing)
    yield _memory_check(name, source, there, device, dtype)


def _has_pipeline(source: ModelSource) -> bool:
    with models_extra():
        import diffusers
    return hasattr(diffusers, source.pipeline)


def _ask(source: ModelSource) -> HubRepository | WorkbenchError:
    try:
        return describe_repository(source.hub_id, source.revision, instead=INSTEAD)
    except ModelError as error:
        return error


def _hub_check(name: str, hub: HubRepository | WorkbenchError, *, whole: bool) -> Check:
    if isinstance(hub, WorkbenchError):
        return Check(model=name, item="hub", ok=None if whole else False, result=_line(hub))
    access = "gated, and your token is accepted" if hub.gated else "open to all"
    return Check(model=name, item="hub", ok=True, result=f"reachable, {access}")


def _cache_check(name: str, there: Weights | None, missing: int | None) -> Check:
    have = f"{size(there.disk_bytes)} of weights in {there.files} files" if there else "nothing"
    if missing is None:
        return Check(
            model=name, item="cache", ok=None if there else False, result=f"{have}; whether that is all, no hub says"
        )
    result = f"{have}; {size(missing)} to download" if missing else f"{have}; complete"
    return Check(model=name, item="cache", ok=True, result=result)


def _disk_check(name: str, missing: int | None) -> Check:
    home = cache_home()
    there = next(place for place in (home, *home.parents) if place.exists())
    free = shutil.disk_usage(there).free
    ok = None if missing is None else free > missing
    return Check(model=name, item="disk", ok=ok, result=f"{size(free)} free for downloads in {home}")


def _memory_check(name: str, source: ModelSource, there: Weights | None, device: str, dtype: str) -> Check:
    free = free_memory(device)
    room = f"{device} has {size(free)} free"
    if there is None:
        return Check(model=name, item="memory", ok=None, result=f"known once the weights are here; {room}")
    needed = there.memory_bytes(dtype)
    result = f"{size(needed)} of weights as {dtype}, and sampling on top; {room}"
    return Check(model=name, item="memory", ok=needed < free, result=result)


def _missing_bytes(source: ModelSource, dtype: str, hub: HubRepository) -> int:
    """Bytes of the weight files that a run would have to download."""
    folder = cached_folder(source.hub_id, source.revision)
    variant = source.variant(dtype)
    parts = components(source.index)
    by_part: dict[str, list[str]] = {}
    for path in map(PurePosixPath, hub.sizes):
        if len(path.parts) == 2 and path.parts[0] in parts:
            by_part.setdefault(path.parts[0], []).append(path.name)
    wanted = [f"{part}/{n}" for part, names in by_part.items() for n in names if is_loaded(n, variant, names)]
    return sum(hub.sizes[file] for file in wanted if not _is_here(folder, file))


def _is_here(folder: Path | None, file: str) -> bool:
    return folder is not None and (folder / file).is_file()


def _line(error: WorkbenchError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
