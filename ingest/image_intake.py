"""The images of one reference: what is there already and what a source adds."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.image_sources import ImageEntry
from ingest.pictures import Picture, distance, read_picture
from ingest.report import Problem
from workbench.errors import IngestError, reason
from workbench.imagefiles import ImageFiles
from workbench.records import ReferenceImage

_UNRANKED = 0
"""Rank of a new image that has none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The images of one reference after a source was read."""

    images: Sequence[ReferenceImage]
    """All: those that were there, with the credits that the source gives now, and the new ones."""
    problems: Sequence[Problem]
    """Files that are no pictures."""
    repeated: int
    """Files that are the same, byte for byte, as an earlier one of the source."""


def take_images(
    files: ImageFiles, entries: Sequence[ImageEntry], there: Sequence[ReferenceImage], run_id: str
) -> Intake:
    """Read the pictures of one reference and store their bytes; what cannot be read leaves no file.

    Args:
        files: where the bytes go.
        entries: pictures of one reference.
        there: its images so far.
        run_id: of the run that adds.
    """
    images = {image.sha256: image for image in there}
    problems: list[Problem] = []
    seen: dict[str, int | None] = {}
    repeated = 0
    for entry in sorted(entries, key=lambda e: (e.rank is None, e.rank or 0)):
        try:
            content = _read(entry.file) if entry.content is None else entry.content
            sha256 = hashlib.sha256(content).hexdigest()
            picture = None if sha256 in images else read_picture(content)
        except Exception as error:  # a damaged file makes Pillow raise nearly anything
            problems.append(Problem(where=str(entry.file), reason=reason(error)))
            continue
        if sha256 in seen:
            repeated += 1
            continue
        seen[sha256] = entry.rank
        suffix = picture.suffix if picture else Path(images[sha256].path).suffix
        path = files.put(content, suffix).path
        if picture:
            images[sha256] = _new_image(entry, picture, sha256, path, run_id)
        else:
            images[sha256] = _corrected(images[sha256], entry)
    claims = {sha256: rank for sha256, rank in seen.items() if rank}
    return Intake(images=ranked(images.values(), claims), problems=problems, repeated=repeated)


def ranked(images: Iterable[ReferenceImage], claims: Mapping[str, int]) -> list[ReferenceImage]:
    """Give each image of one reference a rank of its own.

    Args:
        images: those that were there in any order, then the new ones.
        claims: sha256 → rank that the source gives, in its order. An image that had the rank moves down, and so on;
            of two that claim the same the second moves down.
    """
    by_sha256 = {image.sha256: image for image in images}
    wanted = dict(claims)
    others = [image for image in by_sha256.values() if image.sha256 not in claims]
    wanted |= {i.sha256: i.rank for i in sorted(others, key=lambda i: (i.rank, i.sha256)) if i.rank != _UNRANKED}
    ranks: dict[int, ReferenceImage] = {}
    for sha256, rank in wanted.items():
        while rank in ranks:
            rank += 1
        ranks[rank] = replace(by_sha256[sha256], rank=rank)
    new = [image for image in others if image.rank == _UNRANKED]
    last = [replace(image, rank=rank) for rank, image in enumerate(new, max(ranks, default=0) + 1)]
    return [*ranks.values(), *last]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise IngestError("no such file") from error
    except OSError as error:
        raise IngestError(f"cannot be read: {error.strerror}") from error


def _new_image(entry: ImageEntry, picture: Picture, sha256: str, path: str, run_id: str) -> ReferenceImage:
    return ReferenceImage(
        qid=entry.qid,
        sha256=sha256,
        path=path,
        phash=picture.phash,
        width=picture.width,
        height=picture.height,
        rank=_UNRANKED,
        source_url=entry.source_url or entry.file.name,
        author=entry.author,
        licence=entry.licence,
        run_id=run_id,
    )


def _corrected(image: ReferenceImage, entry: ImageEntry) -> ReferenceImage:
    """The image with what the source says now; what it does not say is kept."""
    return replace(
        image,
        source_url=entry.source_url or image.source_url,
        author=entry.author or image.author,
        licence=entry.licence or image.licence,
    )


def mark_duplicates(images: Sequence[ReferenceImage], limit: int) -> list[ReferenceImage]:
    """Mark each image that repeats an earlier, kept one of the same reference.

    Args:
        images: all images of one reference.
        limit: pHash distance, of 64 bits, up to which two are one picture.
    """
    kept: list[ReferenceImage] = []
    marked = []
    for image in sorted(images, key=lambda i: (i.rank, i.sha256)):
        same = next((k.sha256 for k in kept if distance(k.phash, image.phash) <= limit), None)
        marked.append(replace(image, duplicate_of=same))
        if same is None:
            kept.append(image)
    return marked
