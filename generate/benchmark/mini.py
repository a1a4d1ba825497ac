"""The ground truth of the miniature study: replications and re-interpretations that its renderer made."""

from pathlib import Path

from generate.benchmark.labels import LabelledPicture
from generate.mini.references import all_references
from generate.mini.renderer import render
from generate.mini.variants import reinterpret, replicate

VARIANTS = 5
"""Replications of each reference, and as many re-interpretations."""
METRICS = (
    "vr:efficientnet-lite0:64",
    "mean-p:efficientnet-lite0:64",
    "similarity:efficientnet-lite0:128",
    "ssim",
    "ms-ssim",
    "phash",
)
"""What works with no network, at the sizes that suit pictures of 64 pixels and their patches of 16."""


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
