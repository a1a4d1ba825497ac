"""A run in full, in the words of a person."""

import json
from datetime import datetime

import pytest

from workbench.records import Run
from workbench.store import Store, connection
from workbench.store.processes import this_process
from workbench.tui.widgets.runs_view import describe

from ..fixtures.processes import a_run
from .conftest import ROWS
from .conftest import Run as Tui

NOW = datetime(2026, 1, 2, 3, 4, 5)


def test_what_was_asked_is_no_python() -> None:
    asked = {
        "model": "sd15",
        "where": None,
        "qids": ["Q1", "Q2"],
        "kinds": [],
        "safety": True,
        "extra": {"Größe": 8, "size": None},
    }
    run = Run(
        run_id="r",
        command="generate",
        arguments=json.dumps(asked),
        versions="{}",
        host="h",
        pid=1,
        started_utc=NOW,
        updated_utc=NOW,
    )
    lines = describe(run, []).plain.splitlines()
    first = lines.index("Settings") + 1
    assert lines[first : first + len(asked)] == [
        "model: sd15",
        "where: –",
        "qids: Q1, Q2",
        "kinds: –",
        "safety: yes",
        "extra: Größe 8, size –",
    ]


async def test_the_time_that_is_left_goes_by_images_not_by_loading_the_model(tui: Tui, study: Store) -> None:
    with a_run(study.path, '{"batch_size": 1}') as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "stepped\n"
        with connection.writing(study.path, 5) as con:
            con.execute("UPDATE runs SET started_utc = updated_utc - INTERVAL 50 SECOND WHERE command = 'generate'")
            con.execute(
                "UPDATE images SET seconds = 0.5, run_id = r.run_id, created_utc = r.updated_utc - INTERVAL 1 SECOND "
                "FROM runs AS r WHERE r.command = 'generate'"
            )
        async with tui() as t:
            await t.rows(ROWS)
            await t.press("5")
            await t.until(lambda: "2.00 a second, about 0:00:18 left" in t.text())


@pytest.mark.skipif(this_process() is None, reason="the system does not say when processes started")
async def test_a_run_that_is_killed_says_so_though_the_file_is_silent(
    tui: Tui, study: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.tui.widgets.runs_view.LOOK_SECONDS", 0.2)
    with a_run(study.path) as process:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        async with tui() as t:
            await t.rows(ROWS)
            await t.press("5")
            await t.until(lambda: t.table.row_count == 1 and "3 of 40" in t.text())
            assert t.shown(0)[1] == "running" and "wb generate  running" in t.text()
            process.kill()
            await t.until(lambda: t.shown(0)[1] == "killed")
            assert "wb generate  killed" in t.text()
            assert "goes on where it stopped" in t.text()
            await t.until(lambda: t.status.activity != "wb generate: 3 of 40")
    assert study.sql("SELECT outcome FROM runs WHERE command = 'generate'")["outcome"].to_list() == ["running"]


async def test_a_run_without_a_word_for_minutes_is_quiet_not_killed(tui: Tui, study: Store) -> None:
    with a_run(study.path):
        with connection.writing(study.path, 5) as con:
            con.execute("UPDATE runs SET updated_utc = updated_utc - INTERVAL 10 MINUTE WHERE command = 'generate'")
        async with tui() as t:
            await t.rows(ROWS)
            await t.press("5")
            await t.until(lambda: "no sign for 0:10:" in t.text())
            assert t.shown(0)[1] == "quiet"
            assert "wb generate" not in t.status.activity
