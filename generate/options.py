"""Click options that the commands which load models have in common."""

from collections.abc import Callable
from typing import Any

import click

from workbench.options import FiniteRange

POSITIVE = click.IntRange(min=1)
DEVICE = click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda, cuda:1, mps.")


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what computes."""
    address = "Of the cluster, e.g. auto or host:6379. Default: RAY_ADDRESS, this machine's, else one is started here."
    gpus = "Below 1: several workers share one; 0: they compute on the CPU."
    options = (
        click.option(
            "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="What computes."
        ),
        click.option("--ray-address", metavar="ADDRESS", help=address),
        click.option("--workers", type=POSITIVE, help="Of the cluster. Default: as many as it has room for."),
        click.option("--gpus-per-worker", type=FiniteRange(min=0), default=1.0, show_default=True, help=gpus),
    )
    for option in reversed(options):
        command = option(command)
    return command
