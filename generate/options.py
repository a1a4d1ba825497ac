"""Click options that the commands which load models have in common."""

import click

POSITIVE = click.IntRange(min=1)
DEVICE = click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda, cuda:1, mps.")
