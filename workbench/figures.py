"""Figures by matplotlib, which only they need: nothing here is imported before one is asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workbench.errors import ConfigError

FORMATS = (".svg", ".png", ".pdf")
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's: told apart by the colour-blind, too."""
INSTALL = "pip install 'multimodal-iconicity-workbench[figures]'"


def figure_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--figure``."""
    path = click.Path(path_type=Path, dir_okay=False, writable=True)
    return click.option("--figure", type=path, help="Draw it, too: a .svg, .png or .pdf file.")(command)


def new_figure(width: float, height: float) -> Any:
    """An empty figure, inches.

    Raises:
        ConfigError: If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ConfigError("matplotlib is not installed", INSTALL) from error
    return Figure(figsize=(width, height), layout="constrained")


def check_target(target: Path | None) -> None:
    """Refuse a file that no figure can be written to, before anything is computed for it.

    Raises:
        ConfigError: If its name ends otherwise than figures do.
    """
    if target is not None and target.suffix.lower() not in FORMATS:
        raise ConfigError(f"a figure cannot be written to {target.name}", f"name it {', '.join(FORMATS)}")


def save_figure(figure: Any, target: Path) -> None:
    """Write a figure in the format that its file's name says.

    Raises:
        ConfigError: If the file cannot be written.
    """
    import matplotlib

    check_target(target)
    try:
        with matplotlib.rc_context({"svg.hashsalt": "workbench", "svg.fonttype": "none"}):
            figure.savefig(target, dpi=200, metadata={"Date": None} if target.suffix.lower() == ".svg" else None)
    except OSError as error:
        raise ConfigError(f"cannot write {target}: {error.strerror}", "check the folder and its rights") from error
