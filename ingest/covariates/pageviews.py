"""Page views of Wikipedia articles, by the Wikimedia REST API."""

import calendar
import json
import re
import urllib.parse
from dataclasses import dataclass
from datetime import date

from ingest.web import Refused, Web
from workbench.errors import ConfigError, IngestError

SERVICE = "https://wikimedia.org/api/rest_v1"
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_FIRST = date(2015, 7, 1)
"""Since when views are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole months."""

    first: date
    """First day of the first month."""
    last: date
    """Last day of the last month."""

    @property
    def months(self) -> int:
        """How many."""
        return 12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1

    def __str__(self) -> str:
        return f"{self.first:%Y-%m} to {self.last:%Y-%m}"


def span_of(since: str | None, until: str | None, today: date) -> Span:
    """The months from one to another; by default the last twelve that are over.

    Raises:
        ConfigError: If they are no months, or none is over and counted.
    """
    last = _month(until) if until else _shifted(today, -1)
    first = _month(since) if since else _shifted(last, -11)
    span = Span(first=first, last=last.replace(day=calendar.monthrange(last.year, last.month)[1]))
    if not _FIRST <= first <= last or span.last >= today:
        raise ConfigError(
            f"no page views for {span}: they are counted from 2015-07 to last month", "--since 2025-01 --until 2025-12"
        )
    return span


def _month(text: str) -> date:
    match = _MONTH.fullmatch(text)
    if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
        raise ConfigError(f"{text!r} is no month", "write it as 2025-01")
    return date(int(match[1]), int(match[2]), 1)


def _shifted(day: date, months: int) -> date:
    number = 12 * day.year + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def views_of(web: Web, service: str, language: str, article: str, span: Span) -> int | None:
    """Views of an article in a span, by people, from all devices; None where nothing is recorded.

    Raises:
        IngestError: If there is no answer, or none that can be read.
    """
    name = urllib.parse.quote(article.replace(" ", "_"), safe="")
    path = f"metrics/pageviews/per-article/{language}.wikipedia.org/all-access/user/{name}/monthly"
    try:
        answer = web.get(f"{service.rstrip('/')}/{path}/{span.first:%Y%m%d}/{span.last:%Y%m%d}")
    except Refused as error:
        if error.message == "HTTP 404":
            return None
        raise
    try:
        views = [int(month["views"]) for month in json.loads(answer.content)["items"]]
    except (ValueError, KeyError, TypeError) as error:
        raise IngestError(f"the page views of {article!r} cannot be read", "is that the Wikimedia REST API?") from error
    return sum(views)
