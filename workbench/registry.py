"""Names that users type, and what they stand for: model families, encoders, metrics, output formats."""

import difflib
import importlib
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar, cast

from workbench.errors import ConfigError

T = TypeVar("T")
_LISTED = 40
"""Names that an error shows: libraries know thousands."""


def unknown_name(noun: str, name: str, known: Iterable[str], hint: str = "") -> ConfigError:
    """The error for a name that does not exist: near names first, else all of them, or how many there are."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    listed = ", ".join(names[:_LISTED]) + (f", … ({len(names):,} in all)" if len(names) > _LISTED else "")
    offer = f"did you mean {' or '.join(near)}?" if near else f"known: {listed or 'none yet'}"
    return ConfigError(f"no {noun} named {name!r}; {offer}", hint)


class Registry(Generic[T]):
    """Name → object, or → ``"module:attribute"`` imported on first use.

    Args:
        noun: what is registered, for error messages ("encoder").
    """

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._targets: dict[str, T | str] = {}

    def add(self, name: str, target: T | str) -> None:
        """Register a name.

        Raises:
            ValueError: If the name is taken.
        """
        if name in self._targets:
            raise ValueError(f"{self.noun} {name!r} is registered already")
        self._targets[name] = target

    def __getitem__(self, name: str) -> T:
        if name not in self._targets:
            raise unknown_name(self.noun, name, self._targets)
        target = self._targets[name]
        if isinstance(target, str):
            module, _, attribute = target.partition(":")
            target = cast(T, getattr(importlib.import_module(module), attribute))
            self._targets[name] = target
        return target

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._targets))

    def __len__(self) -> int:
        return len(self._targets)
