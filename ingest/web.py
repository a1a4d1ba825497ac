"""A polite, wary client for pages and pictures: it says who asks, keeps waits, and asks the public web only."""

import contextlib
import functools
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass

from ingest.patience import Passing, Patience
from ingest.visitor import retry_after, user_agent
from workbench.errors import IngestError

_CHUNK = 64 * 1024
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
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

    def get(self, url: str, check: Callable[[bytes], None] | None = None) -> Answer:
        """The body of a URL; what fails in passing is asked again.

        Args:
            url: http or https.
            check: raises ``Passing`` where a body is none that was asked for.

        Raises:
            Refused: If it is not to be had, or not to be asked for.
            Unreachable: If there is no answer after several attempts.
        """
        attempts, again = self.manners.attempts, "run the same command again later: what is there stays"
        return self.manners.ask(
            functools.partial(self._follow, url, check),
            too_long=lambda wait: Unreachable(f"{_host(url)} asks to wait {wait:.0f} s", "run it again after that"),
            gave_up=lambda error: Unreachable(f"no answer from {_host(url)} in {attempts} attempts: {error}", again),
        )

    def _follow(self, url: str, check: Callable[[bytes], None] | None) -> Answer:
        deadline = time.monotonic() + self.manners.timeout
        for _ in range(self.manners.redirects + 1):
            with contextlib.ExitStack() as closing:
                response = self._open(url, deadline, closing)
                if response.status not in _REDIRECTS:
                    content = self._body(response, deadline)
                    if check:
                        check(content)
                    return Answer(content=content, url=url)
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
            self._watch(connection, deadline, closing)
            if tls:
                secured = _tls().wrap_socket(connection.sock, server_hostname=host, do_handshake_on_connect=False)
                connection.sock = secured
                secured.do_handshake()
            path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
            connection.request("GET", path, headers={"User-Agent": user_agent(), "Accept": "*/*", "Host": parts.netloc})
            response = closing.enter_context(connection.getresponse())
        except ssl.SSLCertVerificationError as error:
            raise Refused(f"the certificate of {host} is not to be trusted") from error
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
                raise self._too_slow() from error
            raise Passing(f"the connection broke ({type(error).__name__})") from error
        if time.monotonic() >= deadline:  # hung up on in the middle of the headers, which then look whole
            raise self._too_slow()
        return response

    def _too_slow(self) -> Passing:
        return Passing(f"no answer within {self.manners.timeout:g} s")

    def _watch(self, connection: http.client.HTTPConnection, deadline: float, closing: contextlib.ExitStack) -> None:
        """Hang up at the deadline: the time limit of a socket is one for each byte that comes."""
        watch = threading.Timer(self._left(deadline), _hang_up, [connection])
        watch.daemon = True
        watch.start()
        closing.callback(watch.cancel)

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
    if not isinstance(found, ipaddress.IPv6Address):
        return found.is_global
    if found.ipv4_mapped:
        return found.ipv4_mapped.is_global
    # Two ways to reach an IPv4 address through an IPv6 one.
    inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF) if found in _NAT64 else found.sixtofour
    return found.is_global and (inner is None or inner.is_global)


def _hang_up(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError):
        if connection.sock:
            connection.sock.shutdown(socket.SHUT_RDWR)


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
