"""A polite, wary client for pages and pictures: it says who asks, keeps waits, and asks the public web only."""

import contextlib
import functools
import http.client
import ipaddress
import socket
import ssl
import time
import urllib.parse
from dataclasses import dataclass

from ingest.patience import Passing, Patience
from ingest.visitor import retry_after, user_agent
from workbench.errors import IngestError

_CHUNK = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)


class Refused(IngestError):
    """What was asked for is not there, or not fit: asking again would not help."""


class Unreachable(IngestError):
    """No answer this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners(Patience):
    """How the web is asked."""

    timeout: float = 60.0
    """Seconds for one answer, all its bytes included."""
    largest: int = 64 << 20
    """Bytes of one answer."""
    redirects: int = 5
    allow_private: bool = False
    """Ask addresses of this machine and of private networks, too."""


MANNERS = Manners()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A body that is there, whole."""

    content: bytes
    url: str
    """After redirects."""


class Web:
    """A client of http(s) servers.

    Args:
        manners: None: ``MANNERS``.
    """

    def __init__(self, manners: Manners | None = None) -> None:
        self.manners = manners or MANNERS

    def get(self, url: str) -> Answer:
        """The body of a URL; what fails in passing is asked again.

        Raises:
            Refused: If it is not to be had, or not to be asked for.
            Unreachable: If there is no answer after several attempts.
        """
        attempts, again = self.manners.attempts, "run the same command again later: what is there stays"
        return self.manners.ask(
            functools.partial(self._follow, url),
            too_long=lambda wait: Unreachable(f"{_host(url)} asks to wait {wait:.0f} s", "run it again after that"),
            gave_up=lambda error: Unreachable(f"no answer from {_host(url)} in {attempts} attempts: {error}", again),
        )

    def _follow(self, url: str) -> Answer:
        deadline = time.monotonic() + self.manners.timeout
        for _ in range(self.manners.redirects + 1):
            with contextlib.ExitStack() as closing:
                response = closing.enter_context(self._open(url, deadline, closing))
                if response.status not in _REDIRECTS:
                    return Answer(content=self._body(response, deadline), url=url)
                url = urllib.parse.urljoin(url, response.headers.get("Location", ""))
        raise Refused(f"more than {self.manners.redirects} redirects")

    def _open(self, url: str, deadline: float, closing: contextlib.ExitStack) -> http.client.HTTPResponse:
        parts = _checked(url)
        host = str(parts.hostname)
        tls = parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        connection = http.client.HTTPConnection(host, port)
        closing.callback(connection.close)
        try:
            connection.sock = self._connect(host, port, deadline)
            if tls:
                connection.sock = _tls().wrap_socket(connection.sock, server_hostname=host)
            path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
            connection.request("GET", path, headers={"User-Agent": user_agent(), "Accept": "*/*", "Host": parts.netloc})
            return connection.getresponse()
        except ssl.SSLCertVerificationError as error:
            raise Refused(f"the certificate of {host} is not to be trusted") from error
        except TimeoutError as error:
            raise Passing(f"no answer within {self.manners.timeout:g} s") from error
        except (OSError, http.client.HTTPException) as error:
            raise Passing(f"the connection broke ({type(error).__name__})") from error

    def _connect(self, host: str, port: int, deadline: float) -> socket.socket:
        """A socket to an address that was looked at: a second look-up might give another."""
        hint = "is the server up, and this machine on the network?"
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"no address of {host} is known", hint) from error
        addresses = [str(address[4][0]) for address in found]
        if not self.manners.allow_private and not all(map(_is_public, addresses)):
            raise Refused(f"{host} is an address of this machine or of a private network", "--allow-private asks it")
        for address in addresses:
            try:
                return socket.create_connection((address, port), self._left(deadline))
            except TimeoutError:
                raise
            except OSError as error:
                reason = error
        raise Unreachable(f"cannot reach {host}: {reason.strerror or reason}", hint) from reason

    def _left(self, deadline: float) -> float:
        return max(0.001, deadline - time.monotonic())

    def _body(self, response: http.client.HTTPResponse, deadline: float) -> bytes:
        if response.status == 429 or response.status >= 500:
            raise Passing(f"HTTP {response.status}", retry_after(response.headers.get("Retry-After")))
        if response.status != 200:
            raise Refused(f"HTTP {response.status}")
        length = response.headers.get("Content-Length", "")
        promised = int(length) if length.isdecimal() and len(length) < 19 else 0
        content = bytearray()
        try:
            while promised <= self.manners.largest and (chunk := response.read1(_CHUNK)):
                content += chunk
                promised = max(promised, len(content))
                if time.monotonic() > deadline:
                    raise Passing(f"not whole within {self.manners.timeout:g} s")
        except (OSError, http.client.HTTPException) as error:
            raise Passing(f"the connection broke ({type(error).__name__})") from error
        if promised > self.manners.largest:
            raise Refused(f"more than {self.manners.largest / (1 << 20):g} MiB")
        if len(content) < promised:
            raise Passing(f"{len(content):,} of {promised:,} bytes came")
        return bytes(content)


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).netloc


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_global


def _checked(url: str) -> urllib.parse.SplitResult:
    try:
        parts = urllib.parse.urlsplit(urllib.parse.quote(url, safe="%/:=&?~#+!$,;'@()*[]"))
        _ = parts.port
    except ValueError as error:
        raise Refused(f"not a URL: {url[:80]!r}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise Refused(f"not an http(s) URL: {url[:80]!r}")
    return parts


@functools.cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
