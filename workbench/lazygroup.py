"""Click groups that import a command only when it is asked for."""

import importlib
from collections.abc import Mapping
from typing import Any

import click


def keep_examples(command: click.Command) -> click.Command:
    r"""Let click leave the lines below a ``\b`` of a raw docstring alone: it looks for the backspace character."""
    command.help = command.help and command.help.replace("\\b\n", "\b\n")
    for child in command.commands.values() if isinstance(command, click.Group) else ():
        keep_examples(child)
    return command


class LazyGroup(click.Group):
    """A group whose commands are imported on first use.

    Args:
        places: name → ``module:attribute``, in the order in which they are listed.
        options: of ``click.Group``.
    """

    def __init__(self, *, places: Mapping[str, str], **options: Any) -> None:
        super().__init__(**options)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the study."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that holds the command."""
        if cmd_name not in self._places:
            return None
        module, _, attribute = self._places[cmd_name].partition(":")
        return keep_examples(getattr(importlib.import_module(module), attribute))
