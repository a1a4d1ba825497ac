"""Whether a model can run here, found out before a night's run: its weights, the hub, its consent, disk and memory."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generate.devices import free_memory, pick_device, pick_dtype
from generate.estimate import size
from generate.extras import models_extra
from generate.hub import HubRepository, cache_home, describe_repository
from generate.models.flaws import flaws_of
from generate.models.pipeline import Loading
from generate.models.source import INSTEAD, ModelSource, find_model, listed
from generate.models.table import ModelSpec
from generate.models.weights import (
    HALVES,
    WIDTHS,
    Weights,
    folder_of,
    is_loaded,
    names_among,
    names_here,
    variant_for,
    weights_of,
)
from workbench.errors import ModelError, WorkbenchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    model: str
    item: str
    """``model``, ``pipeline``, ``weights``, ``hub``, ``cache``, ``disk`` or ``memory``."""
    ok: bool | None
    """None: cannot be told."""
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a model is to run, and how."""

    device: str
    dtype: str
    offload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """Bytes of memory that weights take: between these, where the number format of their files is not known."""

    least: float
    most: float


def check_model(name: str, device: str, dtype: str, offload: str = "none") -> list[Check]:
    """Look at all that a run of a model needs.

    Args:
        name: as ``find_model`` takes it.
        device: as ``pick_device`` takes it.
        dtype: as ``pick_dtype`` takes it.
        offload: as ``Loading`` takes it.

    Raises:
        ConfigError: If there is no such model, no such device, or nowhere to offload to.
    """
    device = pick_device(device)
    Loading(offload=offload).check(device)
    try:
        source = find_model(name)
    except ModelError as error:
        return list(_checks_without_model(name, error, device))
    dtype = pick_dtype(dtype, device, (source.spec or source.family).dtype)
    return list(_checks(name, source, _Place(device=device, dtype=dtype, offload=offload)))


def _checks(name: str, source: ModelSource, place: _Place) -> Iterator[Check]:
    kind = f"{source.pipeline}, family {source.family.name}"
    yield Check(model=name, item="model", ok=True, result=f"{source.hub_id} at {source.revision}")
    yield Check(model=name, item="pipeline", ok=_has_pipeline(source), result=kind)
    hub = None if source.folder is not None else _ask(source)
    yield _weights_check(name, source, place, hub)
    there = weights_of(source, place.dtype)
    need = _need_of(there, place)
    if hub is not None:
        wanted = None if isinstance(hub, WorkbenchError) else _wanted(source, place.dtype, hub)
        missing = None if wanted is None else _missing_bytes(source, wanted)
        if wanted is not None and missing:
            need = _need_of_files(source, place, wanted)
        yield _hub_check(name, source, hub, whole=there is not None)
        yield _cache_check(name, there, missing)
        yield _disk_check(name, missing)
    yield _memory_check(name, need, place)


def _checks_without_model(name: str, error: ModelError, device: str) -> Iterator[Check]:
    """What can be said of a model that the hub does not give."""
    yield Check(model=name, item="model", ok=False, result=_line(error))
    if Path(name).is_dir():
        return
    if spec := listed(name):
        yield Check(model=name, item="hub", ok=None, result=_access(spec))
    yield _disk_check(name, None)
    room = f"known once the weights are here; {_room(device)}"
    yield Check(model=name, item="memory", ok=None, result=room)


def _access(spec: ModelSpec) -> str:
    terms = "gated: it wants a token and your consent to" if spec.gated else "open to all, under"
    return f"{terms} {spec.licence}, as the list says"


def _has_pipeline(source: ModelSource) -> bool:
    with models_extra():
        import diffusers
    return hasattr(diffusers, source.pipeline)


def _ask(source: ModelSource) -> HubRepository | WorkbenchError:
    try:
        return describe_repository(source.hub_id, source.revision, instead=INSTEAD)
    except ModelError as error:
        return error


def _weights_check(name: str, source: ModelSource, place: _Place, hub: HubRepository | WorkbenchError | None) -> Check:
    names = names_among(hub.sizes, source.index) if isinstance(hub, HubRepository) else names_here(source)
    if not names:
        return Check(model=name, item="weights", ok=False, result="none of them is here")
    if flaws := flaws_of(source, place.dtype, names):
        return Check(model=name, item="weights", ok=False, result="; ".join(map(str, flaws)))
    return Check(model=name, item="weights", ok=True, result=f"safetensors, {_seen(source, names)}")


def _seen(source: ModelSource, names: Mapping[str, object]) -> str:
    """How much of the weights could be looked into."""
    here = names_here(source)
    return "whole" if set(names) <= set(here) else "as the hub says"


def _hub_check(name: str, source: ModelSource, hub: HubRepository | WorkbenchError, *, whole: bool) -> Check:
    if isinstance(hub, WorkbenchError):
        result = f"{_line(hub)}; {_access(source.spec)}" if source.spec else _line(hub)
        return Check(model=name, item="hub", ok=None if whole else False, result=result)
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


def _memory_check(name: str, need: _Need | None, place: _Place) -> Check:
    room = _room(place.device)
    if need is None:
        return Check(model=name, item="memory", ok=None, result=f"known once the weights are here; {room}")
    span = size(need.most) if need.least == need.most else f"{size(need.least)} to {size(need.most)}"
    about = "" if need.least == need.most else "about "
    if place.offload == "sequential":
        result = f"{about}{span} of weights as {place.dtype}, of which only a layer at a time; {room}"
        return Check(model=name, item="memory", ok=None, result=result)
    whose = ", those of the largest part" if place.offload == "model" else ""
    free = free_memory(place.device)
    ok = True if need.most < free else False if need.least >= free else None
    result = f"{about}{span} of weights as {place.dtype}{whose}, and sampling on top; {room}"
    return Check(model=name, item="memory", ok=ok, result=result)


def _room(device: str) -> str:
    return f"{device} has {size(free_memory(device))} free"


def _need_of(there: Weights | None, place: _Place) -> _Need | None:
    if there is None:
        return None
    needed = there.memory_bytes(place.dtype, place.offload)
    return _Need(least=needed, most=needed)


def _need_of_files(source: ModelSource, place: _Place, wanted: Mapping[str, Mapping[str, int]]) -> _Need:
    """By the sizes of files whose heads are not here: their numbers have two bytes each, or four."""
    sizes = [sum(files.values()) for files in wanted.values()]
    taken = max(sizes) if place.offload == "model" else sum(sizes)
    most = taken / 2 * WIDTHS[place.dtype]
    halves = variant_for(source, place.dtype, {part: list(files) for part, files in wanted.items()}) in HALVES
    return _Need(least=most if halves else most / 2, most=most)


def _wanted(source: ModelSource, dtype: str, hub: HubRepository) -> Mapping[str, Mapping[str, int]]:
    """Bytes of the weight files on the hub that a run loads, by component."""
    parts = names_among(hub.sizes, source.index)
    variant = variant_for(source, dtype, parts)
    return {
        part: {name: hub.sizes[f"{part}/{name}"] for name in names if is_loaded(name, variant, names)}
        for part, names in parts.items()
    }


def _missing_bytes(source: ModelSource, wanted: Mapping[str, Mapping[str, int]]) -> int:
    """Bytes of them that a run would have to download."""
    folder = folder_of(source)
    return sum(
        count
        for part, files in wanted.items()
        for name, count in files.items()
        if folder is None or not (folder / part / name).is_file()
    )


def _line(error: WorkbenchError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
