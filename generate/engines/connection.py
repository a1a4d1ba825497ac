"""The little of Ray that is used: a connection, actors, results."""

import contextlib
import logging
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from generate.extras import models_extra
from workbench.errors import ModelError, reason

QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # the default warns that it will change
    "RAY_DEDUP_LOGS_SKIP_REGEX": "^A worker died or was killed",  # 800 characters of what the engine says in a line
}
"""What the environment says to Ray, which looks as it is imported, where the user says nothing else: no news of who
uses it, no warnings, nothing twice."""
CONNECT_SECONDS = 10.0


class Connection:
    """A connection to a cluster, or a cluster of this machine that lives as long as it.

    Args:
        address: of the cluster; None: that of ``RAY_ADDRESS`` or of this machine, else one is started here.

    Raises:
        ModelError: If Ray is not installed, or there is no cluster at the address.
    """

    def __init__(self, address: str | None) -> None:
        for name, value in QUIET.items():
            os.environ.setdefault(name, value)
        with models_extra():
            import ray
        self._ray: Any = ray
        self.task_error: type[Any] = ray.exceptions.RayTaskError
        self.any_error: type[Any] = ray.exceptions.RayError
        self._ours = not ray.is_initialized()
        # Ray prints what it has to say of dead workers, and stdout is for data.
        with contextlib.ExitStack() as undo:
            undo.enter_context(contextlib.redirect_stdout(sys.stderr))
            if self._ours:
                with _handlers_kept():
                    self._connect(address)
            self._undo = undo.pop_all()

    def _connect(self, address: str | None) -> None:
        try:
            _check_reachable(address or os.environ.get("RAY_ADDRESS", ""))
            self._ray.init(
                address=address,
                include_dashboard=None if address else False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (ConnectionError, ValueError, RuntimeError, OSError) as error:
            hint = "ray status says whether it runs; without an address one is started here"
            where = address or os.environ.get("RAY_ADDRESS", "this machine")
            raise ModelError(f"no Ray cluster at {where}: {reason(error)}", hint) from error

    def room(self, gpus: float) -> int:
        """Workers that the cluster has room for as it is.

        Raises:
            ModelError: If there is none for even one.
        """
        there = self._ray.cluster_resources()
        count = int(there.get("GPU", 0) / gpus) if gpus else int(there.get("CPU", 0))
        if count < 1:
            hint = "--workers waits for machines to come; --gpus-per-worker 0 computes on the CPU"
            raise ModelError(f"the cluster has {there.get('GPU', 0):g} GPUs: no worker finds room there", hint)
        return count

    def actor(self, class_: type[Any], gpus: float, *arguments: Any) -> Any:
        """An actor of one core, and of so many GPUs."""
        return self._ray.remote(num_cpus=1, num_gpus=gpus, max_restarts=0)(class_).remote(*arguments)

    def ready(self, references: Sequence[Any], seconds: float) -> list[Any]:
        """Those of these that have come, at least one of them unless so much time has passed."""
        found, _ = self._ray.wait(list(references), num_returns=1, timeout=seconds)
        return list(found)

    def get(self, reference: Any) -> Any:
        """A result; raises what its worker raised."""
        return self._ray.get(reference)

    def kill(self, actor: Any) -> None:
        """End an actor, dead or alive."""
        with contextlib.suppress(self.any_error, OSError, RuntimeError, ValueError):
            self._ray.kill(actor)

    def why(self, error: BaseException) -> str:
        """Why an actor is no more, in one line."""
        text = str(error).strip()
        if found := re.search(r"exit detail: (.+?)(?: Some common| There are|$)", text, re.MULTILINE):
            return found[1]
        return text.splitlines()[-1] if "creation task" in text else reason(error)

    def close(self) -> None:
        """Disconnect; a cluster that was started here ends."""
        if self._ours:
            self._ray.shutdown()
        self._undo.close()


def _check_reachable(address: str) -> None:
    """Fail at once where nobody listens: Ray itself goes on trying for minutes."""
    match = re.fullmatch(r"(?:ray://)?\[?([^\[\]/]+?)\]?:(\d+)", address)
    if match is not None:
        socket.create_connection((match[1], int(match[2])), CONNECT_SECONDS).close()


@contextlib.contextmanager
def _handlers_kept() -> Iterator[None]:
    """Ray takes the handler of SIGTERM, which is to interrupt as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
