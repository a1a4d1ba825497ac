"""What queries answer for labelling by people."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelItem:
    """An image to label, without what would bias the person (query ``label_item``)."""

    image_id: str
    path: str | None
    """Relative to the images folder."""
    qid: str
    label: str
    kind: str
    type: str | None
    creators: Sequence[str]
    creation_year: int | None
    creation_precision: int | None
    creation_circa: bool
