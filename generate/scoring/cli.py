"""``wb score``, ``wb calibrate``: torch is imported only once one of them runs."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from generate.options import DEVICE, POSITIVE
from generate.scoring.request import PACKAGED, STUDY, STUDY_PATCHES, ScoreRequest, choose_encoders
from workbench.options import db_option, output_options, write_frame
from workbench.store import Store
from workbench.store.thresholds import FALSE_RATE


def encoder_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which encoders compute, and how."""
    study = f"study: the encoders of the study, {STUDY} and {STUDY_PATCHES}."
    size = "Pictures or patches encoded at a time. Default: 4 on cpu, else 64."
    options = (
        click.option("--encoder", help=f"Of whole images: gives s. Default: {PACKAGED}."),
        click.option("--patch-encoder", help=f"Of patches: gives the sixteen p. Default: {PACKAGED}."),
        click.option("--preset", type=click.Choice(["study"]), help=study),
        click.option("--batch-size", type=POSITIVE, help=size),
        DEVICE,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@encoder_options
@click.option("--model", help="Only images of this model, by its id in the study.")
@click.option("--retry-failed", is_flag=True, help="Also what could not be scored before.")
@db_option
def score(db: Path, preset: str | None, encoder: str | None, patch_encoder: str | None, **options: Any) -> None:
    r"""Measure generated images against reference images.

    Raw numbers are stored; thresholds are applied when reading. Only what lacks a current score is scored: run it
    again after new images or new reference images.

    Encoders: efficientnet-lite0 (comes with the package, no download), clip:ORG/NAME or clip:./folder,
    open_clip:ARCHITECTURE/WEIGHTS, timm:NAME or timm:NAME@file, with #cls or #mean-patches after it.

    \b
    Examples:
      wb score
      wb score --preset study
      wb score --encoder clip:./clip-folder --patch-encoder timm:vit_small_patch14_dinov2@weights.safetensors
    """
    from generate.scoring import run

    choice = choose_encoders(preset, encoder, patch_encoder)
    run.score(Store.open(db), ScoreRequest(**asdict(choice), **options))


@click.command()
@encoder_options
@click.option("--images", type=POSITIVE, default=500, show_default=True, help="Generated images of each kind.")
@click.option("--others", type=POSITIVE, default=20, show_default=True, help="References that each is compared with.")
@click.option(
    "--false-rate", type=click.FloatRange(0, 1), default=FALSE_RATE, show_default=True, help="Share let through."
)
@db_option
@output_options
def calibrate(
    db: Path,
    format_: str,
    output: Path | None,
    false_rate: float,
    preset: str | None,
    encoder: str | None,
    patch_encoder: str | None,
    **options: Any,
) -> None:
    r"""Find thresholds for these encoders: compare images with references that they were not asked for.

    Prints the thresholds that a share --false-rate of these comparisons reaches by chance. The comparisons are
    stored, so another rate takes no new computing. Other commands take them by --thresholds calibrated.

    \b
    Examples:
      wb calibrate
      wb calibrate --preset study --images 2000 --false-rate 0.01
    """
    from generate.scoring import null

    choice = choose_encoders(preset, encoder, patch_encoder)
    store = Store.open(db)
    null.calibrate(store, null.CalibrateRequest(**asdict(choice), **options))
    write_frame(store.frame("calibration", false_rate=false_rate), format_, output)
