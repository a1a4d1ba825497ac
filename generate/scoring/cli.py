"""``wb score``, ``wb calibrate``: torch is imported only once one of them runs."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from generate.encoders.viewing import CROPS, PRECISIONS
from generate.engines.engine import EngineChoice, changed_engine
from generate.options import DEVICE, POSITIVE, engine_options
from generate.scoring.request import (
    PACKAGED,
    STUDY,
    STUDY_PATCHES,
    EncoderChoice,
    ScoreRequest,
    check_no_encoder,
    choose_encoders,
)
from workbench.options import FiniteRange, db_option, output_options, say, write_frame
from workbench.store import Store
from workbench.store.thresholds import FALSE_RATE


def encoder_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which encoders compute, and how."""
    study = f"study: the encoders of the study, {STUDY} and {STUDY_PATCHES}."
    like = "paper: every choice of the released scripts, their encoders where none is named."
    crop = "How pictures become square: a film frame of 2.39:1 loses 58 % to centre. Default: the encoder's own."
    precision = "bfloat16: faster on most GPUs; cosines move by up to 0.03."
    size = "Pictures or patches encoded at a time. Default: 4 or 8 on cpu, else 64."
    options = (
        click.option("--encoder", help=f"Of whole images: gives s. Default: {PACKAGED}."),
        click.option("--patch-encoder", help=f"Of patches: gives the sixteen p. Default: {PACKAGED}."),
        click.option("--preset", type=click.Choice(["study"]), help=study),
        click.option("--like", type=click.Choice(["paper"]), help=like),
        click.option("--crop", type=click.Choice(CROPS), help=crop),
        click.option(
            "--precision", type=click.Choice(PRECISIONS), default="float32", show_default=True, help=precision
        ),
        click.option("--batch-size", type=POSITIVE, help=size),
        DEVICE,
    )
    for option in reversed(options):
        command = option(command)
    return command


def encoder_choice(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the answers to ``encoder_options`` over as one ``choice``."""

    @functools.wraps(command)
    def chosen(**options: Any) -> Any:
        names = inspect.signature(choose_encoders).parameters
        choice = choose_encoders(**{name: options.pop(name) for name in names})
        return command(choice=choice, **options)

    return chosen


@click.command()
@encoder_options
@click.option("--metric", "metrics", multiple=True, help="Another measure, in place of s and p (repeatable).")
@click.option("--model", help="Only images of this model, by its id in the study.")
@engine_options
@click.option("--retry-failed", is_flag=True, help="Also what could not be scored before.")
@db_option
@encoder_choice
def score(db: Path, choice: EncoderChoice, metrics: tuple[str, ...], **options: Any) -> None:
    r"""Measure generated images against reference images.

    Raw numbers are stored; thresholds are applied when reading. Only what lacks a current score is scored: run it
    again after new images or new reference images.

    Encoders: efficientnet-lite0 (comes with the package, no download), clip:ORG/NAME or clip:./folder,
    open_clip:ARCHITECTURE/WEIGHTS, timm:NAME or timm:NAME@file, with #cls or #mean-patches after it, sscd:file.

    Metrics: ssim, ms-ssim, phash, lpips:alex or lpips:alex@file, dreamsim:open_clip_vitb32@folder,
    clipscore:ORG/NAME, similarity:ENCODER (any encoder), consistency:ENCODER (with the other images of the prompt),
    vr:ENCODER or vr:TAU:ENCODER.

    \b
    Examples:
      wb score
      wb score --preset study
      wb score --preset study --crop pad
      wb score --metric ssim --metric phash --metric similarity:sscd:./sscd_disc_mixup.torchscript.pt
      wb score --encoder clip:./clip-folder --patch-encoder timm:vit_small_patch14_dinov2@weights.safetensors
    """
    from generate.scoring import metric_run, run

    store = Store.open(db)
    engine = changed_engine(EngineChoice(), options)
    if metrics:
        check_no_encoder(choice)
        asked = metric_run.MetricRequest(metrics=metrics, viewing=choice.viewing, engine=engine, **options)
        metric_run.score_metrics(store, asked)
        say("next: wb benchmark, or wb sql 'FROM metric_scores'")
    else:
        run.score(store, ScoreRequest(**choice.fields(), engine=engine, **options))
        say("next: wb tui")


@click.command()
@encoder_options
@click.option("--images", type=POSITIVE, default=500, show_default=True, help="Generated images of each kind.")
@click.option("--others", type=POSITIVE, default=20, show_default=True, help="References that each is compared with.")
@engine_options
@click.option("--false-rate", type=FiniteRange(0, 1), default=FALSE_RATE, show_default=True, help="Share let through.")
@db_option
@output_options
@encoder_choice
def calibrate(
    db: Path, format_: str, output: Path | None, false_rate: float, choice: EncoderChoice, **options: Any
) -> None:
    r"""Find thresholds for these encoders: compare images with references that they were not asked for.

    Prints the thresholds that a share --false-rate of these comparisons reaches by chance, each with its interval
    over references; held_out_rate is the share that reaches a threshold found without the references of these
    images, study_rate the share that reaches the study's. The comparisons are stored, so another rate takes no new
    computing. Other commands take the thresholds by --thresholds calibrated.

    \b
    Examples:
      wb calibrate
      wb calibrate --preset study --images 2000 --false-rate 0.01
    """
    from generate.scoring import null

    store = Store.open(db)
    engine = changed_engine(EngineChoice(), options)
    failed = null.calibrate(store, null.CalibrateRequest(**choice.fields(), engine=engine, **options))
    write_frame(null.thresholds(store, false_rate), format_, output)
    if failed:
        raise failed
