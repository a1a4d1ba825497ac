"""One report of one study, which the tests look at; they only read it."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.analysis.conftest import ANNOTATE, MORE_WORDS, WORDS
from tests.tui.study import NOW, Plan, fill
from workbench.cli import run
from workbench.store import RunLog, Store, connection

HOSTILE = "<script>alert(1)</script> & **x** | [a](javascript:b) $y$ `c`\u202e\x1b[31m"
"""A title that is HTML, Markdown, mathematics and control characters."""


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """28 references, two models, two prompt conditions, judged; one title is hostile."""
    store = Store.create(Path(tmp_path_factory.mktemp("reported")) / "study.duckdb")
    fill(store, Plan(refs=28, images=3))
    with RunLog(store, "generate", {"model": "sd15", "note": HOSTILE}):
        pass
    with connection.writing(store.path, 5) as con:
        con.execute(WORDS)
        con.execute(MORE_WORDS)
        con.execute(ANNOTATE, {"now": datetime(2026, 11, 1)})
        con.execute("UPDATE refs SET label = ? WHERE qid = 'Q1000'", [HOSTILE])
        con.execute("UPDATE runs SET started_utc = ?", [NOW])
    return store


@pytest.fixture(scope="session")
def folder(study: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its report."""
    folder = Path(tmp_path_factory.mktemp("report"))
    assert run(["report", "--db", str(study.path), "--out", str(folder), "--resamples", "200"]) == 0
    return folder


@pytest.fixture(scope="session")
def html(folder: Path) -> str:
    """Its page."""
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def markdown(folder: Path) -> str:
    """The same as Markdown."""
    return (folder / "report.md").read_text(encoding="utf-8")
