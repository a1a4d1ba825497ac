"""The client of the web against servers that misbehave."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ingest.visitor import user_agent
from ingest.web import Manners, Refused, Unreachable, Web
from tests.ingest.servers import Answer, script, serving

HASTY = Manners(
    attempts=3, first_wait=0.01, longest_wait=5, timeout=0.7, largest=10_000, redirects=3, allow_private=True
)
GOOD = Answer(body=b"x" * 100)
PASSING = {
    "503": Answer(status=503),
    "429": Answer(status=429, headers={"Retry-After": "0"}),
    "hung up": Answer(hang_up=True),
    "cut": Answer(body=b"x" * 50, missing=50),
    "too slow": Answer(delay=1),
    "drop by drop": Answer(body=b"x" * 40, slice_=1, pause=0.05),
}


@pytest.mark.parametrize("first", PASSING.values(), ids=PASSING.keys())
def test_what_passes_is_asked_again(first: Answer) -> None:
    with serving(script(first, GOOD)) as server:
        assert Web(HASTY).get(server.url).content == GOOD.body
        assert len(server.asked) == 2


@pytest.mark.parametrize("name", ["503", "hung up", "cut"])
def test_what_stays_is_one_error(name: str) -> None:
    with serving(script(PASSING[name])) as server, pytest.raises(Unreachable, match="in 3 attempts"):
        Web(HASTY).get(server.url)
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "answer", [Answer(status=404), Answer(status=403), Answer(body=b"x" * 10_001)], ids=["404", "403", "big"]
)
def test_a_refusal_is_not_asked_again(answer: Answer) -> None:
    with serving(script(answer)) as server, pytest.raises(Refused):
        Web(HASTY).get(server.url)
    assert len(server.asked) == 1


def test_redirects_are_counted() -> None:
    step = Answer(status=302, headers={"Location": "/again"})
    with serving(script(step, step, step, GOOD)) as server:
        answer = Web(HASTY).get(server.url)
        assert answer.url.endswith("/again")
    with serving(script(step)) as server, pytest.raises(Refused, match="more than 3 redirects"):
        Web(HASTY).get(server.url)
    assert len(server.asked) == 4


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://x.org/", "http://u:p@x.org/"])
def test_a_redirect_leads_nowhere_else(target: str) -> None:
    with (
        serving(script(Answer(status=301, headers={"Location": target}))) as server,
        pytest.raises(Refused, match="not an http"),
    ):
        Web(HASTY).get(server.url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://100.64.0.1/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::1]/",
    ],
)
def test_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(Refused, match="private network"):
        Web(Manners(attempts=1)).get(url)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "//x.org", "http://x.org:port/", "http://[/", "", "a b"]
)
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(Refused, match="not a"):
        Web(HASTY).get(url)


def test_a_wait_that_is_asked_for_is_kept_or_said() -> None:
    with serving(script(Answer(status=503, headers={"Retry-After": "1"}), GOOD)) as server:
        Web(HASTY).get(server.url)
    assert server.asked[1].at - server.asked[0].at >= 1
    with serving(script(Answer(status=503, headers={"Retry-After": "3600"}))) as server:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="asks to wait 3600 s"):
            Web(HASTY).get(server.url)
    assert time.monotonic() - began < 1


def test_we_say_who_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WB_CONTACT", " me@museum.example\n(evil: header) ")
    assert user_agent("x").endswith(" (me@museum.example (evil: header)) x")
    with serving(script(GOOD)) as server:
        Web(HASTY).get(server.url)
    assert "me@museum.example" in server.asked[0].headers["User-Agent"]


@contextmanager
def dripping(start: bytes) -> Iterator[str]:
    """A server that sends one byte of its headers at a time, for as long as it is listened to."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(start)
                while True:
                    connection.sendall(b"x")
                    time.sleep(0.05)

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.parametrize("start", [b"HTT", b"HTTP/1.1 200 OK\r\nX-Long: "], ids=["status", "headers"])
def test_headers_that_never_end_are_not_listened_to_for_ever(start: bytes) -> None:
    manners = Manners(attempts=1, timeout=0.5, allow_private=True)
    began = time.monotonic()
    with dripping(start) as url, pytest.raises(Unreachable, match=r"no answer within 0\.5 s"):
        Web(manners).get(url)
    assert time.monotonic() - began < 3
