"""Which device computes, and in which number format."""

from generate.extras import models_extra
from workbench.errors import ConfigError, ModelError

DTYPES = ("float32", "float16", "bfloat16")


def pick_device(name: str) -> str:
    """The device to use.

    Args:
        name: ``auto`` (cuda, else mps, else cpu), or a device of torch, e.g. ``cuda:1``; ``cpu`` needs no torch.

    Raises:
        ConfigError: If torch knows no such kind of device.
        ModelError: If this machine has none.
    """
    if name == "cpu":
        return name
    with models_extra():
        import torch
    if name != "auto":
        _check(name)
        return name
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _check(name: str) -> None:
    import torch

    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ConfigError(f"no device named {name!r}", "use auto, cpu, cuda, cuda:1 or mps") from error
    there = {
        "cuda": torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }
    if not there.get(device.type, False):
        raise ModelError(f"torch finds no device {name!r} on this machine", "--device auto takes what there is")


def use_one_thread() -> None:
    """Keep torch to one thread: small networks gain nothing from more, and sums come out alike on every machine."""
    with models_extra():
        import torch
    torch.set_num_threads(1)


def describe_device(name: str) -> str:
    """The device as a run records it, e.g. ``cuda: NVIDIA H100``."""
    with models_extra():
        import torch
    return f"{name}: {torch.cuda.get_device_name(name)}" if name.startswith("cuda") else name


def pick_dtype(name: str, device: str, on_gpu: str) -> str:
    """The number format to use.

    Args:
        name: ``auto`` or one of ``DTYPES``.
        device: from ``pick_device``.
        on_gpu: what the model is meant to use on a CUDA device; elsewhere float32 is the safe one.
    """
    if name != "auto":
        return name
    return on_gpu if device.startswith("cuda") else "float32"


def free_memory(device: str) -> int:
    """Bytes that a model may take on a device."""
    with models_extra():
        import torch
    if device.startswith("cuda"):
        return int(torch.cuda.mem_get_info(device)[0])
    with models_extra():
        import psutil
    return int(psutil.virtual_memory().available)


def gpu_memory(device: str) -> str | None:
    """How full the memory of a GPU is, to read: by whatever program; None: this machine has no such device."""
    if not device.startswith("cuda"):
        return None
    with models_extra():
        import torch
    if not torch.cuda.is_available():
        return None
    free, total = torch.cuda.mem_get_info(device)
    return f"{(total - free) / 1e9:.1f} of {total / 1e9:.1f} GB on the GPU"
