"""Why something failed, in one line."""

from workbench.errors import ModelError, WorkbenchError


def reason(error: BaseException) -> str:
    """First line of an error; its type before it, unless it is one that speaks for itself."""
    lines = str(error).strip().splitlines()
    if not lines:
        return type(error).__name__
    return lines[0] if isinstance(error, WorkbenchError | OSError) else f"{type(error).__name__}: {lines[0]}"


class DeviceFailed(ModelError):
    """A device computes nothing any more."""


def device_failed(error: BaseException) -> DeviceFailed:
    """The error for a device that computes nothing any more: no item is to blame for it."""
    hint = "what was written stays; run the same command again to go on"
    return DeviceFailed(f"the device has failed: {reason(error)}", hint)
