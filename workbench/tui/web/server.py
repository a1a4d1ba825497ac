"""Serve the application by textual-serve: each page that is opened runs a ``wb tui`` of its own.

The library's own page fetches a font from the internet and names one address only; ours needs neither. Its
server takes any page's connection; ours takes those of its own page, for a browser lets every page in it connect to
this machine.
"""

import asyncio
from importlib.resources import files
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

from workbench.options import say

CLOSING_SECONDS = 5.0
"""How long pages that are open have to end, before the server does."""


class WebServer(Server):
    """Serves one command.

    Args:
        command: of a shell, which runs the application.
        host: to listen on.
        port: to listen on.
    """

    def __init__(self, command: str, host: str, port: int) -> None:
        super().__init__(command, host=host, port=port, title="wb")
        self._sessions: set[asyncio.Task[object]] = set()

    def serve(self, debug: bool = False) -> None:
        """Serve until interrupted; say where, once it listens."""
        app = web.Application()
        app.add_routes([web.get("/", self.handle_index), web.get("/ws", self.handle_websocket)])
        app.add_routes([web.get("/download/{key}", self.handle_download), web.static("/static", self.statics_path)])
        app.on_shutdown.append(self.on_shutdown)
        web.run_app(app, host=self.host, port=self.port, access_log=None, print=lambda _: self._say_where())

    def _say_where(self) -> None:
        host = f"[{self.host}]" if ":" in self.host else self.host
        say(f"wb tui in a browser: http://{host}:{self.port}  (ctrl+c ends it)")

    async def on_shutdown(self, app: web.Application) -> None:
        """End the pages that are open, which would keep the server for a minute."""
        for session in self._sessions:
            session.cancel()
        if self._sessions:
            await asyncio.wait(self._sessions, timeout=CLOSING_SECONDS)

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page."""
        page = files("workbench.tui.web").joinpath("page.html").read_text(encoding="utf-8")
        return web.Response(text=page, content_type="text/html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A session of the application, for our own page."""
        if not self._is_ours(request):
            raise web.HTTPForbidden(text="only pages of this server may connect")
        session = asyncio.current_task()
        assert session is not None
        self._sessions.add(session)
        try:
            return await super().handle_websocket(request)
        finally:
            self._sessions.discard(session)

    def _is_ours(self, request: web.Request) -> bool:
        """Neither another page of the browser, nor one whose name was made to point to this machine."""
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return False
        return not is_loopback(self.host) or is_loopback(urlsplit(f"//{request.host}").hostname or "")


def is_loopback(host: str) -> bool:
    """Only this machine reaches it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
