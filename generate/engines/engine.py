"""What an engine is: something that is loaded once for each worker, and does items with it."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, Protocol, TypeVar

from workbench.errors import ConfigError

L = TypeVar("L")
"""What is loaded: a model, encoders."""
L_contra = TypeVar("L_contra", contravariant=True)
I = TypeVar("I")  # noqa: E741
R = TypeVar("R")
S = TypeVar("S")
A = TypeVar("A")
LOCAL, RAY = "local", "ray"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Generic[L, I, R, S]):
    """What is done with items. Its functions are of modules, or parts of such: they travel to other machines."""

    compute: Callable[[L, Iterable[I], Callable[[str], None]], Iterable[R]]
    """(what is loaded, items, a way to say something) → results, in order, on the device."""
    finish: Callable[[R], S]
    """What needs no device: done in a thread beside it."""
    lost: Callable[[Sequence[I], str], S]
    """The result for items that nothing could be made of, because their workers died, and why."""
    group: Callable[[I], Hashable]
    """Items that follow each other and have the same are done by one worker."""
    enough: int
    """Items that are worth to be handed out together; more groups are added up to it."""
    most: int | None = None
    """Items of a group that are handed out together; None: all."""


def alone(result: R) -> list[R]:
    """What comes of one item, where there is nothing to finish."""
    return [result]


class Engine(Protocol[L]):
    """Workers that have loaded the same."""

    def ask(self, question: Callable[[L], A]) -> A:
        """What one of them answers.

        Raises:
            WorkbenchError: If it could not be loaded, or as the question does.
        """

    def do(self, work: Work[L, I, R, S], items: Iterable[I], note: Callable[[str], None]) -> Iterator[Callable[[], S]]:
        """Do items, taken as they are needed; what comes out is to be called beside, in a thread.

        Args:
            work: what is done.
            items: in the order in which they are handed out.
            note: told what a person should know.

        Raises:
            ModelError: If no worker can go on.
        """

    def close(self) -> None:
        """Give everything back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """Which engine, and how large."""

    engine: str = LOCAL
    ray_address: str | None = None
    """Of a cluster; None: that of RAY_ADDRESS or of this machine, else one is started here."""
    workers: int | None = None
    """None: as many as the cluster has room for."""
    gpus_per_worker: float = 1.0
    """Below 1: several share one; 0: they compute on the CPU."""

    def check(self) -> None:
        """Refuse what goes with a cluster where there is none.

        Raises:
            ConfigError: If it is asked for.
        """
        if self.engine == LOCAL and self != EngineChoice():
            hint = "--engine ray takes them"
            raise ConfigError("--ray-address, --workers and --gpus-per-worker are of another engine", hint)


def changed_engine(choice: EngineChoice, options: dict[str, Any]) -> EngineChoice:
    """The choice with options in place of its own, which are taken out; another engine comes without the former's."""
    given = {f.name: options.pop(f.name) for f in fields(EngineChoice) if f.name in options}
    return replace(EngineChoice() if "engine" in given else choice, **given)
