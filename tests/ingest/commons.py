"""A local server that plays Wikimedia Commons: its API, and the pictures."""

import io
import json
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from PIL import Image

from tests.ingest.drawing import drawing, encoded
from tests.ingest.servers import Answer, Asked, LocalServer, serving


def jpeg(seed: int, size: tuple[int, int] = (96, 64), **options: Any) -> bytes:
    return encoded(drawing(seed, size), "JPEG", **options)


def bomb() -> bytes:
    """A few kilobytes that are 196 million pixels."""
    return encoded(Image.new("1", (14_000, 14_000)))


def animation() -> bytes:
    frames = [drawing(seed) for seed in (20, 21)]
    content = io.BytesIO()
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:])
    return content.getvalue()


def rotated() -> bytes:
    """A JPEG whose EXIF says that it lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return jpeg(22, exif=exif)


@contextmanager
def commons(
    files: Mapping[str, bytes | Answer], facts: Mapping[str, Mapping[str, Any]] | None = None
) -> Iterator[LocalServer]:
    """A server that has these files; facts replace what the API says of one."""
    url: list[str] = []

    def answer(_: int, asked: Asked) -> Answer:
        parts = urllib.parse.urlsplit(asked.path)
        if parts.path.endswith("api.php"):
            return Answer(
                body=json.dumps(_api(dict(urllib.parse.parse_qsl(parts.query)), files, facts or {}, url[0])).encode()
            )
        content = files[urllib.parse.unquote(parts.path.rpartition("/")[2])]
        return content if isinstance(content, Answer) else Answer(body=content)

    with serving(answer) as server:
        url.append(server.url.removesuffix("/sparql"))
        server.url = f"{url[0]}/w/api.php"
        yield server


def _api(query: Mapping[str, str], files: Mapping[str, Any], facts: Mapping[str, Mapping[str, Any]], url: str) -> Any:
    titles = query["titles"].split("|")
    normalized = [{"from": t, "to": t.replace("_", " ")} for t in titles if "_" in t]
    pages: list[dict[str, Any]] = []
    for title in dict.fromkeys(t.replace("_", " ") for t in titles):
        name = title.removeprefix("File:")
        if name not in files:
            pages.append({"title": title, "missing": True})
            continue
        info = {
            "url": f"{url}/original/{urllib.parse.quote(name)}",
            "thumburl": f"{url}/{query['iiurlwidth']}/{urllib.parse.quote(name)}",
            "descriptionurl": f"https://commons.example/wiki/{urllib.parse.quote(title)}",
            "width": 4000,
            "mime": "image/jpeg",
            "extmetadata": {
                "Artist": {"value": f"<a href='x'>Maker of {name}</a>"},
                "LicenseShortName": {"value": "CC BY-SA 4.0"},
                "LicenseUrl": {"value": "https://creativecommons.org/licenses/by-sa/4.0"},
                "Credit": {"value": "<span>Own &amp; work</span>"},
            },
        }
        pages.append({"title": title, "imageinfo": [{**info, **facts.get(name, {})}]})
    return {"query": {"normalized": normalized, "pages": pages}}
