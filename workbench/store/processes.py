"""Whether the process of a run is gone for certain: what cannot be known from here is left open.

A process id alone says little: it is given to others later, and containers count their own. So a run also keeps the
place where its id holds, a boot of a machine and a space of ids in it, and the tick at which its process started there.
"""

import os
import socket
from pathlib import Path

from workbench.records import Run
from workbench.store.clock import from_epoch

_PROC = Path("/proc")


def this_process() -> str | None:
    """The place of this process and its start, which together no other process has; None: the system does not say."""
    place, started = _place(), _started(os.getpid())
    return None if place is None or started is None else f"{place}/{started}"


def is_gone(run: Run) -> bool:
    """Whether the process of a run is no more, for certain.

    On another host it may live. In another place of this host (the machine, or the container, was started anew) it is
    gone if that was after its last sign of life; else the two may stand side by side.
    """
    if run.host != socket.gethostname() or os.name != "posix":
        return False
    here = _place()
    if run.process is None or here is None:
        return not _is_there(run.pid)
    place, _, started = run.process.rpartition("/")
    if place == here:
        return not _is_there(run.pid) or _is_another(run.pid, int(started))
    began = _place_began()
    return began is not None and from_epoch(began) > run.updated_utc


def is_alive(run: Run) -> bool:
    """Whether the process of a run is there, for certain: one of this place, of the same start."""
    if run.host != socket.gethostname() or run.process is None:
        return False
    return run.process.rpartition("/")[0] == _place() and not is_gone(run)


def _place() -> str | None:
    """Where process ids are those that this process sees: a boot of a machine, and a namespace in it."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.readlink(_PROC / 'self/ns/pid')}"  # noqa: PTH115  (it names no file)
    except OSError:
        return None


def _stat(pid: int) -> list[bytes]:
    """The state of a process of this place and what follows it; empty: it is none, or another user's that is hidden."""
    try:
        # The name of the program comes first, in brackets, and may hold anything.
        return (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []


def _started(pid: int) -> int | None:
    """When a process of this place started, in ticks since boot; None: the system does not say."""
    fields = _stat(pid)
    return int(fields[19]) if fields else None


def _is_another(pid: int, started: int) -> bool:
    """Whether a process is certainly not the one that started then, or has ended and only waits to be reaped."""
    fields = _stat(pid)
    return bool(fields) and (fields[0] in (b"Z", b"X") or int(fields[19]) != started)


def _place_began() -> float | None:
    """When the first process of this place started, in seconds since 1970."""
    ticks = _started(1)
    if ticks is None:
        return None
    lines = (_PROC / "stat").read_text(encoding="ascii").splitlines()
    boot = next(int(line.split()[1]) for line in lines if line.startswith("btime "))
    return boot + ticks / os.sysconf("SC_CLK_TCK")


def _is_there(pid: int) -> bool:
    """Whether any process has this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
