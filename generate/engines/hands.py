"""A worker of a cluster: loads once, and does what it is handed. Nothing of the cluster is known here."""

import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from generate.engines.engine import Work
from workbench.errors import ModelError
from workbench.store.runs import library_versions

LIBRARIES = ("torch", "torchvision", "diffusers", "transformers", "timm", "open_clip_torch", "pillow")
"""That decide what models make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a lot."""

    results: Sequence[Any]
    notes: Sequence[str]


class Hands:
    """Holds what it has loaded.

    Args:
        load: makes it, on the first occasion.
        versions: of the libraries that the driver has: with others, other results would come out under its name.
    """

    def __init__(self, load: Callable[[], Any], versions: Mapping[str, str]) -> None:
        self._load = load
        self._versions = versions
        self._loaded: Any = None

    def start(self) -> str:
        """Load; the name of the host.

        Raises:
            ModelError: If it cannot be loaded here, or the libraries are others.
        """
        check_versions(self._versions)
        self._loaded = self._load()
        return socket.gethostname()

    def ask(self, question: Callable[[Any], Any]) -> Any:
        """What the loaded answers."""
        return question(self._loaded)

    def do(self, work: Work[Any, Any, Any, Any], items: Sequence[Any]) -> Done:
        """Do a lot; results are finished in a thread while the next are computed."""
        notes: list[str] = []
        with ThreadPoolExecutor(1, "finish") as beside:
            waiting = [beside.submit(work.finish, one) for one in work.compute(self._loaded, items, notes.append)]
        return Done(results=[one.result() for one in waiting], notes=notes)


def versions_here(libraries: Collection[str] = LIBRARIES) -> dict[str, str]:
    """Versions of the libraries, without what only names a build."""
    found = library_versions(tuple(libraries))
    return {name: found[name].partition("+")[0] for name in libraries if name in found}


def check_versions(expected: Mapping[str, str]) -> None:
    """Refuse a machine that has other libraries.

    Raises:
        ModelError: If one is missing or another.
    """
    here = versions_here(expected)
    other = [f"{name} {here.get(name, 'missing')}, not {v}" for name, v in expected.items() if here.get(name) != v]
    if other:
        message = f"{socket.gethostname()} has other libraries than this process: {', '.join(other)}"
        raise ModelError(message, "install the same versions on all machines of the cluster")
