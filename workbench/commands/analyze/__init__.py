"""``wb analyze``: one module per question; each command parses, calls one function of the analysis and prints."""

import click

from workbench.lazygroup import LazyGroup

COMMANDS = {
    "cells": "cells:cells",
    "correlations": "correlations:correlations",
    "partial": "correlations:partial",
    "collinearity": "correlations:collinearity",
    "stability": "correlations:stability",
    "perturbations": "comparisons:perturbations",
    "models": "comparisons:models",
    "frequency": "frequency:frequency",
    "recognition": "recognition:recognition",
    "power": "power:power",
    "agreement": "agreement:agreement",
}
"""Name → module and attribute, imported on first use."""


@click.group(cls=LazyGroup, places={name: f"{__name__}.{place}" for name, place in COMMANDS.items()})
def analyze() -> None:
    r"""Statistics over references: the unit is the reference, never the image.

    Every estimate comes with an interval; what cannot be estimated says why in the column reason.

    \b
    Example:
      wb analyze correlations
    """
