"""Servers on loopback: one that misbehaves as told, one that stands before another."""

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server sends."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_up: bool = False
    delay: float = 0.0
    missing: int = 0
    """Bytes that are promised and never come."""
    slice_: int = 1 << 30
    """Bytes that come at a time."""
    pause: float = 0.0
    """Seconds after each slice."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the server was asked."""

    at: float
    headers: Mapping[str, str]
    body: bytes
    path: str = ""


@dataclass
class LocalServer:
    """A server that answers its requests one after the other by a script."""

    url: str
    asked: list[Asked]
    most: int = 0
    """Requests that were answered at the same time."""
    open: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count a request while it is answered."""
        with self.lock:
            self.open += 1
            self.most = max(self.most, self.open)
        try:
            yield
        finally:
            with self.lock:
                self.open -= 1


HTML = Answer(body=b"<!DOCTYPE html><html><body>Too many requests</body></html>", headers={"Content-Type": "text/html"})
TRUNCATED = Answer(body=b'{"head": {"vars": ["item"]}, "results": {"bindings": [{"item": {"type": "u')
EMPTY = Answer(body=b'{"head": {"vars": []}, "results": {"bindings": []}}')


def _handler(found: LocalServer, answer: Callable[[int, Asked], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            with found.counted():
                asked = Asked(at=time.monotonic(), headers=dict(self.headers), body=body, path=self.path)
                with found.lock:
                    found.asked.append(asked)
                    number = len(found.asked) - 1
                self.tell(answer(number, asked))

        def tell(self, told: Answer) -> None:
            time.sleep(told.delay)
            if told.hang_up:
                self.close_connection = True
                return
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body) + told.missing))
            self.end_headers()
            for start in range(0, len(told.body), told.slice_):
                self.wfile.write(told.body[start : start + told.slice_])
                time.sleep(told.pause)

        def log_message(self, *_: object) -> None:
            pass

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (BrokenPipeError, ConnectionResetError):  # the client has had enough
                self.close_connection = True

    return Handler


@contextmanager
def serving(answer: Callable[[int, Asked], Answer]) -> Iterator[LocalServer]:
    """A server whose nth request, from 0, gets ``answer(n, request)``."""
    found = LocalServer("", [])
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(found, answer)) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/sparql"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


def script(*answers: Answer) -> Callable[[int, Asked], Answer]:
    """These answers in turn, the last one for ever."""
    return lambda n, _: answers[min(n, len(answers) - 1)]


def forward(url: str, request: Asked) -> Answer:
    """The answer that another server gives to a request."""
    headers = {name: request.headers[name] for name in ("Content-Type", "Accept")}
    with urllib.request.urlopen(urllib.request.Request(url, request.body, headers), timeout=20) as response:
        return Answer(body=response.read(), headers={"Content-Type": response.headers["Content-Type"]})
