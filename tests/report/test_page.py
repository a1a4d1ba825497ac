"""The page needs nothing beside it, shows what titles say, and is the same each time."""

import itertools
import re
import shutil
import sys
from pathlib import Path

from markdown_it import MarkdownIt

from tests.report.conftest import HOSTILE
from tests.report.page import read
from workbench.cli import run
from workbench.store import Store

SHOWN = "<script>alert(1)</script> & **x** | [a](javascript:b) $y$ `c` [31m"


def test_it_loads_nothing_and_runs_nothing(html: str) -> None:
    page = read(html)
    assert not {"script", "link", "iframe", "object", "embed"} & {e.tag for e in page.elements}
    assert not [name for e in page.elements for name in e.attributes if name.startswith("on")]
    assert all(e.attributes["src"].startswith("data:image/jpeg;base64,") for e in page.named("img"))
    assert {e.attributes["href"][0] for e in page.named("a")} == {"#"}
    assert not re.search(r"url\((?!#)|@import", html)


def test_figures_and_pictures_say_what_they_show(html: str) -> None:
    page = read(html)
    assert len(page.named("svg")) >= 6
    assert all(e.attributes["aria-label"] for e in page.named("svg"))
    assert all(e.attributes["alt"] for e in page.named("img"))


def test_anchors_lead_somewhere_and_ids_are_unique(html: str) -> None:
    page = read(html)
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    used = {e.attributes[name] for e in page.elements for name in ("href", "xlink:href") if name in e.attributes}
    assert {target[1:] for target in used} <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


def test_a_hostile_title_is_text(html: str) -> None:
    cells = [e.text for e in read(html).named("td")]
    assert SHOWN in cells
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert HOSTILE not in html


def test_a_hostile_title_is_text_in_markdown_too(markdown: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    inner = [child for token in tokens for child in token.children or ()]
    assert not [t for t in [*tokens, *inner] if t.type in ("html_block", "html_inline", "link_open")]
    cells = [
        "".join(c.content for c in token.children or ())
        for before, token in itertools.pairwise(tokens)
        if before.type == "td_open"
    ]
    assert SHOWN in cells


def test_every_row_of_a_table_has_every_cell(html: str, markdown: str) -> None:
    for table in re.findall(r"<table>.*?</table>", html, flags=re.DOTALL):
        page = read(table)
        rows = [re.findall(r"<td", row) for row in re.findall(r"<tr>(.*?)</tr>", table, flags=re.DOTALL)][1:]
        assert {len(row) for row in rows} == {len(page.named("th"))}
    assert markdown.count("](report_files/") == html.count("<svg") + html.count("<img")


def test_files_of_the_markdown_are_there(markdown: str, folder: Path) -> None:
    named = re.findall(r"\]\((report_files/[^)]+)\)", markdown)
    assert all((folder / name).stat().st_size for name in named)
    assert {f"report_files/{path.name}" for path in (folder / "report_files").iterdir()} == set(named)


def test_numbers_are_never_nan(html: str, markdown: str) -> None:
    assert not re.search(r"\b(nan|inf|None|NULL)\b", " ".join(e.text for e in read(html).named("td")))
    assert not re.search(r"\| *(nan|inf|None) *\|", markdown)


def test_the_same_study_gives_the_same_files(study: Store, folder: Path, tmp_path: Path) -> None:
    assert run(["report", "--db", str(study.path), "--out", str(tmp_path), "--resamples", "200"]) == 0
    for first in (p for p in folder.rglob("*") if p.is_file()):
        assert (tmp_path / first.relative_to(folder)).read_bytes() == first.read_bytes(), first.name


def test_figures_follow_the_page_into_the_dark(html: str) -> None:
    svg = "".join(re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL))
    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) == set()
    assert "prefers-color-scheme: dark" in html
    assert "var(--c0)" in svg


def test_without_matplotlib_it_says_how_to_get_it(study: Store, tmp_path: Path, monkeypatch, capfd) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert run(["report", "--db", str(study.path), "--out", str(tmp_path / "no")]) == 2
    assert "pip install" in capfd.readouterr().err
    assert not (tmp_path / "no").exists()


def test_a_picture_that_is_no_longer_shown_does_not_stay(study: Store, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "again")
    (tmp_path / "again" / "report_files" / "notes.txt").write_text("mine")
    asked = ["--db", str(study.path), "--out", str(tmp_path / "again"), "--resamples", "200", "--kind", "dynamic"]
    assert run(["report", *asked, "--pictures", "none"]) == 0
    left = {path.name for path in (tmp_path / "again" / "report_files").iterdir()}
    assert not [name for name in left if name.endswith(".jpg")]
    assert "notes.txt" in left


def test_pictures_are_those_that_may_be_shown(html: str, study: Store, tmp_path: Path) -> None:
    asked = ["--db", str(study.path), "--out", str(tmp_path), "--resamples", "200", "--kind", "dynamic"]
    assert run(["report", *asked, "--pictures", "generated"]) == 0
    for page, references in ((html, True), (_page(tmp_path), False)):
        captions = [e.attributes["alt"] for e in read(page).named("img")]
        assert any("licence unknown" in c for c in captions) == references
        assert any("seed 0" in c for c in captions)


def _page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")
