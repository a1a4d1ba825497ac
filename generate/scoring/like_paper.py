"""``--like paper``: the choices of the released scripts of arXiv:2511.11435, and whether a study can be scored so.

They embed whole images by CLIP of transformers and each cell of a 4×4 grid by timm, averaging all tokens; they take
pictures as they are stored, without turning them as EXIF says; a static reference is its first image, a dynamic one all
images that are left once each within pHash distance 18 of an earlier one is dropped.
"""

import json
from collections.abc import Iterable, Sequence

from workbench.errors import ConfigError, MetricError
from workbench.records import EncoderRow, HashedImage
from workbench.store import Store

PHASH_DISTANCE = 18
"""Bits up to which two images are one to the released scripts."""
NAMED = 3
"""References that a message names."""


def check_like_paper(store: Store, asked: bool, encoder: EncoderRow, patch_encoder: EncoderRow) -> None:
    """Where it is asked for, make sure that the scores will be those of the released scripts.

    Raises:
        ConfigError: As ``check_encoders``.
        MetricError: As ``check_duplicates``.
    """
    if asked:
        check_encoders(encoder, patch_encoder)
        check_duplicates(store)


def check_encoders(encoder: EncoderRow, patch_encoder: EncoderRow) -> None:
    """Refuse encoders that the released scripts could not have run.

    Raises:
        ConfigError: If the one is not CLIP of transformers, or the other does not average tokens of timm.
    """
    if encoder.family != "clip":
        raise ConfigError(f"the paper's scripts do not embed images by {encoder.name}", "clip:… is what they take")
    pooling = json.loads(patch_encoder.preprocessing)["pooling"]
    if patch_encoder.family != "timm" or pooling != "mean-all-tokens":
        hint = "timm:NAME of a vision transformer is what they take, averaged over all tokens"
        raise ConfigError(f"the paper's scripts do not embed patches by {patch_encoder.name}", hint)


def check_duplicates(store: Store) -> None:
    """Refuse a study that keeps other images of its dynamic references than the released scripts would.

    Raises:
        MetricError: If there is such a reference.
    """
    found: dict[str, list[HashedImage]] = {}
    for image in store.rows("dynamic_hashes", HashedImage):
        found.setdefault(image.qid, []).append(image)
    other = [qid for qid, images in found.items() if kept_by_paper(images) != {i.sha256 for i in images if i.kept}]
    if other:
        named = ", ".join(other[:NAMED]) + (" …" if len(other) > NAMED else "")
        raise MetricError(
            f"{len(other)} dynamic references keep other images than the paper's scripts would: {named}",
            f"wb ingest --images FOLDER --phash-distance {PHASH_DISTANCE} marks duplicates as they do",
        )


def kept_by_paper(images: Sequence[HashedImage]) -> set[str]:
    """Which images of one reference, in their order, the released scripts keep."""
    kept: list[HashedImage] = []
    for image in images:
        if not _any_near(image, kept):
            kept.append(image)
    return {image.sha256 for image in kept}


def _any_near(image: HashedImage, others: Iterable[HashedImage]) -> bool:
    here = int(image.phash, 16)
    return any((here ^ int(other.phash, 16)).bit_count() <= PHASH_DISTANCE for other in others)
