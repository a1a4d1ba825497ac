"""Trains ``mini`` from nothing: ``python -m generate.mini.train --out DIR``.

Each part goes on from its checkpoint in DIR, so the same command continues what was interrupted. What comes out:
``model``, the diffusers folder; ``autoencoder.csv`` and ``denoiser.csv``, the losses; ``losses.png``; ``summary.json``.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch import Tensor

from generate.mini.autoencoder import (
    AutoencoderSettings,
    draw_pool,
    encode,
    psnr,
    rebuild,
    train_autoencoder,
)
from generate.mini.compositions import Composition, collage, compose, pixels
from generate.mini.curve import draw_curves
from generate.mini.denoiser import DenoiserSettings, train_denoiser
from generate.mini.lessons import Deck, Lessons, plan_lessons
from generate.mini.pipeline import assemble, save
from generate.mini.references import MiniReference, all_references
from generate.mini.vocabulary import build_tokenizer
from workbench.options import say


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for all that comes out."
)
@click.option("--autoencoder-steps", default=AutoencoderSettings().steps, show_default=True)
@click.option("--denoiser-steps", default=DenoiserSettings().steps, show_default=True)
@click.option("--threads", default=1, show_default=True, help="Of torch. More than one on a busy machine is slower.")
def main(out: Path, autoencoder_steps: int, denoiser_steps: int, threads: int) -> None:
    r"""Train the model of the miniature study.

    \b
    Example:
        python -m generate.mini.train --out build/mini
    """
    torch.set_num_threads(threads)
    train(out, AutoencoderSettings(steps=autoencoder_steps), DenoiserSettings(steps=denoiser_steps))


def train(out: Path, autoencoder_settings: AutoencoderSettings, denoiser_settings: DenoiserSettings) -> None:
    """Train both parts and write what comes of them."""
    out.mkdir(parents=True, exist_ok=True)
    references = all_references()
    say("autoencoder")
    autoencoder = train_autoencoder(out, draw_pool(references, autoencoder_settings), autoencoder_settings)
    say("latents")
    compositions = [compose(i) for i in range(denoiser_settings.compositions)]
    lessons = plan_lessons(compositions, references)
    latents = _latents(autoencoder, compositions, references)
    say("denoiser")
    tokenizer = build_tokenizer()
    denoiser = train_denoiser(out, tokenizer, lessons, latents, denoiser_settings)
    summary = _summary(autoencoder, references, lessons, denoiser_settings)
    (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    draw_curves(out / "losses.png", [out / "autoencoder.csv", out / "denoiser.csv"])
    save(assemble(autoencoder, denoiser, tokenizer), out / "model")
    say(f"model: {out / 'model'}")


def _latents(
    autoencoder: AutoencoderTiny, compositions: Sequence[Composition], references: Sequence[MiniReference]
) -> Tensor:
    """The latents of every picture, in the order in which the lessons number them."""
    pictures = [composition.picture for composition in compositions]
    pictures += [picture for reference in references for picture in reference.pictures]
    parts = [pictures[i : i + 64] for i in range(0, len(pictures), 64)]
    return torch.cat([encode(autoencoder, pixels(part)) for part in parts])


def _summary(
    autoencoder: AutoencoderTiny, references: Sequence[MiniReference], lessons: Lessons, settings: DenoiserSettings
) -> dict[str, float]:
    """How good the autoencoder is on pictures that it has not seen, and how often a repetition was seen."""
    deck = Deck(lessons, batch=settings.batch, references=settings.references, dropout=0, seed=settings.seed)
    unseen = range(1_000_000, 1_000_256)
    sets = {
        "collages": pixels([collage(i) for i in unseen]),
        "compositions": pixels([compose(i).picture for i in unseen]),
        "trained references": pixels([p for r in references if r.repetitions for p in r.pictures]),
        "untrained references": pixels([p for r in references if not r.repetitions for p in r.pictures]),
    }
    quality = {f"PSNR of {name}, dB": round(_psnr(autoencoder, images), 2) for name, images in sets.items()}
    return {**quality, "exposures of a repetition": round(deck.rounds(settings.steps), 2)}


def _psnr(autoencoder: AutoencoderTiny, images: np.ndarray) -> float:
    parts = np.array_split(images, max(1, len(images) // 64))
    return psnr(images, np.concatenate([rebuild(autoencoder, part) for part in parts]))


if __name__ == "__main__":
    main()
