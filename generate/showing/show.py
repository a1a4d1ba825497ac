"""One image with its patches, from the study to a picture and a table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from PIL import Image

from generate.metrics.patches import grid_crops
from generate.pictures import read_picture
from generate.showing.draw import Match, draw_matches
from workbench.dates import show_date
from workbench.errors import ConfigError, MetricError, reason
from workbench.records import ReferenceSet, ShownImage, Thresholds
from workbench.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What there is to see of an image."""

    image: ShownImage
    picture: Image.Image
    table: pl.DataFrame
    """One row per patch."""

    @property
    def words(self) -> str:
        """What it is an image of, in a line."""
        i = self.image
        date = show_date(
            i.creation_date, i.creation_year, i.creation_precision, i.creation_calendar, circa=i.creation_circa
        )
        return f"{i.label} ({date}), prompt {i.prompt!r}"


def show(store: Store, name: str, thresholds: Thresholds) -> Shown:
    """Find an image and draw its patches beside the reference patches that are most like them.

    Args:
        store: the study.
        name: an image_id or its beginning, or a path in the images folder.
        thresholds: τ_reuse, and which encoder's patches.

    Raises:
        ConfigError: If it is the name of no image, or of several.
        MetricError: If the image has no patch maxima, or a file cannot be read.
    """
    image = _find(store, name, thresholds)
    if image.p is None or image.path is None:
        why = "has no current patch maxima under this encoder" if image.status == "ok" else f"is {image.status}"
        raise MetricError(f"image {image.image_id} {why}", "wb score measures it")
    found = {one.qid: one for one in store.rows("reference_files", ReferenceSet)}[image.qid]
    files = {sha256: path for sha256, path in zip(found.sha256s, found.paths, strict=True) if sha256 in image.matched}
    upright = json.loads(image.preprocessing or "{}").get("orientation") != "as stored"
    own = _read(store.images.path(image.path), upright)
    cut = {sha256: grid_crops(_read(store.images.path(path), upright)) for sha256, path in files.items()}
    matches = [
        Match(patch=patch, reference=cut[sha256][place], p=p, reused=p >= thresholds.tau_reuse)
        for patch, sha256, place, p in zip(grid_crops(own), image.matched, image.best_patch or (), image.p, strict=True)
    ]
    share = sum(match.reused for match in matches) / len(matches)
    titles = (
        f"{image.model_id}, seed {image.seed}: VR {share:.2f}",
        f"most alike in the reference images of {image.label}",
    )
    picture = draw_matches(matches, own.size, titles)
    return Shown(image=image, picture=picture, table=_table(image, files, thresholds.tau_reuse))


def save(picture: Image.Image, target: Path) -> None:
    """Write the picture in the format that the file's name says.

    Raises:
        ConfigError: If there is no such format, or the file cannot be written.
    """
    try:
        picture.save(target)
    except ValueError as error:
        raise ConfigError(f"a picture cannot be written to {target.name}", "name it .png or .jpg") from error
    except OSError as error:
        raise ConfigError(f"cannot write {target}: {error.strerror}", "check the folder and its rights") from error


def _find(store: Store, name: str, thresholds: Thresholds) -> ShownImage:
    images = store.rows("shown_images", ShownImage, image=name, **thresholds.parameters())
    if not images:
        hint = "wb sql 'SELECT image_id, label, seed, vr FROM image_scores() ORDER BY vr DESC LIMIT 20' lists some"
        raise ConfigError(f"no image has an id that begins with {name!r}, or this path", hint)
    if len(images) > 1:
        some = ", ".join(image.image_id[: len(name) + 8] for image in images[:3])
        raise ConfigError(f"several images are meant by {name!r}: {some} …", "write more of the id")
    return images[0]


def _read(path: Path, upright: bool) -> Image.Image:
    try:
        return read_picture(path, upright=upright)
    except Exception as error:
        raise MetricError(f"{path} cannot be read: {reason(error)}", "put the file back") from error


def _table(image: ShownImage, files: Mapping[str, str], tau_reuse: float) -> pl.DataFrame:
    p = list(image.p or ())
    grid = round(len(p) ** 0.5)
    return pl.DataFrame(
        {
            "row": [k // grid + 1 for k in range(len(p))],
            "column": [k % grid + 1 for k in range(len(p))],
            "p": p,
            "reused": [value >= tau_reuse for value in p],
            "entropy": list(image.entropy or ()),
            "reference": [files[sha256] for sha256 in image.matched],
            "reference_row": [k // grid + 1 for k in image.best_patch or ()],
            "reference_column": [k % grid + 1 for k in image.best_patch or ()],
        }
    )
