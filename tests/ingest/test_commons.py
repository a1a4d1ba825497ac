"""Reference images from a local server that plays Wikimedia Commons."""

import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.ingest.commons import animation, bomb, commons, jpeg, rotated
from tests.ingest.drawing import drawing, encoded, save
from tests.ingest.servers import Answer, Asked, LocalServer, script, serving
from workbench.records import Download, ReferenceImage
from workbench.store import Store

DEEP = Image.fromarray((np.arange(96 * 64).reshape(64, 96) * 10).astype(np.uint16))
HOSTILE: dict[str, tuple[bytes | Answer, str | None]] = {
    "Good.jpg": (jpeg(1), None),
    "Cmyk.jpg": (encoded(drawing(2).convert("CMYK"), "JPEG"), None),
    "Turned.jpg": (rotated(), None),
    "Animated.gif": (animation(), None),
    "Bomb.png": (bomb(), "decompression bomb"),
    "Half.jpg": (jpeg(3, (400, 300))[:900], "truncated"),
    "Page.jpg": (b"<!DOCTYPE html><html>429</html>", "HTML, not a picture"),
    "Drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG, not a picture"),
    "Deep.png": (encoded(DEEP), "more than 8 bits"),
    "Empty.jpg": (b"", "an empty file"),
    "Gone.jpg": (Answer(status=404), "HTTP 404"),
    "Forbidden.jpg": (Answer(status=403), "HTTP 403"),
}


@pytest.fixture
def refs(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> list[str]:
    names = [*HOSTILE, "Not_there.jpg"]
    rows = (f"Q{n + 1},Title {n + 1},static,{name}" for n, name in enumerate(names))
    assert wb("ingest", "--from", csv_file("qid,label,kind,image_file", *rows, "Q99,No picture,static,")).code == 0
    return names


def downloads(db: Path) -> dict[str, Download]:
    return {
        row.source.removeprefix("commons:").removesuffix("@960"): row
        for row in Store.open(db).rows("downloads", Download)
    }


def test_every_hostile_file_is_handled_or_named(wb: Callable[..., Any], db: Path, refs: list[str]) -> None:
    with commons({name: content for name, (content, _) in HOSTILE.items()}) as server:
        outcome = wb("ingest", "images", "--service", server.url)
    assert outcome.code == 4, outcome.err
    assert "Traceback" not in outcome.err
    rows = downloads(db)
    for n, (name, (_, reason)) in enumerate(HOSTILE.items()):
        assert rows[name].status == ("ok" if reason is None else "refused"), name
        assert reason is None or reason in (rows[name].reason or "")
        assert reason is None or any(
            f"Q{n + 1} {name}: " in line and reason in line for line in outcome.err.splitlines()
        )
    assert rows["Not_there.jpg"].reason == "not on Commons"
    assert "skipped 1 references, their item names no picture: Q99" in outcome.err
    images = {i.qid: i for i in Store.open(db).rows("ref_images_of", ReferenceImage)}
    assert set(images) == {"Q1", "Q2", "Q3", "Q4"}
    assert (images["Q3"].width, images["Q3"].height) == (64, 96), "EXIF rotation"
    good = images["Q1"]
    assert Store.open(db).images.path(good.path).read_bytes() == HOSTILE["Good.jpg"][0]
    assert (good.author, good.licence) == ("Maker of Good.jpg", "CC BY-SA 4.0")
    assert good.source_url == "https://commons.example/wiki/File%3AGood.jpg"
    assert (rows["Good.jpg"].credit, rows["Good.jpg"].sha256) == ("Own & work", good.sha256)
    assert rows["Good.jpg"].licence_url == "https://creativecommons.org/licenses/by-sa/4.0"
    asked = [a.path for a in server.asked]
    assert asked[0].startswith("/w/api.php?") and "/960/Good.jpg" in asked
    assert all(a.headers["User-Agent"].startswith("multimodal-iconicity-workbench/") for a in server.asked)


def test_what_is_there_and_what_was_refused_is_not_asked_again(
    wb: Callable[..., Any], db: Path, refs: list[str], dump: Callable[[], object]
) -> None:
    with commons({name: content for name, (content, _) in HOSTILE.items()}) as server:
        wb("ingest", "images", "--service", server.url)
        before, asked = dump(), len(server.asked)
        outcome = wb("ingest", "images", "--service", server.url)
        assert (outcome.code, dump(), len(server.asked)) == (0, before, asked)
        assert "skipped 9 pictures, refused before" in outcome.err
        assert wb("ingest", "images", "--service", server.url, "--again").code == 4
        assert dump() == before
        assert len(server.asked) == asked + 1 + 8
        store = Store.open(db)
        store.images.path(store.rows("ref_images_of", ReferenceImage)[0].path).unlink()
        wb("ingest", "images", "--service", server.url)
        assert dump() == before
        assert len(list(store.images.folder.rglob("*.*"))) == 4


def test_small_pictures_come_as_they_are_and_others_as_drawn(wb: Callable[..., Any], db: Path, csv_file: Any) -> None:
    names = ("small.jpg", "wide.jpg", "map.svg", "song.ogg")
    rows = (f"Q{n + 1},T{n},static,{name}" for n, name in enumerate(names))
    wb("ingest", "--from", csv_file("qid,label,kind,image_file", *rows))
    facts = {
        "small.jpg": {"width": 1280},
        "wide.jpg": {"width": 1281},
        "map.svg": {"width": 10, "mime": "image/svg+xml"},
        "song.ogg": {"mime": "audio/ogg"},
    }
    with commons({name: jpeg(n) for n, name in enumerate(names)}, facts) as server:
        outcome = wb("ingest", "images", "--service", server.url, "--width", 1280)
    assert sorted(a.path for a in server.asked[1:]) == ["/1280/map.svg", "/1280/wide.jpg", "/original/small.jpg"]
    assert "Q4 song.ogg: audio/ogg, not a picture" in outcome.err


def test_two_at_a_time_and_no_more(wb: Callable[..., Any], csv_file: Any) -> None:
    wb("ingest", "--from", csv_file("qid,label,kind,image_file", *(f"Q{n + 1},T{n},static,{n}.jpg" for n in range(8))))
    with commons({f"{n}.jpg": Answer(body=jpeg(n), delay=0.05) for n in range(8)}) as server:
        assert wb("ingest", "images", "--service", server.url).code == 0
    assert server.most == 2


@pytest.mark.usefixtures("soon")
def test_a_server_that_is_away_is_left_alone(wb: Callable[..., Any], db: Path, csv_file: Any) -> None:
    names = [f"{n}.jpg" for n in range(9)]
    wb("ingest", "--from", csv_file("qid,label,kind,image_file", *(f"Q{n + 1},T{n},static,{n}.jpg" for n in range(9))))
    busy = Answer(status=503)
    with commons({name: jpeg(n) if n < 3 else busy for n, name in enumerate(names)}) as server:
        outcome = wb("ingest", "images", "--service", server.url)
    assert outcome.code == 1
    assert "no answer from 127.0.0.1" in outcome.err and "Traceback" not in outcome.err
    states = [row.status for row in downloads(db).values()]
    assert (states.count("ok"), states.count("failed")) == (3, 3)
    with commons({name: jpeg(n) for n, name in enumerate(names)}) as server:
        assert wb("ingest", "images", "--service", server.url).code == 0
        assert len(server.asked) == 1 + 6
    assert {row.status for row in downloads(db).values()} == {"ok"}


LAG = Answer(body=b'{"error": {"code": "maxlag", "info": "Waiting for a database server: 7 seconds lagged"}}')
NONSENSE = (
    b"<html>",
    b'{"query": {"pages',
    b"{}",
    b'{"query": {"pages": [{}]}}',
    b'{"error": {"code": "badvalue"}}',
    LAG.body,
)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("body", NONSENSE)
def test_an_api_that_answers_nonsense(wb: Callable[..., Any], refs: list[str], body: bytes) -> None:
    with serving(script(Answer(body=body))) as server:
        outcome = wb("ingest", "images", "--service", server.url)
    assert outcome.code == 1 and "Traceback" not in outcome.err
    assert len([line for line in outcome.err.splitlines() if line.startswith("wb: ")]) == 1


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("first", [LAG, Answer(body=b'{"query": {"pa'), Answer(body=b"<html>busy")])
def test_an_api_that_is_busy_is_asked_again(wb: Callable[..., Any], db: Path, csv_file: Any, first: Answer) -> None:
    wb("ingest", "--from", csv_file("qid,label,kind,image_file", "Q1,One,static,1.jpg"))
    with commons({"1.jpg": jpeg(1)}) as server, serving(lambda n, a: first if n == 0 else fetched(server, a)) as busy:
        outcome = wb("ingest", "images", "--service", busy.url.replace("/sparql", "/w/api.php"))
    assert outcome.code == 0, outcome.err
    assert len(busy.asked) == 2
    assert [row.status for row in downloads(db).values()] == ["ok"]


def fetched(server: LocalServer, asked: Asked) -> Answer:
    with urllib.request.urlopen(server.url.removesuffix("/w/api.php") + asked.path, timeout=5) as response:
        return Answer(body=response.read())


def test_urls(wb: Callable[..., Any], db: Path, csv_file: Any, dump: Callable[[], object]) -> None:
    wb("ingest", "--from", csv_file("qid,label,kind", "Q1,One,dynamic", "Q2,Two,static"))
    with commons({"a.jpg": jpeg(1), "b.jpg": jpeg(2)}) as server:
        base = server.url.removesuffix("/w/api.php")
        rows = (
            f"Q1,{base}/x/b.jpg,2,B",
            f"Q1,{base}/x/a.jpg,1,A",
            "Q2,ftp://x.org/a.jpg,,",
            "Q9,http://x.org/a,,",
            "Q2,,,",
        )
        urls = csv_file("qid,url,rank,author", *rows, name="urls.csv")
        refused = wb("ingest", "images", "--urls", urls)
        assert refused.code == 4
        assert "127.0.0.1 is an address of this machine or of a private network" in refused.err
        assert "not an http(s) URL: 'ftp://x.org/a.jpg'" in refused.err
        assert "urls.csv:6: no URL" in refused.err
        assert "skipped 1 QIDs with URLs, not references of this study: Q9" in refused.err
        assert not server.asked
        assert wb("ingest", "images", "--urls", urls, "--allow-private", "--again").code == 4
        found = [(i.author, i.rank, i.source_url) for i in Store.open(db).rows("ref_images_of", ReferenceImage)]
        assert found == [("A", 1, f"{base}/x/a.jpg"), ("B", 2, f"{base}/x/b.jpg")]
        before = dump()
        wb("ingest", "images", "--urls", urls, "--allow-private")
        assert dump() == before and len(server.asked) == 2


def test_pictures_named_by_titles(wb: Callable[..., Any], db: Path, csv_file: Any, tmp_path: Path) -> None:
    rows = (
        "Q1,The Starry Night,static",
        "Q2,Amélie,dynamic",
        "Q3,The Kiss,static",
        "Q4,The Kiss,static",
        "Q5,1984,static",
    )
    wb("ingest", "--from", csv_file("qid,label,kind", *rows))
    folder = tmp_path / "released"
    for n, name in enumerate(
        (
            "the_starry_night/0.jpg",
            "amelie/1.jpg",
            "amelie/2.jpg",
            "the-kiss/0.jpg",
            "1984.jpg",
            "amelie_3.jpg",
            "nobody/0.jpg",
        )
    ):
        save(folder, name, jpeg(n))
    outcome = wb("ingest", "images", "--from", folder)
    assert outcome.code == 4
    assert "the title of Q3 and Q4: name the folder by QID" in outcome.err
    assert "neither a QID nor a title: nobody" in outcome.err
    counts = Store.open(db).sql("SELECT qid, count(*) FROM ref_images GROUP BY qid ORDER BY qid").rows()
    assert counts == [("Q1", 1), ("Q2", 3), ("Q5", 1)]


def test_a_contact_sheet(wb: Callable[..., Any], db: Path, csv_file: Any, tmp_path: Path) -> None:
    wb("ingest", "--from", csv_file("qid,label,kind", "Q1,<script>alert(1)</script>,dynamic", "Q2,Without,static"))
    for n in (1, 2):
        save(tmp_path / "p", f"Q1_{n}.jpg", jpeg(1, quality=50 + n))
    sheet = tmp_path / "sheets" / "sheet.html"
    sheet.parent.mkdir()
    outcome = wb("ingest", "images", "--from", tmp_path / "p", "--review", sheet)
    assert outcome.code == 0, outcome.err
    assert "2 references, 1 without an image" in outcome.err
    page = sheet.read_text()
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert page.index("Without") < page.index("alert")
    assert "repeats 1, pHash distance " in page
    for source in (part.split('"')[0] for part in page.split('src="')[1:]):
        assert (sheet.parent / source).is_file()
    assert wb("ingest", "images", "--review", tmp_path / "no" / "sheet.html").code == 2
