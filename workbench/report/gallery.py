"""A small gallery: references of high, middling and low CRA, each beside what a model made of it."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from PIL import Image, ImageOps

from workbench.report.blocks import Block, Gallery, Picture, PictureRow, Said
from workbench.report.study import Study
from workbench.report.tables import Row, decimal, many, nothing, rows_of, written
from workbench.store import Store

SIDE, QUALITY = 168, 82
BESIDE = 4
"""Generated images beside a reference."""
OF_EACH = 2
"""References of high, of middling and of low CRA."""
LIMIT = 500_000
"""Bytes of all pictures together."""
GROUPS = ("highest CRA", "middling CRA", "lowest CRA")


@dataclass(slots=True)
class _Album:
    """Pictures within the limit."""

    store: Store
    bytes: int = 0
    taken: int = 0
    left_out: int = 0
    missing: int = 0

    def picture(self, path: str | None, caption: str) -> Iterator[Picture]:
        """The picture of a stored file; none where it cannot be read or there is no room left."""
        made = None if path is None else _small(self.store, path)
        if made is None:
            self.missing += 1
        elif self.bytes + len(made[0]) > LIMIT:
            self.left_out += 1
        else:
            content, width, height = made
            self.bytes += len(content)
            self.taken += 1
            name = hashlib.sha256(content).hexdigest()[:16]
            shown = 2 if max(width, height) * 2 <= SIDE else 1
            yield Picture(name=name, jpeg=content, width=width * shown, height=height * shown, caption=caption)


def gallery(study: Study) -> Sequence[Block]:
    """Two references each of the highest, middle and lowest CRA under the first model."""
    if study.pictures == "none":
        return [Said(text="Pictures were left out, as asked (--pictures none).")]
    images = study.wants(study.frame("image_scores")).filter(
        (pl.col("perturbation") == study.condition()) & pl.col("s").is_not_null() & pl.col("path").is_not_null()
    )
    if images.is_empty():
        return [nothing("no image is scored, so none can be shown beside its reference")]
    album, first = _Album(study.store), images.sort("model_id", "settings_id").row(0, named=True)
    own = images.filter((pl.col("model_id") == first["model_id"]) & (pl.col("settings_id") == first["settings_id"]))
    by_cra = own.group_by("qid", "label", "kind").agg(cra=pl.col("recognised").mean(), n=pl.len())
    ranked = rows_of(by_cra.sort("cra", "label", "qid", descending=[True, False, False]))
    rows = [_row(study, album, own, group, row) for group, row in _chosen(ranked)]
    model = written(study.named(first["model_id"], first["settings_id"]))
    told = f"Model {model}, prompt condition “{written(study.condition())}”."
    caption = f"{told} Reference image first, then the first images by seed."
    shown: list[Block] = [Gallery(caption=caption, rows=[row for row in rows if row.pictures])] if album.taken else []
    lost = [f"{many(album.missing, 'picture')} could not be read"] if album.missing else []
    lost += [f"{album.left_out} left out to stay within {LIMIT // 1000} kB"] if album.left_out else []
    return [*shown, Said(text=f"{'; '.join(lost)}.", missing=True)] if lost else shown


def _chosen(ranked: Sequence[Row]) -> list[tuple[str, Row]]:
    """Of each group so many, none twice."""
    middle = max((len(ranked) - OF_EACH) // 2, 0)
    spans = (range(OF_EACH), range(middle, middle + OF_EACH), range(len(ranked) - OF_EACH, len(ranked)))
    chosen: dict[int, str] = {}
    for group, span in zip(GROUPS, spans, strict=True):
        for at in span:
            if 0 <= at < len(ranked):
                chosen.setdefault(at, group)
    return [(chosen[at], ranked[at]) for at in sorted(chosen)]


def _row(study: Study, album: _Album, images: pl.DataFrame, group: str, row: Row) -> PictureRow:
    pictures: list[Picture] = []
    text = f"{group}: {decimal(row['cra'])}, {row['kind']}"
    if study.pictures == "all":
        of_reference = study.frame("ref_images_of").filter(
            (pl.col("qid") == row["qid"]) & pl.col("duplicate_of").is_null()
        )
        for reference in rows_of(of_reference.head(1)):
            pictures += album.picture(reference["path"], _credit(reference))
    for image in rows_of(images.filter(pl.col("qid") == row["qid"]).sort("variant", "seed").head(BESIDE)):
        seen = "recognised" if image["recognised"] else "not recognised"
        reused = "" if image["vr"] is None else f", VR {decimal(image['vr'])}"
        pictures += album.picture(image["path"], f"seed {image['seed']}: s {decimal(image['s'])}, {seen}{reused}")
    return PictureRow(title=written(row["label"]), text=text, pictures=pictures)


def _credit(reference: Row) -> str:
    author = written(reference["author"]) if reference["author"] else "author unknown"
    licence = written(reference["licence"]) if reference["licence"] else "licence unknown"
    return f"reference: {author}, {licence}"


def _small(store: Store, path: str) -> tuple[bytes, int, int] | None:
    """A picture as a small JPEG; None where the file is gone or no picture."""
    try:
        with Image.open(store.images.path(path)) as opened:
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))
            small = ImageOps.exif_transpose(opened).convert("RGB")
        small.thumbnail((SIDE, SIDE))
        content = io.BytesIO()
        small.save(content, format="JPEG", quality=QUALITY, optimize=True)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return content.getvalue(), small.width, small.height
