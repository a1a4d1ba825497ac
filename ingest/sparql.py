"""A patient, polite client of SPARQL endpoints."""

import contextlib
import functools
import json
import time
import urllib.error
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse

from ingest.patience import Passing, Patience
from ingest.text import parse_count
from ingest.visitor import retry_after, user_agent
from workbench.errors import ConfigError, IngestError
from workbench.registry import unknown_name

PRESETS = {"wikidata": "https://query.wikidata.org/sparql", "qlever": "https://qlever.dev/api/wikidata"}
"""Name → endpoint."""

Solution = Mapping[str, str]
"""One row of an answer: variable → value; unbound variables are absent."""


class TooMuch(IngestError):
    """No answer to a question, perhaps because it asks for too much at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an endpoint answered."""

    body: bytes = field(repr=False)
    """As it came."""
    rows: Sequence[Solution]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPatience(Patience):
    """How long to bear with an endpoint that is busy or answers nonsense."""

    timeout: int = 90
    """Seconds for one answer, all its bytes included; Wikidata's own limit is 60."""
    largest: int = 256 << 20
    """Bytes of one answer."""


PATIENCE = EndpointPatience()
_STATUS = {
    "QueryBadFormed": "HTTP 400",
    "Unauthorized": "HTTP 401",
    "EndPointNotFound": "HTTP 404",
    "URITooLong": "HTTP 414",
}
"""SPARQLWrapper's exceptions that keep the status to themselves."""
_CHUNK = 64 * 1024
_GATEWAY = (502, 504)
"""What stands before an endpoint says so where that takes too long."""


def endpoint_url(name: str) -> str:
    """The URL of a preset, or the URL itself.

    Raises:
        ConfigError: If it is neither.
    """
    if name in PRESETS:
        return PRESETS[name]
    if "://" not in name:
        raise unknown_name("endpoint", name, PRESETS, "a URL is good too: --endpoint https://example.org/sparql")
    parts = urllib.parse.urlsplit(name)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ConfigError(f"{name!r} is not the http(s) URL of an endpoint", "--endpoint https://example.org/sparql")
    return name


def text_of(row: Solution, variable: str) -> str:
    """What a row binds to a variable.

    Raises:
        IngestError: If that is nothing.
    """
    if variable not in row:
        raise bad_answer(f"has a row without ?{variable}")
    return row[variable]


def count_of(row: Solution, variable: str) -> int:
    """A count in a row; ``170.0`` is one, as some engines compute in decimals.

    Raises:
        IngestError: If it is none.
    """
    text = text_of(row, variable)
    try:
        return parse_count(text, f"?{variable}")
    except ValueError as error:
        raise bad_answer(f"has ?{variable} {text[:40]!r}, which is no count") from error


def bad_answer(fault: str) -> IngestError:
    """The error of an answer that does not say what was asked."""
    return IngestError(
        f"the endpoint's answer {fault}", "does it hold Wikidata? --endpoint wikidata asks Wikidata's own"
    )


class Endpoint:
    """An endpoint that answers SELECT queries.

    Args:
        url: of the endpoint.
        patience: None: ``PATIENCE``.
    """

    def __init__(self, url: str, patience: EndpointPatience | None = None) -> None:
        self.url = url
        self._patience = patience or PATIENCE

    def ask(self, query: str, *, divisible: bool = False) -> Answer:
        """Ask a query; what fails in passing is asked again.

        Args:
            query: SPARQL.
            divisible: the caller asks for less where this is too much.

        Raises:
            TooMuch: If it times out, breaks off, or is answered by something else than whole JSON.
            IngestError: If the endpoint refuses, is busy for long, or cannot be reached.
        """
        after = "run the same command again after that: what was fetched stays"
        attempts = self._patience.attempts_whole if divisible else self._patience.attempts
        return self._patience.ask(
            functools.partial(self._ask_once, query),
            too_long=lambda wait: IngestError(f"{self.url} asks to wait {wait:.0f} s", after),
            gave_up=self._too_much(attempts),
            divisible=divisible,
        )

    def _too_much(self, attempts: int) -> Callable[[Passing], IngestError]:
        def gave_up(error: Passing) -> IngestError:
            if error.too_much:
                hint = "it is busy, or the question takes it too long: try again later, or ask for less with --limit"
                return TooMuch(f"{self.url} gave no answer in {attempts} attempts: {error}", hint)
            again = "it is busy: run the same command again later; what was fetched stays"
            return IngestError(f"{self.url} gave no answer in {self._patience.attempts} attempts: {error}", again)

        return gave_up

    def _ask_once(self, query: str) -> Answer:
        body = self._fetch(query)
        return Answer(body=body, rows=parse_answer(body))

    def _fetch(self, query: str) -> bytes:
        from SPARQLWrapper import JSON, POST, SPARQLWrapper
        from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, SPARQLWrapperException

        client = SPARQLWrapper(self.url, agent=user_agent("SPARQLWrapper"), returnFormat=JSON)
        client.setMethod(POST)
        client.setOnlyConneg(True)
        client.setTimeout(self._patience.timeout)
        client.setQuery(query)
        try:
            began = time.monotonic()
            with contextlib.closing(client.query().response) as response:
                return self._read(response, began)
        except EndPointInternalError as error:
            raise Passing("HTTP 500, its own error or its time limit", too_much=True) from error
        except SPARQLWrapperException as error:
            raise self._refused(_STATUS.get(type(error).__name__, "it says no more")) from error
        except urllib.error.HTTPError as error:
            with error:
                raise self._http_error(error) from error
        except urllib.error.URLError as error:
            raise self._unreachable(error.reason) from error
        except (OSError, HTTPException) as error:
            raise Passing(f"the connection broke ({type(error).__name__})", too_much=True) from error

    def _read(self, response: HTTPResponse, began: float) -> bytes:
        """The body: the time limit of a connection is one for each byte, this one is for all of them."""
        content = bytearray()
        while chunk := response.read1(_CHUNK):
            content += chunk
            if time.monotonic() - began > self._patience.timeout:
                raise Passing(f"not whole within {self._patience.timeout} s", too_much=True)
            if len(content) > self._patience.largest:
                raise Passing(f"more than {self._patience.largest >> 20} MiB", too_much=True)
        return bytes(content)

    def _http_error(self, error: urllib.error.HTTPError) -> Exception:
        if error.code == 429 or error.code >= 500:
            wait = retry_after(error.headers.get("Retry-After"))
            return Passing(f"HTTP {error.code}", wait, too_much=error.code in _GATEWAY)
        return self._refused(f"HTTP {error.code}")

    def _refused(self, reason: str) -> IngestError:
        return IngestError(f"{self.url} refused the query: {reason}", "is that the URL of a SPARQL endpoint?")

    def _unreachable(self, reason: object) -> Exception:
        if isinstance(reason, TimeoutError):
            return Passing(f"no answer within {self._patience.timeout} s", too_much=True)
        told = getattr(reason, "strerror", None) or reason
        return IngestError(f"cannot reach {self.url}: {told}", "is the endpoint up, and this machine on the network?")


def parse_answer(body: bytes) -> list[Solution]:
    """Rows of an answer in SPARQL's JSON format.

    Raises:
        Passing: If it is anything else, as behind a block or after a time-out in mid-answer.
    """
    try:
        bindings = json.loads(body)["results"]["bindings"]
        return [{name: _value(term["value"]) for name, term in row.items()} for row in bindings]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        start = body[:200].lstrip().lower()
        what = "HTML" if start.startswith((b"<!doctype html", b"<html")) else "an answer that is not whole JSON"
        raise Passing(f"{what} ({len(body):,} bytes)", too_much=True) from error


def _value(value: object) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise TypeError("a term's value is a text")
    return str(value)
