"""Failures of a device, which no item is to blame for."""

from workbench.errors import ModelError, reason


class DeviceFailed(ModelError):
    """A device computes nothing any more."""


def device_failed(error: BaseException) -> DeviceFailed:
    """The error for a device that computes nothing any more: no item is to blame for it."""
    hint = "what was written stays; run the same command again to go on"
    return DeviceFailed(f"the device has failed: {reason(error)}", hint)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether less at a time would fit: torch has an error for this on a GPU, and none on a CPU."""
    import torch

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
