"""``samples.json`` as FiftyOne reads it: ``fiftyone.Dataset.from_json("samples.json")``.

The pictures are not copied: each sample names its file in the study's own folder.
"""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from workbench.errors import ConfigError
from workbench.exports.asked import Export
from workbench.exports.files import write_lines
from workbench.options import say

_FIELDS = "fiftyone.core.fields"
_CLASS = f"{_FIELDS}.EmbeddedDocumentField(fiftyone.core.labels.Classification)"
_BUILT_IN = {
    "filepath": f"{_FIELDS}.StringField",
    "tags": f"{_FIELDS}.ListField({_FIELDS}.StringField)",
    "metadata": f"{_FIELDS}.EmbeddedDocumentField(fiftyone.core.metadata.ImageMetadata)",
}
_LABELS = {"reference": "label", "model": "model_id", "condition": "perturbation"}
"""Label field of a sample → column that it shows."""
_LEFT_OUT = ("path", "status", "error", "reference_path", "label", "width", "height", "recognised")


def fiftyone(asked: Export) -> None:
    """Write ``samples.json``.

    Raises:
        ConfigError: If it cannot be written, or is there already, or copies are asked for.
    """
    if asked.references:
        raise ConfigError("samples.json copies no pictures", "leave --with-references out")
    images = asked.images()
    written = write_lines(asked.target("samples.json"), _document(asked, images))
    say(f"{asked.folder / 'samples.json'}: {written - 2:,} samples; fiftyone.Dataset.from_json(…) reads it")


def _document(asked: Export, images: pl.DataFrame) -> Iterator[str]:
    """The document in lines: its head, one sample each, its end."""
    head = {
        "name": asked.store.path.stem,
        "media_type": "image",
        "info": {name: value for name, value in asked.parameters.items() if value is not None},
        "sample_fields": _BUILT_IN | _schema(images) | dict.fromkeys([*_LABELS, "recognised"], _CLASS),
    }
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "samples": ['
    last = images.height - 1
    for number, row in enumerate(images.iter_rows(named=True)):
        yield json.dumps(_sample(asked, row), ensure_ascii=False, allow_nan=False) + ("" if number == last else ",")
    yield "]}"


def _schema(images: pl.DataFrame) -> dict[str, str]:
    return {name: _field(dtype) for name, dtype in images.schema.items() if name not in _LEFT_OUT}


def _field(dtype: Any) -> str:
    if isinstance(dtype, pl.List):
        return f"{_FIELDS}.ListField({_field(dtype.inner)})"
    kinds = ((pl.Boolean, "BooleanField"), (pl.String, "StringField"))
    for kind, name in kinds:
        if dtype == kind:
            return f"{_FIELDS}.{name}"
    return f"{_FIELDS}.{'IntField' if dtype.is_integer() else 'FloatField'}"


def _sample(asked: Export, row: dict[str, Any]) -> dict[str, Any]:
    size = {"_cls": "ImageMetadata", "width": row["width"], "height": row["height"]}
    sample = {
        "filepath": str(asked.store.images.path(row["path"])),
        "tags": [row["kind"], row["perturbation"]],
        "metadata": size if row["width"] else None,
        **{name: value for name, value in row.items() if name not in _LEFT_OUT},
    }
    sample |= {name: _label(row[column]) for name, column in _LABELS.items()}
    seen = row["recognised"]
    said = None if seen is None else _label("recognised" if seen else "not recognised")
    return sample | {"recognised": said}


def _label(label: str) -> dict[str, Any]:
    return {"_cls": "Classification", "tags": [], "label": label}
