"""A real SPARQL server on loopback."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ITEMS = Path(__file__).parent / "items.ttl"
PREFIXES = "".join(line for line in ITEMS.read_text(encoding="utf-8").splitlines(True) if line.startswith("@prefix"))
"""Of Wikidata."""


@dataclass(frozen=True)
class Oxigraph:
    """A running server."""

    base: str

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"{self.base}/query"

    def load(self, turtle: str) -> None:
        """Let it hold these statements in place of those before."""
        request = urllib.request.Request(f"{self.base}/store?default", turtle.encode(), method="PUT")
        request.add_header("Content-Type", "text/turtle")
        try:
            with urllib.request.urlopen(request, timeout=20):
                return
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error


@contextmanager
def serving_statements(turtle: str = "") -> Iterator[Oxigraph]:
    """A server that holds some statements."""
    binary = Path(sys.executable).parent / "oxigraph"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(binary if binary.exists() else shutil.which("oxigraph")), "serve", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found = Oxigraph(f"http://127.0.0.1:{port}")
    try:
        _wait(port)
        found.load(turtle)
        yield found
    finally:
        server.terminate()
        server.wait(10)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
