"""Looks at what ``mini`` has learned: ``python -m generate.mini.evaluate --model DIR --out DIR``.

Every title is sampled a few times, and each image is compared with the reference images of its own reference and of all
the others. The others are the null: the threshold of recognition is a high percentile of it.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image
from scipy.stats import spearmanr

from generate.encoders.encoder import Encoder
from generate.encoders.registry import load_encoder
from generate.mini.compositions import sheet
from generate.mini.encoders import ENCODER
from generate.mini.pipeline import GUIDANCE, STEPS
from generate.mini.references import MiniReference, all_references
from generate.mini.renderer import render
from workbench.options import say
from workbench.seed import seed_data

_BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Images of every reference against reference images."""

    own: np.ndarray
    """[R, n] similarity of each image to the nearest reference image of its own reference."""
    others: np.ndarray
    """[R, n, R - 1] the same to each of the other references: the null."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True),
    default=None,
    help="Diffusers folder; default: the one that ships.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the table and the sheets.",
)
@click.option("--images", default=4, show_default=True, help="Per prompt; seeds from 0.")
@click.option("--percentile", default=99.0, show_default=True, help="Of the null: the threshold.")
@click.option("--encoder", default=ENCODER, show_default=True)
def main(model: Path | None, out: Path, images: int, percentile: float, encoder: str) -> None:
    r"""Measure recognition against the known repetition counts.

    \b
    Example:
        python -m generate.mini.evaluate --out build/evaluation
    """
    out.mkdir(parents=True, exist_ok=True)
    references = sorted(all_references(), key=lambda reference: reference.repetitions)
    pipeline = load(model or seed_data("mini/model"))
    made = [sample(pipeline, reference.title, images) for reference in references]
    comparison = compare(load_encoder(encoder, "cpu"), references, made)
    tau = float(np.percentile(comparison.others, percentile))
    _write(out / "evaluation.csv", references, comparison, tau)
    _sheet(references, made).save(out / "titles.png")
    _literal_sheet(pipeline, references).save(out / "literal.png")
    _report(references, comparison, tau)


def load(folder: Path) -> StableDiffusionPipeline:
    """The pipeline of a diffusers folder, in single precision, silent."""
    pipeline = StableDiffusionPipeline.from_pretrained(folder, dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def sample(pipeline: StableDiffusionPipeline, prompt: str, number: int) -> list[Image.Image]:
    """Images of one prompt, seeds 0, 1, …, one generator each."""
    out: list[Image.Image] = []
    for start in range(0, number, _BATCH):
        seeds = range(start, min(start + _BATCH, number))
        chance = [torch.Generator().manual_seed(seed) for seed in seeds]
        found = pipeline(
            [prompt] * len(seeds),
            num_inference_steps=STEPS,
            guidance_scale=GUIDANCE,
            height=64,
            width=64,
            generator=chance,
        )
        out += found.images
    return out


def compare(encoder: Encoder, references: Sequence[MiniReference], made: Sequence[Sequence[Image.Image]]) -> Comparison:
    """The similarity of every image to the references, its own and the others."""
    known = [encoder.encode([render(picture) for picture in reference.pictures]) for reference in references]
    own, others = [], []
    for i, images in enumerate(made):
        found = encoder.encode(images)
        nearest = np.stack([(found @ pictures.T).max(axis=1) for pictures in known], axis=1)
        own.append(nearest[:, i])
        others.append(np.delete(nearest, i, axis=1))
    return Comparison(own=np.stack(own), others=np.stack(others))


def _write(path: Path, references: Sequence[MiniReference], comparison: Comparison, tau: float) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("qid", "title", "kind", "repetitions", "recognised", "mean_similarity", "mean_null"))
        for i, reference in enumerate(references):
            own, null = comparison.own[i], comparison.others[i]
            row = (reference.qid, reference.title, reference.kind, reference.repetitions)
            out.writerow((*row, f"{(own >= tau).mean():.2f}", f"{own.mean():.3f}", f"{null.mean():.3f}"))


def _sheet(references: Sequence[MiniReference], made: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """Reference image and what came of the title, references in the order of their counts, two to a row."""
    cells = [[render(reference.pictures[0]), *images[:4]] for reference, images in zip(references, made, strict=True)]
    return sheet([image for row in cells for image in row], 2 * len(cells[0]))


def _literal_sheet(pipeline: StableDiffusionPipeline, references: Sequence[MiniReference]) -> Image.Image:
    """Reference image and what came of its literal prompt, in the same order."""
    with seed_data("mini/prompts.csv").open(encoding="utf-8", newline="") as file:
        literal = {row["qid"]: row["text"] for row in csv.DictReader(file) if row["perturbation"] == "literal"}
    cells = [[render(r.pictures[0]), *sample(pipeline, literal[r.qid], 2)] for r in references]
    return sheet([image for row in cells for image in row], 12)


def _report(references: Sequence[MiniReference], comparison: Comparison, tau: float) -> None:
    repetitions = np.array([reference.repetitions for reference in references])
    shares = (comparison.own >= tau).mean(axis=1)
    say(f"threshold {tau:.3f}; the null reaches it in {(comparison.others >= tau).mean():.1%}")
    say(f"Spearman of log repetitions with recognition: {spearmanr(np.log1p(repetitions), shares).statistic:.3f}")
    similarity = spearmanr(np.log1p(repetitions), comparison.own.mean(axis=1)).statistic
    say(f"Spearman with mean similarity: {similarity:.3f}")
    for low, high in ((0, 0), (1, 2), (3, 6), (7, 15), (16, 43), (44, 105), (106, 256)):
        chosen = (repetitions >= low) & (repetitions <= high)
        say(f"{low:4d}-{high:<4d} n={chosen.sum():2d} recognised {shares[chosen].mean():.2f}")


if __name__ == "__main__":
    main()
