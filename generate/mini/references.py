"""The references of the miniature study, with the truth about them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generate.mini.pictures import Picture, all_pictures
from generate.mini.renderer import render
from workbench.seed import seed_data

FREQUENCY = "covariate:training_frequency/mini-known"
"""The column of references.csv that holds the repetition counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniReference:
    """A cultural reference of the miniature study."""

    qid: str
    title: str
    kind: str
    """``static`` or ``dynamic``."""
    repetitions: int
    """How often its pictures are in the training data under its title, 0 … 256."""
    pictures: Sequence[Picture]
    """Its reference images: one, or the frames of a dynamic reference."""


def all_references() -> Sequence[MiniReference]:
    """The 48 references, in the order of the table that ships."""
    with seed_data("mini/references.csv").open(encoding="utf-8", newline="") as file:
        return [
            MiniReference(
                qid=row["qid"],
                title=row["label"],
                kind=row["kind"],
                repetitions=int(row[FREQUENCY]),
                pictures=all_pictures()[row["qid"]],
            )
            for row in csv.DictReader(file)
        ]


def write_reference_images(folder: Path, size: int = 64) -> Path:
    """Draw every reference image into a folder, with the ``index.csv`` that ``wb ingest --images`` reads.

    Returns:
        The index.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "index.csv"
    with index.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("qid", "file"))
        for reference in all_references():
            for picture in reference.pictures:
                name = f"{picture.qid}_{picture.frame}.png"
                render(picture, size).save(folder / name)
                out.writerow((picture.qid, name))
    return index
