"""A few pictures of the screen, of what does not depend on time or place."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import TabbedContent

from ingest.job import Sources, ingest_sources
from ingest.prompts_csv import ingest_prompts
from workbench.options import DEFAULT_DB
from workbench.records import Prompt, Reference
from workbench.seed import seed_data
from workbench.store import Store, Write
from workbench.tui.app import WorkbenchApp
from workbench.tui.imagemode import find_image_mode
from workbench.tui.widgets.status_bar import StatusBar

from .conftest import ROWS, Tui
from .study import RUN, Plan, fill, generate, reference_image

Compare = Any


async def shown(app: WorkbenchApp, pilot: Pilot[Any]) -> Tui:
    """The application, once its screen is there."""
    t = Tui(app, pilot)
    await t.until(lambda: t.study.is_mounted and t.study.query(TabbedContent))
    return t


async def settled(t: Tui) -> None:
    """Nothing is under way, and nothing tells how long it took."""
    await t.until(lambda: not (t.study._lane.busy or t.study._loading.busy))
    await t.pilot.pause(0.3)
    await t.until(lambda: not (t.study._lane.busy or t.study._loading.busy))
    t.study.query_one(StatusBar).update(seconds=None, activity="")
    await t.pilot.pause()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkbenchApp:
    """On the default file of an empty folder."""
    monkeypatch.chdir(tmp_path)
    return WorkbenchApp(DEFAULT_DB, find_image_mode("none"))


def test_a_study_without_references(app: WorkbenchApp, snap_compare: Compare) -> None:
    Store.create(DEFAULT_DB)

    async def ready(pilot: Pilot[Any]) -> None:
        t = await shown(app, pilot)
        await t.until(lambda: "No references yet" in t.text())

    assert snap_compare(app, terminal_size=(80, 24), run_before=ready)


@pytest.fixture(scope="session")
def miniature(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The references, prompts and known frequencies of the miniature study, with made-up scores: no model runs."""
    db = Path(tmp_path_factory.mktemp("miniature")) / "workbench.duckdb"
    ingest_sources(db, Sources(references=seed_data("mini/references.csv")))
    ingest_prompts(db, seed_data("mini/prompts.csv"))
    store = Store.open(db)
    plan = Plan(models=("mini",), images=3, files=False)
    refs = store.rows("all_refs", Reference)
    pictures = [reference_image(store, ref, plan) for ref in refs]
    store.write(Write(query="upsert_ref_images", table="ref_images", records=pictures))
    prompts = store.sql("SELECT prompt_id, qid, perturbation, method, text FROM prompts ORDER BY prompt_id")
    known = [Prompt(**row, run_id=RUN) for row in prompts.drop("prompt_id").iter_rows(named=True)]
    generate(store, known, plan, random.Random(7))
    return db


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["small", "medium", "large"])
def test_the_miniature_study(
    app: WorkbenchApp, miniature: Path, snap_compare: Compare, theme: str, size: tuple[int, int]
) -> None:
    DEFAULT_DB.parent.mkdir()
    shutil.copy(miniature, DEFAULT_DB)

    async def ready(pilot: Pilot[Any]) -> None:
        t = await shown(app, pilot)
        app.theme = f"workbench-{theme}"
        await t.rows(48 * 3)
        await settled(t)

    assert snap_compare(app, terminal_size=size, run_before=ready)


@pytest.mark.parametrize(
    ("keys", "there"),
    [
        (["3"], "static references"),
        (["question_mark"], "highest cosine similarity"),
        (["enter", "o"], "of 16 reused"),
        (["a", "a", "n", "n", "enter"], "recognised: y or n?"),
    ],
    ids=["correlations", "help", "look", "label"],
)
def test_the_other_screens(
    app: WorkbenchApp, miniature: Path, snap_compare: Compare, keys: list[str], there: str
) -> None:
    DEFAULT_DB.parent.mkdir()
    shutil.copy(miniature, DEFAULT_DB)

    async def ready(pilot: Pilot[Any]) -> None:
        t = await shown(app, pilot)
        await t.rows(48 * 3)
        await t.press(*keys)
        await t.until(lambda: there in t.text() and "follow" not in t.text())
        await t.until(lambda: not t.study._slow.busy)
        await settled(t)

    assert snap_compare(app, terminal_size=(120, 40), run_before=ready)


def test_the_models(app: WorkbenchApp, snap_compare: Compare) -> None:
    fill(Store.create(DEFAULT_DB), Plan(files=False))

    async def ready(pilot: Pilot[Any]) -> None:
        t = await shown(app, pilot)
        await t.rows(ROWS)
        await t.press("4")
        await t.until(lambda: t.table.row_count == 12 and "━" in t.text() and "follow" not in t.text())
        await settled(t)

    assert snap_compare(app, terminal_size=(160, 40), run_before=ready)
