"""``wb analyze``: one module per question; each command parses, calls one function of the analysis and prints."""

import importlib

import click

COMMANDS = {
    "cells": "cells:cells",
    "correlations": "correlations:correlations",
    "partial": "correlations:partial",
    "collinearity": "correlations:collinearity",
    "stability": "correlations:stability",
    "perturbations": "comparisons:perturbations",
    "models": "comparisons:models",
    "frequency": "frequency:frequency",
    "agreement": "agreement:agreement",
}
"""Name → module and attribute, imported on first use."""


class AnalyzeGroup(click.Group):
    """A group whose commands are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the study."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that holds the command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"{__name__}.{module}"), attribute)
        command.help = command.help and command.help.replace("\\b\n", "\b\n")
        return command


@click.group(cls=AnalyzeGroup)
def analyze() -> None:
    r"""Statistics over references: the unit is the reference, never the image.

    Every estimate comes with an interval; what cannot be estimated says why in the column reason.

    \b
    Example:
      wb analyze correlations
    """
