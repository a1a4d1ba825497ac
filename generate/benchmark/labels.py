"""Labels from a CSV file: of images of the study, or of any pictures beside their references."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbench.errors import ConfigError, MetricError
from workbench.options import say
from workbench.records import ImageOwner, LabelledImage
from workbench.store import Store

LABELS = {
    "replication": True,
    "transformation": False,
    "1": True,
    "0": False,
    "true": True,
    "false": False,
}
HINT = "columns image,label (replication or transformation), and reference where the pictures are files of your own"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPicture:
    """A picture file of which it is known what it is, and the pictures that it is compared with."""

    path: Path
    references: Sequence[Path]
    replication: bool
    group: str
    """The reference: what is resampled."""


def read_labels(path: Path) -> pl.DataFrame:
    """A CSV file of labels: image, label and, where it has one, reference.

    Raises:
        ConfigError: If it cannot be read, or lacks a column.
        MetricError: If it has no rows, or a label that makes no sense.
    """
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ConfigError(f"cannot read {path}: {str(error).splitlines()[0]}", HINT) from error
    missing = {"image", "label"} - set(frame.columns)
    if missing:
        raise ConfigError(f"{path.name} has no column {', '.join(sorted(missing))}", HINT)
    frame = frame.with_columns(pl.col(pl.String).str.strip_chars())
    if frame.is_empty():
        raise MetricError(f"{path.name} has no rows", HINT)
    known = frame["label"].fill_null("").str.to_lowercase().is_in(list(LABELS))
    if not known.all():
        line = int(known.arg_min() or 0) + 2
        label = frame["label"][line - 2]
        raise MetricError(f"{path.name} line {line}: {label!r} is no label", "replication or transformation")
    return frame.with_columns(replication=pl.col("label").str.to_lowercase().replace_strict(LABELS))


def labelled_pictures(frame: pl.DataFrame, folder: Path) -> list[LabelledPicture]:
    """Rows of a file with references, as pictures; several references are parted by semicolons.

    Args:
        frame: from ``read_labels``, with the column reference.
        folder: that its paths are relative to.

    Raises:
        MetricError: If a row names no reference.
    """
    pictures = []
    for line, row in enumerate(frame.iter_rows(named=True), 2):
        names = [name.strip() for name in (row["reference"] or "").split(";") if name.strip()]
        if not names or not row["image"]:
            raise MetricError(f"line {line} names no {'reference' if row['image'] else 'image'}", HINT)
        references = [folder / name for name in names]
        pictures.append(
            LabelledPicture(
                path=folder / row["image"], references=references, replication=row["replication"], group=names[0]
            )
        )
    return pictures


def labelled_images(store: Store, frame: pl.DataFrame) -> list[LabelledImage]:
    """Rows of a file without references, as images of the study: named by id, or by file in the images folder.

    Rows that name no image of the study are counted and left out.

    Raises:
        MetricError: If none does.
    """
    named = dict(frame.select("image", "replication").drop_nulls().iter_rows())
    owners = store.rows("image_owners", ImageOwner, images=list(named))
    found = [
        LabelledImage(image_id=o.image_id, qid=o.qid, replication=named[o.image_id if o.image_id in named else o.path])
        for o in owners
    ]
    missing = named.keys() - {o.image_id for o in owners} - {o.path for o in owners}
    if not found:
        hint = "image_id or path of the table images; files of your own want a column reference"
        raise MetricError("no label is of an image of this study", hint)
    if missing:
        say(f"{len(missing):,} of {len(named):,} labels are of no image of this study, e.g. {min(missing)}")
    return found
