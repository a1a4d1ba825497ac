"""What is kept of the screen, and when."""

from collections.abc import Callable
from pathlib import Path

from textual.widgets import Input

from workbench.records import Thresholds
from workbench.store import Store
from workbench.tui.app import WorkbenchApp
from workbench.tui.imagemode import find_image_mode
from workbench.tui.screens.study import POLL_SECONDS
from workbench.tui.state import State

from .conftest import ROWS, Tui


def kept_in(file: Path, study: Store) -> Callable[..., WorkbenchApp]:
    return lambda thresholds=None: WorkbenchApp(study.path, find_image_mode("none"), thresholds, file)


async def test_it_is_kept_without_a_farewell(study: Store, tmp_path: Path) -> None:
    """A terminal that is closed says nothing."""
    file = tmp_path / "tui.json"
    async with (app := kept_in(file, study)()).run_test(size=(160, 48)) as pilot:
        t = Tui(app, pilot)
        await t.rows(ROWS)
        t.study.query_one("#text", Input).value = "van gogh"
        await t.until(lambda: t.status.shown == 8)
        await t.until(
            lambda: State(file, study.path).of_study("filters", {}).get("text") == "van gogh", POLL_SECONDS * 3
        )
        written = file.stat().st_mtime_ns
        await pilot.pause(POLL_SECONDS * 1.5)
        assert file.stat().st_mtime_ns == written, "what is kept already is not written again"


async def test_thresholds_that_are_asked_for_go_before_those_of_the_last_time(study: Store, tmp_path: Path) -> None:
    file = tmp_path / "tui.json"
    for asked, expected in ((Thresholds(tau_static=0.5), 0.5), (None, 0.5), (Thresholds(), 0.7), (None, 0.7)):
        async with (app := kept_in(file, study)(asked)).run_test(size=(160, 48)) as pilot:
            t = Tui(app, pilot)
            await t.rows(ROWS)
            assert t.status.thresholds.tau_static == expected
            await t.press("q")


def test_two_sessions_of_one_study_keep_what_the_other_saves(tmp_path: Path) -> None:
    file, study = tmp_path / "tui.json", tmp_path / "a.duckdb"
    one, other = State(file, study), State(file, study)
    one.put_view("first", {"text": "a"})
    other.put_view("second", {"text": "b"})
    one.put_of_study(tab="sql")
    other.remember_query("SELECT 1")
    one.remember_query("SELECT 2")
    assert set(State(file, study).views) == set(one.views) == {"first", "second"}
    assert State(file, study).get("queries") == ["SELECT 1", "SELECT 2"]
    other.put_view("first", None)
    one.put_of_study(tab="runs")
    assert set(State(file, study).views) == {"second"}


def test_what_cannot_be_written_is_known_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    state = State(tmp_path / "file" / "tui.json", tmp_path / "a.duckdb")
    state.put("annotator", "ann")
    state.put("theme", "light")
    state.put_view("mine", {"text": "a"})
    assert (state.get("annotator"), state.get("theme"), list(state.views)) == ("ann", "light", ["mine"])


def test_two_sessions_keep_both(tmp_path: Path) -> None:
    file = tmp_path / "tui.json"
    one, other = State(file, tmp_path / "a.duckdb"), State(file, tmp_path / "b.duckdb")
    one.put_of_study(tab="sql")
    other.put_of_study(tab="runs")
    other.put("theme", "light")
    one.put("annotator", "ann")
    for name, tab in (("a", "sql"), ("b", "runs")):
        found = State(file, tmp_path / f"{name}.duckdb")
        assert (found.of_study("tab"), found.get("theme"), found.get("annotator")) == (tab, "light", "ann")
