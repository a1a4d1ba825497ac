"""The ground truth of the miniature study: replications and re-interpretations that its renderer made."""

from pathlib import Path

from generate.benchmark.labels import LabelledPicture
from generate.mini.encoders import ENCODER, PATCH_ENCODER
from generate.mini.references import all_references
from generate.mini.renderer import render
from generate.mini.variants import reinterpret, replicate

VARIANTS = 5
"""Replications of each reference, and as many re-interpretations."""
METRICS = (
    f"vr:{PATCH_ENCODER}",
    f"mean-p:{PATCH_ENCODER}",
    f"similarity:{ENCODER}",
    "ssim",
    "ms-ssim",
    "phash",
)
"""What works with no network."""


def draw_pictures(folder: Path, variants: int = VARIANTS) -> list[LabelledPicture]:
    """Draw the references and their variants into a folder.

    Args:
        folder: an empty one.
        variants: replications of each reference, and as many re-interpretations.
    """
    pictures = []
    for reference in all_references():
        files = [folder / f"{reference.qid}-{k}.png" for k in range(len(reference.pictures))]
        for file, picture in zip(files, reference.pictures, strict=True):
            render(picture).save(file)
        for seed in range(variants):
            picture = reference.pictures[seed % len(reference.pictures)]
            for draw, replication in ((replicate, True), (reinterpret, False)):
                path = folder / f"{reference.qid}-{draw.__name__}-{seed}.png"
                draw(picture, seed).save(path)
                pictures.append(
                    LabelledPicture(path=path, references=files, replication=replication, group=reference.qid)
                )
    return pictures
