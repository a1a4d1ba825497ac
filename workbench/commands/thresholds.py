"""The thresholds of the measures as options: the study's, calibrated ones, or numbers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from workbench.errors import ConfigError
from workbench.options import FiniteRange
from workbench.records import Thresholds
from workbench.store import Store
from workbench.store.thresholds import FALSE_RATE, calibrate_thresholds

_TAUS = {"tau_static": "τ of static references", "tau_dynamic": "τ of dynamic ones", "tau_reuse": "τ of a reused patch"}


def threshold_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--thresholds``, ``--false-rate``, ``--tau-static``, ``--tau-dynamic`` and ``--tau-reuse``."""
    for name, text in reversed(_TAUS.items()):
        text = f"{text}, in place of --thresholds; the study's is {getattr(Thresholds(), name):.2f}."
        command = click.option(f"--{name.replace('_', '-')}", type=FiniteRange(-1, 1), help=text)(command)
    text = f"Calibrated: the share of comparisons with other references that pass. [{FALSE_RATE:g}]"
    rate = click.option("--false-rate", type=FiniteRange(0, 1), help=text)
    text = "The study's, or those of this file's encoders (wb calibrate)."
    choice = click.Choice(["study", "calibrated"])
    return click.option("--thresholds", type=choice, default="study", show_default=True, help=text)(rate(command))


def names_thresholds(asked: dict[str, Any]) -> bool:
    """Whether a command was asked for other thresholds than the study's."""
    return asked["thresholds"] != "study" or any(asked[name] is not None for name in ("false_rate", *_TAUS))


def check_no_thresholds(asked: dict[str, Any], where: str) -> None:
    """Refuse the options of ``threshold_options`` where nothing takes them.

    Args:
        asked: the command's options by name.
        where: nothing takes them, to be said.

    Raises:
        ConfigError: If one is given.
    """
    given = [name for name in ("false_rate", *_TAUS) if asked[name] is not None]
    if asked["thresholds"] != "study":
        given.insert(0, "thresholds")
    if given:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise ConfigError(f"{options}: {where} takes no thresholds", "leave them out")


def settle_thresholds(
    open_store: Callable[[], Store], asked: dict[str, Any], encoder: str | None = None, patch_encoder: str | None = None
) -> Thresholds:
    """Take the options of ``threshold_options`` out of what a command was asked.

    Args:
        open_store: called only where thresholds are to be calibrated.
        asked: the command's options by name.
        encoder: encoder_id behind s; None: as the measures choose.
        patch_encoder: encoder_id behind p; likewise.

    Raises:
        ConfigError: If a false rate is named for thresholds that are not calibrated.
        MetricError: If calibrated ones are asked for and the encoders are not calibrated.
        StoreError: If the study cannot be read.
    """
    kind, false_rate = asked.pop("thresholds"), asked.pop("false_rate")
    numbers = {name: value for name in _TAUS if (value := asked.pop(name)) is not None}
    chosen = Thresholds(encoder=encoder, patch_encoder=patch_encoder)
    if kind == "calibrated":
        chosen = calibrate_thresholds(open_store(), chosen, FALSE_RATE if false_rate is None else false_rate)
    elif false_rate is not None:
        raise ConfigError("--false-rate is of calibrated thresholds", "--thresholds calibrated takes them")
    return replace(chosen, **numbers)
