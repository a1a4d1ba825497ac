"""How large a model is, read from the heads of its weight files: nothing is loaded."""

import json
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generate.hub import cached_folder
from generate.models.source import ModelSource
from workbench.errors import ModelError

WIDTHS = {"float32": 4, "float16": 2, "bfloat16": 2}
"""Bytes of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Size of a model."""

    files: int
    disk_bytes: int
    """Of the files that are loaded."""
    parameters: int

    def memory_bytes(self, dtype: str) -> int:
        """What they take once they are loaded."""
        return self.parameters * WIDTHS[dtype]


def weights_of(source: ModelSource, dtype: str) -> Weights | None:
    """Size of a model on this machine; None: its weights are not here, or not all of them are readable."""
    folder = source.folder or cached_folder(source.hub_id, source.revision)
    if folder is None:
        return None
    variant = source.variant(dtype)
    files = [file for name in components(source.index) for file in _files(folder / name, variant)]
    if not files:
        return None
    try:
        return Weights(
            files=len(files),
            disk_bytes=sum(file.stat().st_size for file in files),
            parameters=sum(map(_parameters, files)),
        )
    except (OSError, ValueError, ModelError):
        return None


def components(index: Mapping[str, Any]) -> list[str]:
    """The parts of a pipeline that have files: its index names a library and a class for each."""
    return [
        name for name, value in index.items() if isinstance(value, list) and len(value) == 2 and value[1] is not None
    ]


def is_loaded(name: str, variant: str | None, siblings: Iterable[str]) -> bool:
    """Whether a weight file is the one that is loaded, among the others of its folder.

    Args:
        name: of the file, e.g. ``model.fp16.safetensors``.
        variant: that is preferred where it is there.
        siblings: names of all files of the folder.
    """
    if not name.endswith(".safetensors"):
        return False
    there = {variant_of(sibling) for sibling in siblings}
    return variant_of(name) == (variant if variant in there else None)


def variant_of(name: str) -> str | None:
    """The variant of a weight file, also of one in parts: ``fp16`` of ``model.fp16-00001-of-00002.safetensors``."""
    match = re.search(r"\.(\w+)(?:-\d+-of-\d+)?\.safetensors$", name)
    return match[1] if match else None


def _files(folder: Path, variant: str | None) -> list[Path]:
    found = sorted(folder.glob("*.safetensors"))
    names = [file.name for file in found]
    return [file for file in found if is_loaded(file.name, variant, names)]


def _parameters(file: Path) -> int:
    """Numbers in a safetensors file: eight bytes give the length of the JSON that describes them."""
    with file.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
        if length > file.stat().st_size:
            raise ValueError(f"{file} is cut")
        head = json.loads(opened.read(length))
    shapes = [entry["shape"] for name, entry in head.items() if name != "__metadata__"]
    return sum(_product(shape) for shape in shapes)


def _product(shape: Iterable[int]) -> int:
    product = 1
    for side in shape:
        product *= side
    return product
