"""The models that ship by name: rows of ``models.csv``."""

import csv
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A row of the table: a model, and how it is meant to be used."""

    key: str
    hub_id: str
    revision: str
    """Commit on the hub that is meant, so that the same name is the same weights next year."""
    family: str
    steps: int
    guidance: float
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    dtype: str
    """Number format of the weights on a GPU."""
    variant: str | None
    """Weight files to take where they are loaded in ``dtype``, e.g. ``fp16``."""
    licence: str
    gated: bool
    """The hub asks for a token and for consent."""
    extra: Mapping[str, object]
    """Further arguments of the pipeline call."""
    notes: str


@functools.cache
def known_models() -> Mapping[str, ModelSpec]:
    """Every row of the table, by key, in its order."""
    text = (files("generate.models") / "models.csv").read_text(encoding="utf-8")
    return {row["key"]: _spec(row) for row in csv.DictReader(text.splitlines())}


def _spec(row: Mapping[str, str]) -> ModelSpec:
    return ModelSpec(
        key=row["key"],
        hub_id=row["hub_id"],
        revision=row["revision"],
        family=row["family"],
        steps=int(row["steps"]),
        guidance=float(row["guidance"]),
        width=int(row["width"]),
        height=int(row["height"]),
        dtype=row["dtype"],
        variant=row["variant"] or None,
        licence=row["licence"],
        gated=row["gated"] == "true",
        extra=json.loads(row["extra"]),
        notes=row["notes"],
    )
