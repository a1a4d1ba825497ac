"""How large a model is and whether its files are whole, read from the heads of its weights: nothing is loaded."""

import json
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from generate.hub import cached_folder
from generate.models.source import ModelSource, components
from workbench.errors import ModelError

WIDTHS = {"float32": 4, "float16": 2, "bfloat16": 2}
"""Bytes of a number."""
HALVES = ("fp16", "bf16")
"""Variants whose numbers have two bytes."""
_WEIGHTS = re.compile(
    r"(?:diffusion_pytorch_model|model)(?:-\d+-of-\d+)?(?:\.(?P<variant>\w+))?(?:-\d+-of-\d+)?\.safetensors"
)
"""The names that diffusers and transformers look for, also of files in parts and of the order that they had before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Size of a model."""

    files: int
    disk_bytes: int
    """Of the files that are loaded."""
    parameters: int
    largest: int
    """Parameters of its largest component."""

    def memory_bytes(self, dtype: str, offload: str = "none") -> int:
        """What they take on the device once they are loaded: under ``model``, the largest component by itself."""
        return (self.largest if offload == "model" else self.parameters) * WIDTHS[dtype]


def weights_of(source: ModelSource, dtype: str) -> Weights | None:
    """Size of a model on this machine; None: its weights are not here, or not all of them are readable."""
    folder = folder_of(source)
    if folder is None:
        return None
    names = names_here(source)
    variant = variant_for(source, dtype, names)
    by_component = {
        name: [folder / name / file for file in files if is_loaded(file, variant, files)]
        for name, files in names.items()
    }
    files = [file for files in by_component.values() for file in files]
    if not files:
        return None
    try:
        counts = [sum(_head(file).parameters for file in files) for files in by_component.values()]
        disk_bytes = sum(file.stat().st_size for file in files)
    except (OSError, ValueError, LookupError, TypeError, ModelError):
        return None
    return Weights(files=len(files), disk_bytes=disk_bytes, parameters=sum(counts), largest=max(counts))


def folder_of(source: ModelSource) -> Path | None:
    """Where a model lies on this machine; None: nothing of it does."""
    return source.folder or cached_folder(source.hub_id, source.revision)


def names_here(source: ModelSource) -> Mapping[str, Sequence[str]]:
    """Names of the files of each component on this machine."""
    folder = folder_of(source)
    if folder is None:
        return {}
    names = {name: sorted(file.name for file in (folder / name).glob("*")) for name in components(source.index)}
    return {name: files for name, files in names.items() if files}


def names_among(paths: Iterable[str], index: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """Names of the files of each component, among the paths of a repository."""
    parts = set(components(index))
    names: dict[str, list[str]] = {}
    for path in map(PurePosixPath, paths):
        if len(path.parts) == 2 and path.parts[0] in parts:
            names.setdefault(path.parts[0], []).append(path.name)
    return names


def variant_for(source: ModelSource, dtype: str, names: Mapping[str, Sequence[str]]) -> str | None:
    """The variant that is loaded: the table's, else one that weights have where there are no plain ones.

    Args:
        source: the model.
        dtype: number format that it is loaded in.
        names: of the files of each component. Of a model of the table they do not count: what else the hub has would
            depend on what was downloaded.
    """
    if source.spec is not None:
        return source.variant(dtype)
    variants = [{variant_of(file) for file in files if is_weights(file)} for files in names.values()]
    alone = [{variant for variant in found if variant} for found in variants if found and None not in found]
    if not alone:
        return None
    best = "bf16" if dtype == "bfloat16" else "fp16"
    return min(set.intersection(*alone) or alone[0], key=lambda variant: (variant != best, variant))


def is_weights(name: str) -> bool:
    """Whether a file has a name that weights are looked for under."""
    return _WEIGHTS.fullmatch(name) is not None


def is_loaded(name: str, variant: str | None, siblings: Iterable[str]) -> bool:
    """Whether a weight file is the one that is loaded, among the others of its folder.

    Args:
        name: of the file, e.g. ``model.fp16.safetensors``.
        variant: that is preferred where it is there.
        siblings: names of all files of the folder.
    """
    if not is_weights(name):
        return False
    there = {variant_of(sibling) for sibling in siblings if is_weights(sibling)}
    return variant_of(name) == (variant if variant in there else None)


def variant_of(name: str) -> str | None:
    """The variant of a weight file, also of one in parts: ``fp16`` of ``model.fp16-00001-of-00002.safetensors``."""
    match = _WEIGHTS.fullmatch(name)
    return match["variant"] if match else None


def is_whole(file: Path) -> bool:
    """Whether a safetensors file is as long as its head says: a copy or a download that broke off is shorter."""
    try:
        return _head(file).file_bytes == file.stat().st_size
    except (OSError, ValueError, LookupError, TypeError):
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    parameters: int
    file_bytes: int


def _head(file: Path) -> _Head:
    """What a safetensors file says of itself: eight bytes give the length of the JSON that describes its numbers."""
    with file.open("rb") as opened:
        start = opened.read(8)
        if len(start) < 8:
            raise ValueError(f"{file} is cut")
        (length,) = struct.unpack("<Q", start)
        if length > file.stat().st_size:
            raise ValueError(f"{file} is cut")
        head = json.loads(opened.read(length))
    tensors = [entry for name, entry in head.items() if name != "__metadata__"]
    end = max((entry["data_offsets"][1] for entry in tensors), default=0)
    return _Head(parameters=sum(_product(entry["shape"]) for entry in tensors), file_bytes=8 + length + end)


def _product(shape: Iterable[int]) -> int:
    product = 1
    for side in shape:
        product *= side
    return product
