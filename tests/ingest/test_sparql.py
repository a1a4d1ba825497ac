"""The client against servers that misbehave."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import queries
from ingest.queries import Language, Languages, bind
from ingest.sparql import Endpoint, EndpointPatience, endpoint_url, parse_answer
from ingest.visitor import retry_after
from tests.ingest.servers import EMPTY, HTML, TRUNCATED, Answer, script, serving
from workbench.errors import ConfigError, IngestError
from workbench.store import Store

QUERY = "SELECT * WHERE { ?s ?p ?o }"
HASTY = EndpointPatience(attempts=3, first_wait=0.01, longest_wait=5, timeout=1, largest=2000)
GOOD = Answer(
    body=json.dumps({"results": {"bindings": [{"s": {"type": "literal", "value": "é"}, "p": {"value": 5}}]}}).encode()
)
BUSY = Answer(status=503, body=b"busy")
QUERIES = Path(queries.__file__).parent
HOSTILE = (
    'Q1 } UNION { ?s ?p "x" ',
    "Q1\nwd:Q2",
    "wd:Q1",
    "Q1 #",
    "Q१",
    'fr") || (1 = 1',
    'fr", "de',
    "fr\n",
    "$items",
    "${languages}",
    "$$",
    "\\u0022",
    "<http://x>",
    "Q1\0",
)
PASSING = {
    "HTML": HTML,
    "truncated": TRUNCATED,
    "empty body": Answer(),
    "other JSON": Answer(body=b'{"error": "no"}'),
    "a list": Answer(body=b"[1]"),
    "not UTF-8": Answer(body=b'{"results": "\xff"}'),
    "500": Answer(status=500, body=b"StackOverflowError"),
    "503": BUSY,
    "429": Answer(status=429),
    "hung up": Answer(hang_up=True),
    "too slow": Answer(delay=1.5, body=EMPTY.body),
    "drop by drop": Answer(body=b" " * 40 + EMPTY.body, slice_=1, pause=0.03),
    "too large": Answer(body=b" " * 3000 + EMPTY.body),
}


@pytest.mark.parametrize("first", PASSING.values(), ids=PASSING.keys())
def test_what_passes_is_asked_again(first: Answer) -> None:
    with serving(script(first, GOOD)) as server:
        assert Endpoint(server.url, HASTY).ask(QUERY).rows == [{"s": "é", "p": "5"}]
        assert len(server.asked) == 2


@pytest.mark.parametrize("name", ["HTML", "truncated", "500", "503", "hung up"])
def test_what_stays_is_one_error(name: str) -> None:
    with serving(script(PASSING[name])) as server, pytest.raises(IngestError) as caught:
        Endpoint(server.url, HASTY).ask(QUERY)
    assert "gave no answer in 3 attempts" in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 414])
def test_a_refusal_is_not_asked_again(status: int) -> None:
    with serving(script(Answer(status=status, body=b"<html>no</html>"))) as server:
        with pytest.raises(IngestError, match=f"refused the query: HTTP {status}"):
            Endpoint(server.url, HASTY).ask(QUERY)
        assert len(server.asked) == 1


def test_a_closed_port_is_said_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/sparql"
    begun = time.monotonic()
    with pytest.raises(IngestError, match=r"cannot reach .*: Connection refused"):
        Endpoint(url).ask(QUERY)
    assert time.monotonic() - begun < 1


def test_retry_after_is_honoured() -> None:
    with serving(script(Answer(status=503, headers={"Retry-After": "1"}), GOOD)) as server:
        Endpoint(server.url, HASTY).ask(QUERY)
    assert server.asked[1].at - server.asked[0].at >= 1


def test_waits_grow() -> None:
    patience = EndpointPatience(attempts=4, first_wait=0.05)
    with serving(script(BUSY, BUSY, BUSY, GOOD)) as server:
        Endpoint(server.url, patience).ask(QUERY)
    waits = [b.at - a.at for a, b in zip(server.asked, server.asked[1:], strict=False)]
    assert all(wait >= least for wait, least in zip(waits, (0.05, 0.15, 0.45), strict=True))


def test_too_long_a_wait_is_not_waited() -> None:
    with serving(script(Answer(status=429, headers={"Retry-After": "3600"}))) as server:
        with pytest.raises(IngestError, match="asks to wait 3600 s"):
            Endpoint(server.url, HASTY).ask(QUERY)
        assert len(server.asked) == 1


def test_we_say_who_we_are() -> None:
    with serving(script(GOOD)) as server:
        Endpoint(server.url, HASTY).ask(QUERY)
    headers = server.asked[0].headers
    assert headers["User-Agent"].startswith("multimodal-iconicity-workbench/")
    assert "application/sparql-results+json" in headers["Accept"]


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5.2"])
def test_an_unreadable_retry_after_asks_for_nothing(header: str | None) -> None:
    assert retry_after(header) is None


def test_retry_after_may_be_a_date() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 50 < (retry_after(in_a_minute) or 0) <= 60
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0


def test_unbound_variables_are_absent() -> None:
    assert parse_answer(b'{"results": {"bindings": [{}]}}') == [{}]


@pytest.mark.parametrize(
    "name", ["wikidat", "ftp://x.org/sparql", "http://", "file:///etc/passwd", "https://me:pw@x.org/"]
)
def test_what_is_no_endpoint(name: str) -> None:
    with pytest.raises(ConfigError):
        endpoint_url(name)


def test_near_presets_are_offered() -> None:
    with pytest.raises(ConfigError, match="did you mean wikidata"):
        endpoint_url("wikidat")


@pytest.mark.parametrize("items", [["Q1 } DROP ALL #"], ["Q1", "Q0"], ["<http://x>"], [""]])
def test_nothing_but_items_gets_into_a_query(items: list[str]) -> None:
    with pytest.raises(ValueError, match="QID"):
        bind("facts", items=items)


@pytest.mark.parametrize("code", ["", "EN", "en>", "e", 'en" }', "en-"])
def test_nothing_but_languages_gets_into_a_query(code: str) -> None:
    with pytest.raises(ValueError, match="code of a language"):
        Language(code=code)


@given(st.text(max_size=40) | st.sampled_from(HOSTILE))
def test_whatever_is_asked_for_a_query_stays_the_query_that_ships(text: str) -> None:
    shipped = re.escape(bind("labels", items="Q1", languages=Languages(codes=["xx"])))
    allowed = shipped.replace("wd:Q1", r"wd:Q[1-9][0-9]*").replace('"xx"', r'"[a-z0-9-]+"')
    for items, codes in ((text, ["fr"]), (["Q1", text], ["fr"]), ("Q2", [text])):
        with contextlib.suppress(ValueError):
            query = bind("labels", items=items, languages=Languages(codes=codes))
            assert re.fullmatch(allowed, query.replace("wd:Q1 wd:", "wd:"))


@pytest.mark.parametrize("path", sorted(QUERIES.glob("*.rq")), ids=lambda path: path.stem)
def test_every_query_says_what_it_asks_and_what_goes_in(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header = [line for line in text.splitlines() if line.startswith("#")]
    assert header[0].startswith("# purpose: ")
    (params,) = [line for line in header if line.startswith("# params: ")]
    assert all(name in params for name in re.findall(r"\$([a-z]+)", text))


def test_no_language_is_none() -> None:
    with pytest.raises(ValueError, match="no language"):
        Languages(codes=[])


def test_a_query_is_bound_whole() -> None:
    query = bind("items", work="Q3305213", minimum=5, below=9, limit=7)
    assert "wd:Q3305213" in query and "LIMIT 7" in query and ">= 5" in query and "< 9" in query and "$" not in query
    with pytest.raises(KeyError):
        bind("items", work="Q3305213")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("answer", [HTML, TRUNCATED, BUSY], ids=["HTML", "truncated", "503"])
def test_the_command_says_one_line_and_a_hint(wb: Callable[..., Any], db: Path, answer: Answer) -> None:
    with serving(script(answer)) as server:
        outcome = wb("ingest", "references", "--endpoint", server.url)
    assert outcome.code == 1
    told = [line for line in outcome.err.splitlines() if line.startswith(("wb: ", "hint: "))]
    assert len(told) == 2 and "3 attempts" in told[0]
    assert Store.open(db).sql("SELECT count(*) FROM refs").item() == 0
    assert Store.open(db).sql("SELECT outcome FROM runs").item() == "failed"
