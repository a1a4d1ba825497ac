"""Wikimedia Commons through its API: where the pictures of works are, who made them, and under which licence."""

import html
import json
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.patience import Passing
from ingest.text import clean_text
from ingest.web import Refused, Web
from workbench.errors import IngestError

API = "https://commons.wikimedia.org/w/api.php"
WIDTHS = (960, 1280)
"""Pixels that Commons makes thumbnails of for everybody; others are refused."""
FILES = 50
"""Files a request: the API's limit."""
_FACTS = "Artist|Credit|LicenseShortName|LicenseUrl"
_DRAWN = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""Kinds of files whose own bytes are a picture that is read; of others Commons draws a thumbnail."""
_BUSY = ("maxlag", "ratelimited", "readonly")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonsFile:
    """A file as Commons describes it."""

    url: str
    """Of the thumbnail, or of the file itself where that is not wider."""
    page_url: str
    author: str | None
    credit: str | None
    licence: str | None
    licence_url: str | None


def describe(web: Web, api: str, files: Sequence[str], width: int) -> dict[str, CommonsFile | Refused]:
    """Ask for files by name.

    Returns:
        By name what Commons says of it, or why there is no picture.

    Raises:
        IngestError: If there is no answer that can be read.
    """
    question = {
        "action": "query",
        "format": "json",
        "formatversion": "2",
        "redirects": "1",
        "prop": "imageinfo",
        "iiprop": "url|size|mime|extmetadata",
        "iiurlwidth": str(width),
        "iiextmetadatafilter": _FACTS,
        "maxlag": "5",
        "titles": "|".join(f"File:{name}" for name in files),
    }
    answer = web.get(f"{api}?{urllib.parse.urlencode(question)}", _check)
    try:
        return _read(json.loads(answer.content), files, width)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IngestError(f"the answer of {api} cannot be read", "is that the API of a MediaWiki?") from error


def _check(body: bytes) -> None:
    """An API says with HTTP 200 that it is too busy; what is no JSON may be half an answer, or a page of excuses."""
    try:
        code = str(json.loads(body)["error"]["code"])
    except ValueError as error:
        raise Passing(f"an answer that is not whole JSON ({len(body):,} bytes)") from error
    except (KeyError, TypeError):
        return
    if code in _BUSY or code.startswith("internal_api_error"):
        raise Passing(f"it says {clean_text(code)[:60]}")


def _read(answer: Mapping[str, Any], files: Sequence[str], width: int) -> dict[str, CommonsFile | Refused]:
    if "error" in answer:
        raise IngestError(
            f"Commons answers: {clean_text(str(answer['error'].get('info', 'an error')))[:200]}", "try later"
        )
    query = answer["query"]
    moved = {step["from"]: step["to"] for key in ("normalized", "redirects") for step in query.get(key, ())}
    pages = {page["title"]: page for page in query["pages"]}
    found: dict[str, CommonsFile | Refused] = {}
    for name in files:
        title = f"File:{name}"
        for _ in range(len(moved)):
            title = moved.get(title, title)
        page = pages.get(title, {})
        info = (page.get("imageinfo") or [None])[0]
        found[name] = _file(info, width) if info else Refused("not on Commons")
    return found


def _file(info: Mapping[str, Any], width: int) -> CommonsFile | Refused:
    kind = str(info["mime"])
    own = kind in _DRAWN and int(info["width"]) <= width
    url = info["url"] if own else info.get("thumburl")
    if not url or not kind.startswith(("image/", "application/pdf")):
        return Refused(f"{kind}, not a picture")
    facts = {name: _plain(str(fact.get("value", ""))) for name, fact in info.get("extmetadata", {}).items()}
    return CommonsFile(
        url=str(url),
        page_url=str(info["descriptionurl"]),
        author=facts.get("Artist"),
        credit=facts.get("Credit"),
        licence=facts.get("LicenseShortName"),
        licence_url=facts.get("LicenseUrl"),
    )


def _plain(markup: str) -> str | None:
    """The text of a piece of HTML."""
    return clean_text(html.unescape(_TAG.sub(" ", markup)))[:1000] or None
