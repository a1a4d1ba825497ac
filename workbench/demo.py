"""``wb demo``: the miniature study, the one place that strings the whole job together.

48 references whose pictures are drawn by code, and a small diffusion model that was trained on them with known
repetition counts: real sampling, real scoring, no network. Because the training frequencies are known, it shows whether
the measures recover them.
"""

import tempfile
from pathlib import Path

import click
import polars as pl

from workbench.options import say, write_frame
from workbench.records import Thresholds
from workbench.seed import seed_data
from workbench.store import Store

IMAGES_PER_PROMPT = 3
MODEL = "mini"
FREQUENCY = "training_frequency"
NULL_IMAGES = 150
"""Of each kind, for the calibration."""
SHOWN = ["perturbation", "kind", "n_refs", "n", "mean_s", "cra", "vr", "vi", "crt"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("wb-demo"))
@click.option(
    "--images-per-prompt",
    type=click.IntRange(min=1),
    default=IMAGES_PER_PROMPT,
    show_default=True,
    help="More give finer measures and take longer.",
)
def demo(folder: Path, images_per_prompt: int) -> None:
    r"""Run a whole study in two minutes: no GPU, no network, and the truth is known.

    Makes FOLDER (default: wb-demo) with a study of 48 references, one model, three prompt conditions; run it again
    and it goes on where it was.

    \b
    Examples:
      wb demo
      wb demo elsewhere --images-per-prompt 10
    """
    db = folder / "workbench.duckdb"
    show(run_demo(db, images_per_prompt))
    say(f"\nexplore it: wb tui --thresholds calibrated --db {db}")


def run_demo(db: Path, images_per_prompt: int = IMAGES_PER_PROMPT) -> Store:
    """Ingest, generate, score and calibrate; what is there already is kept.

    Args:
        db: the study's file, made where there is none.
        images_per_prompt: of each of the 48 × 3 prompts.

    Raises:
        ModelError: If the packages that generate and score are not installed.
        StoreError: If the study cannot be written.
    """
    from generate import run as generating
    from generate.devices import use_one_thread
    from generate.mini.encoders import ENCODER, PATCH_ENCODER
    from generate.mini.references import write_reference_images
    from generate.request import GenerateRequest
    from generate.scoring import null, request, run
    from ingest.job import Sources, ingest_sources
    from ingest.prompts_csv import ingest_prompts

    _step(1, "references, drawn by code; their titles, synonyms and descriptions are the prompts")
    with tempfile.TemporaryDirectory() as drawn:
        index = write_reference_images(Path(drawn))
        ingest_sources(db, Sources(references=seed_data("mini/references.csv"), images=index))
    ingest_prompts(db, seed_data("mini/prompts.csv"))
    store = Store.open(db)
    use_one_thread()
    _step(2, "images by a small diffusion model that knows some of the titles")
    asked = GenerateRequest(model=MODEL, images_per_prompt=images_per_prompt, batch_size=24, device="cpu")
    generating.generate(store, generating.prepare(store, asked))
    _step(3, "raw scores by the packaged encoder")
    run.score(store, request.ScoreRequest(encoder=ENCODER, patch_encoder=PATCH_ENCODER, device="cpu"))
    _step(4, "the same images against other references: what similarity means nothing")
    sample = null.CalibrateRequest(encoder=ENCODER, patch_encoder=PATCH_ENCODER, device="cpu", images=NULL_IMAGES)
    null.calibrate(store, sample)
    return store


def show(store: Store) -> None:
    """Print the measures of each prompt condition, and what they make of the known frequencies."""
    from workbench.analysis.correlation import as_frame, correlations
    from workbench.store.thresholds import calibrate_thresholds

    taus = calibrate_thresholds(store, Thresholds())
    say(f"\nmeasures where 5 % of the comparisons with other references pass: {_spelled(taus)}")
    write_frame(store.frame("model_scores", **taus.parameters()).select(SHOWN), "table")
    asked = {"perturbations": ["title"], **taus.parameters()}
    found = as_frame(correlations(store.frame("correlation_input", **asked), ["all"]))
    say("\nSpearman's rho of the known training frequency with the measures, over references (title prompts):")
    shown = found.filter(pl.col("covariate") == FREQUENCY)
    write_frame(shown.select("measure", "rho", "low", "high", "p", "n", "reason"), "table")


def _step(number: int, what: str) -> None:
    say(f"\n[{number}/4] {what}")


def _spelled(taus: Thresholds) -> str:
    return f"τ {taus.tau_static:.3f} static, {taus.tau_dynamic:.3f} dynamic; τ_reuse {taus.tau_reuse:.3f}"
