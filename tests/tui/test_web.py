"""In a browser: a real server on loopback, its own assets, and a real browser where there is one."""

import asyncio
import json
import re
import shlex
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import polars as pl
import pytest

from tests.conftest import Outcome
from workbench.errors import ConfigError
from workbench.records import Thresholds
from workbench.store import Store
from workbench.tui.web.serve import shell_command

from .browser import CHROMIUM, chromium
from .conftest import ROWS
from .test_start import PROGRAM, Wb

HOSTILE = 'it\'s "a" $(touch broken) study; é'
NAMES = b"Discobolus"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@asynccontextmanager
async def served(db: Path, *options: str) -> AsyncIterator[str]:
    """``wb tui --web``; gives its address, and sees it end well."""
    port = free_port()
    command = [*PROGRAM, "tui", "--web", "--port", str(port), "--db", str(db), *options]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=db.parent
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        line = (await asyncio.wait_for(process.stderr.readline(), 30)).decode()
        assert line == f"wb tui in a browser: http://127.0.0.1:{port}  (ctrl+c ends it)\n"
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 20) == 0
        assert await process.stdout.read() + await process.stderr.read() == b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until(ws: aiohttp.ClientWebSocketResponse, text: bytes | None) -> aiohttp.WSMessage:
    """Wait until the screen shows a text; None: until the page is told something besides."""
    seen = b""
    async with asyncio.timeout(60):
        while text is None or text not in seen:
            message = await ws.receive()
            if message.type == aiohttp.WSMsgType.TEXT and text is None:
                return message
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), (message, seen[-500:])
            seen += message.data if isinstance(message.data, bytes) else b""
    return message


async def test_a_page_with_all_that_it_needs(study: Store) -> None:
    """No asset comes from elsewhere; other pages are shut out; a path of any letters is a path."""
    db = study.path.rename(study.path.parent / f"{HOSTILE}.duckdb")
    async with served(db) as url, aiohttp.ClientSession() as session:
        page = await (await session.get(url)).text()
        assets = re.findall(r'(?:src|href)="([^"]*)"|url\("([^"]*)"\)', page)
        paths = {path for pair in assets for path in pair if path.startswith("static/")}
        assert len(paths) == 4 and "//" not in page.replace("<!DOCTYPE html>", "").replace("// ", "")
        for path in paths:
            assert (await session.get(f"{url}/{path}")).status == 200, path
        for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example", "Origin": "http://evil.example"}):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await session.ws_connect(f"{url}/ws", headers=headers)
        async with session.ws_connect(f"{url}/ws?width=120&height=40", headers={"Origin": url}) as ws:
            await until(ws, NAMES)
            await ws.send_json(["stdin", "y"])
            await until(ws, b"copied through the browser (OSC 52)")
            await ws.send_json(["stdin", "e"])
            await until(ws, b"all its columns")
            await ws.send_json(["stdin", "\r"])
            kind, key = json.loads((await until(ws, None)).data)
            assert kind == "deliver_file_start"
            table = pl.read_csv(await (await session.get(f"{url}/download/{key}")).read())
            assert table.height == ROWS and not list(db.parent.glob("wb-*"))  # to the browser, not to the server's disk
            await ws.send_json(["stdin", "q"])
            while (await ws.receive(timeout=30)).type == aiohttp.WSMsgType.BINARY:
                pass
            assert ws.closed
        left = await session.ws_connect(f"{url}/ws")  # a page that is still open does not keep the server
        await left.receive(timeout=30)
    assert not (db.parent / "broken").exists()


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
@pytest.mark.slow
async def test_open_filter_and_see_an_image(study: Store, tmp_path: Path) -> None:
    async with served(study.path) as url, chromium(tmp_path / "profile") as page:
        await page.open(url)
        await page.until(lambda seen: "Discobolus" in seen)
        await page.type("/")
        await page.until(lambda seen: "Thresholds" in seen)
        await page.type("gogh")
        await page.until(lambda seen: " 8 of 56 rows" in seen)
        for _ in range(100):  # until the picture is on the page, in its own colours
            found = re.findall(r"38;2;(\d+);(\d+);(\d+)[^m]*m▀", await page.seen())
            pixels = {colour for _, colour in (await page.picture()).getcolors(maxcolors=2**24) or []}
            if len({tuple(map(int, colour)) for colour in found} & pixels) > 8:
                return
            await asyncio.sleep(0.2)
        pytest.fail("no picture is seen")


def test_what_the_shell_runs() -> None:
    db = Path(f"/tmp/{HOSTILE}.duckdb")
    words = shlex.split(shell_command(db, "auto", Thresholds(tau_static=0.1 + 0.2)))
    assert words[0] == sys.executable
    assert words[3:] == [
        "tui",
        f"--db={db}",
        "--image-mode=halfcell",
        "--tau-static=0.30000000000000004",
        "--tau-dynamic=0.75",
        "--tau-reuse=0.6",
    ]
    with pytest.raises(ConfigError, match="cannot draw pictures by sixel"):
        shell_command(db, "sixel", Thresholds())


def refusal(outcome: Outcome, code: int) -> list[str]:
    assert outcome.code == code and outcome.out == ""
    return outcome.err.splitlines()


def test_refusals_are_one_line(wb: Wb, study: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--host and --port are for --web" in refusal(wb("tui", "--port", "9000"), 2)[0]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        lines = refusal(wb("tui", "--web", "--port", port), 2)
        assert lines[0].startswith(f"wb: cannot listen on 127.0.0.1:{port}: ") and "--port" in lines[1]
        lines = refusal(wb("tui", "--web", "--host", "0.0.0.0", "--port", port), 2)
        assert lines[0].startswith("warning: whoever reaches 0.0.0.0")
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    for name in [name for name in sys.modules if name.startswith("workbench.tui.web.server")]:
        monkeypatch.delitem(sys.modules, name)
    lines = refusal(wb("tui", "--web"), 2)
    assert lines == [
        "wb: textual-serve is not installed",
        "hint: pip install 'multimodal-iconicity-workbench[web]'",
    ]


def test_a_browser_reads_and_writes_no_other_file(study: Store, tmp_path: Path) -> None:
    secret, target = tmp_path / "secret.txt", tmp_path / "written.csv"
    secret.write_text("secret")
    assert study.sql(f"SELECT content FROM read_text('{secret}')")["content"].to_list() == ["secret"]
    for query in (f"SELECT content FROM read_text('{secret}')", f"COPY (SELECT 1) TO '{target}'"):
        with pytest.raises(Exception, match="disabled by config"):
            study.sql(query, confined=True)
    assert not target.exists()
    assert study.sql("SELECT count(*) AS n FROM refs", confined=True)["n"].to_list() == [14]
