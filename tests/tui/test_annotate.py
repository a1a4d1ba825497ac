"""Labels by keys alone: blind, written at once, beside a writer, taken back, by several people."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pyarrow as pa

from workbench.records import Annotation
from workbench.store import Store
from workbench.tui.labelling import Labels, Queue, agreement
from workbench.tui.screens.annotate import AnnotateScreen
from workbench.tui.widgets.sql_view import SqlView

from .conftest import ROWS, Run, Tui

NOW = datetime(2026, 1, 1)


def test_kappa_in_words() -> None:
    assert agreement([(True, True), (False, False)]) == ["1.00 (n 2, 100% alike)"]
    # Half agree, half would by chance; what only one judged does not count.
    assert agreement([(1, 1), (1, 0), (0, 0), (0, 1), (None, 1)]) == ["0.00 (n 4, 50% alike)"]
    # The textbook table of 50 grant proposals: 20 both yes, 5 and 10 split, 15 both no.
    split = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert agreement(split) == ["0.40 (n 50, 70% alike)"]
    assert agreement([(1, 1)]) == ["not defined (n 1, 100% alike)"] and agreement([]) == []


def said(image_id: str, annotator: str, recognised: bool | None, realization: str | None = None) -> Annotation:
    return Annotation(
        image_id=image_id, annotator=annotator, recognised=recognised, realization=realization, updated_utc=NOW
    )


def test_going_on_where_one_stopped_and_taking_back() -> None:
    known = [said("a", "ann", False), said("b", "ann", True), said("a", "bob", True)]
    labels = Labels.of(Queue(image_ids=pa.array(["a", "b", "c"]), annotations=known), "ann")
    assert (labels.image_id, labels.done) == ("b", 1)  # b is recognised, but not said how it is realized
    labels.say(realization="neither")
    assert labels.done == 2
    labels.go_on()
    assert labels.image_id == "c"
    assert labels.agreements() == ["κ with bob, recognised: 0.00 (n 1, 0% alike)"]
    labels.undo()
    assert (labels.image_id, labels.current.realization if labels.current else "") == ("b", None)
    assert labels.undo() is None
    empty = Labels.of(Queue(image_ids=pa.array([], pa.string()), annotations=[]), "ann")
    assert empty.say(recognised=True) is None and empty.image_id is None


@asynccontextmanager
async def labelling(tui: Run, name: str, **options: object) -> AsyncIterator[tuple[Tui, AnnotateScreen]]:
    async with tui(size=(120, 40), **options) as t:
        await t.rows(ROWS)
        await t.press("a")
        await t.type(name)
        await t.press("enter")
        screen = t.app.screen
        assert isinstance(screen, AnnotateScreen)
        await t.until(lambda: screen.item is not None)
        yield t, screen


async def written(t: Tui, screen: AnnotateScreen) -> None:
    await t.until(lambda: not screen.waiting, seconds=30)


async def test_labels_are_in_the_file_at_once(tui: Run, study: Store) -> None:
    async with labelling(tui, "ann") as (t, screen):
        for hint in ("sd15", "sdxl", "synonym", "CRA", "VR "):
            assert hint not in t.text()  # blind to how it was made and how it scores
        first, second = screen.labels.queue[:2].to_pylist()
        await t.press("y", "2")
        assert screen.labels.image_id == second
        await t.press("n")
        await written(t, screen)
        rows = study.sql("SELECT image_id, recognised, realization FROM annotations WHERE annotator = 'ann'")
        assert sorted(rows.iter_rows()) == sorted([(first, True, "transformation"), (second, False, None)])
        await t.press("t")
        await t.type("odd")
        await t.press("enter")
        await written(t, screen)
        assert study.sql("SELECT note FROM annotations WHERE note IS NOT NULL")["note"].to_list() == ["odd"]
        assert "2 of" in t.text()
        await t.press("u", "u", "u", "u")
        await written(t, screen)
        assert study.sql("FROM annotations").height == 0
        await t.press("u")
        assert "nothing to take back" in t.text()
        await t.press("1")
        await written(t, screen)
        await t.press("escape")
        await t.until(lambda: t.app.screen is t.study)
        await t.until(lambda: t.study.query_one("#annotations").display)  # now a filter
    async with labelling(tui, "bea") as (t, screen):
        await t.press("n", "Y")
        sql = t.study.query_one(SqlView)
        await t.until(lambda: t.app.screen is t.study and sql.display and sql.view.table.row_count == 2, seconds=30)
        assert "annotations" in sql.editor.text
    async with labelling(tui, "bob") as (t, screen):
        assert screen.labels.queue[:2].to_pylist() != [first, second]  # another order for another person
        assert screen.labels.done == 0


WRITER = """
import sys, time
from pathlib import Path
from workbench.store import Store, connection
end, n = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    with connection.writing(Path(sys.argv[1]), 30) as con:
        con.execute("UPDATE covariates SET value = value + 1 WHERE name = 'popularity'")
        time.sleep(0.3)
    n += 1
    time.sleep(0.05)
print(n)
"""


async def test_nothing_is_lost_beside_a_writer(tui: Run, study: Store) -> None:
    command = [sys.executable, "-c", WRITER, str(study.path), "5"]
    async with labelling(tui, "ann") as (t, screen):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            for _ in range(12):
                await t.press("y", "3")
                await asyncio.sleep(0.1)
            await written(t, screen)
            out, _ = await asyncio.to_thread(writer.communicate, timeout=60)
        assert writer.returncode == 0 and int(out) >= 3
        assert screen.labels.done == 12
    found = study.sql("SELECT count(*) AS n FROM annotations WHERE recognised AND realization = 'neither'")
    assert found["n"].to_list() == [12]
