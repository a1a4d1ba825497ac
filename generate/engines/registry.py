"""The engines by name."""

from collections.abc import Callable
from typing import Any, TypeVar

from generate.devices import pick_device
from generate.engines.engine import LOCAL, RAY, Engine, EngineChoice
from workbench.errors import ConfigError
from workbench.registry import Registry

L = TypeVar("L")
Starter = Callable[[Callable[[], Any], EngineChoice, str], Engine[Any]]
"""(what loads, how large it is to be, device) → the engine."""

ENGINES: Registry[Starter] = Registry("engine")
ENGINES.add(LOCAL, "generate.engines.local:LocalEngine")
ENGINES.add(RAY, "generate.engines.cluster:RayEngine")


def start_engine(choice: EngineChoice, load: Callable[[], L], device: str) -> Engine[L]:
    """Start an engine.

    Args:
        choice: which.
        load: makes what each worker holds; of a module, or a part of such.
        device: that it loads onto.

    Raises:
        ModelError: If it cannot be started.
    """
    return ENGINES[choice.engine](load, choice, device)


def device_for(choice: EngineChoice, name: str) -> str:
    """The device of workers.

    Args:
        choice: the engine; a cluster's workers have other devices than this machine, which is not looked at.
        name: ``auto``, or a device of torch.

    Raises:
        ConfigError: If torch knows no such kind of device, or one of a cluster is numbered.
        ModelError: If this machine is to compute and has none.
    """
    choice.check()
    if choice.engine == LOCAL:
        return pick_device(name)
    if name == "auto":
        return "cuda" if choice.gpus_per_worker else "cpu"
    if name not in ("cpu", "cuda", "mps"):
        raise ConfigError(f"a worker has no device named {name!r}", "--device cuda is the one that Ray gives it")
    return name
