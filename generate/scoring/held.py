"""What an engine holds to score with: encoders or metrics on one device, each loaded once."""

import functools
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from generate.devices import describe_device
from generate.encoders.viewing import Viewing
from generate.engines.engine import LOCAL, Engine, EngineChoice
from generate.engines.registry import start_engine
from workbench.errors import ModelError

T = TypeVar("T")
BATCHES_TOGETHER = 8
"""That a worker is handed at least: the last of a lot may not be full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Generic[T]):
    """Encoders or metrics on one device, each loaded once, when it is needed first."""

    device: str
    viewing: Viewing
    _loaded: dict[str, T] = field(default_factory=dict)

    def load(self, name: str) -> T:
        """One by its name; errors as ``load_anew``."""
        if name not in self._loaded:
            self._loaded[name] = self.load_anew(name)
        return self._loaded[name]

    def load_anew(self, name: str) -> T:
        """One by its name, from its registry; errors as there."""
        raise NotImplementedError

    def describe(self) -> str:
        """What computes, as a run records it."""
        return describe_device(self.device)


H = TypeVar("H", bound=Held[Any])


def start_holding(kind: type[H], choice: EngineChoice, device: str, viewing: Viewing, folder: Path) -> Engine[H]:
    """Start an engine that scores.

    Args:
        kind: what it holds.
        choice: which engine.
        device: that its workers compute on.
        viewing: how they look at pictures.
        folder: of the pictures; other machines must see it, too.

    Raises:
        ModelError: If it cannot be started.
    """
    load = functools.partial(kind, device=device, viewing=viewing)
    return start_engine(choice, load if choice.engine == LOCAL else functools.partial(_seeing, folder, load), device)


def _seeing(folder: Path, load: Callable[[], H]) -> H:
    """Load on a machine that may be another, and may not see the pictures."""
    if not folder.is_dir():
        hint = "all machines of the cluster must see the images at the same path"
        raise ModelError(f"{socket.gethostname()} has no folder {folder}", hint)
    return load()
