"""``wb benchmark``: torch is imported only where pictures outside a study are measured."""

from pathlib import Path
from typing import Any

import click

from generate.options import DEVICE
from workbench.commands.thresholds import check_no_thresholds, settle_thresholds, threshold_options
from workbench.errors import SomeItemsFailed
from workbench.figures import check_target, figure_option
from workbench.options import db_option, output_options, write_frame
from workbench.store import Store


@click.command()
@click.option(
    "--labels",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV: image,label and, for pictures outside the study, reference. Default: what people judged.",
)
@click.option("--mini", is_flag=True, help="The ground truth of the miniature study, drawn anew.")
@click.option("--metric", "metrics", multiple=True, help="Of pictures outside a study (repeatable), as in wb score.")
@click.option("--against", metavar="MEASURE", help="Measure that the others are compared with. Default: VR.")
@click.option("--resamples", type=click.IntRange(200), default=2000, show_default=True, help="Of the bootstrap.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the bootstrap.")
@DEVICE
@threshold_options
@db_option
@figure_option
@output_options
def benchmark(
    db: Path, format_: str, output: Path | None, figure: Path | None, resamples: int, seed: int, **options: Any
) -> None:
    r"""Which measures tell replications from re-interpretations?

    For every measure that the labelled images have: AUC, average precision, accuracy at a threshold that was chosen
    on other references, and how its AUC differs from that of VR, all with bootstrap intervals over references. Higher
    always means closer: distances are turned. --thresholds and the like say where VR takes a patch as reused.

    \b
    Examples:
      wb benchmark --mini
      wb benchmark --thresholds calibrated --figure benchmark.svg
      wb benchmark --labels labels.csv --metric ssim --metric lpips:alex --metric vr:clip:./folder
    """
    from generate.benchmark import run
    from workbench.analysis.frames import records_frame
    from workbench.analysis.resampling import Bootstrap
    from workbench.analysis.telling import Telling

    check_target(figure)
    fields = ("labels", "mini", "metrics", "against", "device")
    request = run.BenchmarkRequest(**{name: options.pop(name) for name in fields})
    if request.mini:
        check_no_thresholds(options, "--mini")
    labelled = run.gather(lambda: Store.open(db), lambda: settle_thresholds(lambda: Store.open(db), options), request)
    rows = run.table(labelled, request.against, Bootstrap(resamples=resamples, seed=seed))
    write_frame(records_frame(rows, Telling), format_, output)
    if figure:
        from generate.benchmark.figure import draw

        draw(rows, figure)
    if labelled.failed:
        raise SomeItemsFailed(f"{labelled.failed:,} values could not be computed", "they are listed above")
