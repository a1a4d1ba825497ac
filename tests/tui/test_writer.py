"""The screen goes on while another process writes."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

from workbench.store import Store, stamp

from .conftest import ROWS, Run
from .study import Plan, fill

WRITER = """
import sys, time
from pathlib import Path
from workbench.records import Covariate
from workbench.store import Store, Write
store = Store.open(Path(sys.argv[1]))
rest = {"unit": "sitelinks", "provenance": "t", "run_id": "t"}
end, n = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    n += 1
    record = Covariate(qid="Q1000", name="popularity", method="sitelinks", value=1000 + n, **rest)
    store.write(Write(query="upsert_covariates", table="covariates", records=[record]))
print(n, flush=True)
"""
HOLDER = """
import sys, time, duckdb
con = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
con.close()
"""


def start(program: str, db: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(program), str(db), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def test_it_shows_what_another_process_writes(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        with start(WRITER, study.path, 8.0) as writer:
            await t.until(lambda: any((v or 0) > 1000 for v in t.column("popularity")), seconds=30)
            seen = max(v or 0 for v in t.column("popularity"))
            await t.until(lambda: max(v or 0 for v in t.column("popularity")) > seen, seconds=30)
            assert "writer active" in t.status.activity
            await t.press("j", "s", "escape", "k")  # the person is not held up
            out, err = writer.communicate(timeout=60)
        assert writer.returncode == 0, err
        written = int(out)
        assert written >= 5  # and neither is the writer, which starves beside readers that poll without end
        await t.until(lambda: max(v or 0 for v in t.column("popularity")) == 1000 + written, seconds=30)
        assert not t.status.error
        assert len(t.app.screen_stack) == 1


async def test_a_file_that_stays_locked_is_waited_for(tui: Run, study: Store) -> None:
    with start(HOLDER, study.path, 6.0) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        async with tui() as t:
            await t.until(lambda: "writer active, waiting for the file" in t.status.activity, seconds=30)
            assert "waiting for the file" in t.text()
            assert len(t.app.screen_stack) == 1
            await t.rows(ROWS)
            await t.until(lambda: not t.status.activity, seconds=30)
            assert not t.status.error


async def test_it_asks_only_when_the_file_has_changed(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        asked: list[float] = []
        ask = t.study.reader.references
        t.study.reader.references = lambda f: asked.append(time.monotonic()) or ask(f)  # type: ignore[func-returns-value, method-assign]
        await t.pilot.pause(4.5)
        assert asked == []
        fill_more = Plan(models=("third",))
        fill(Store.open(study.path), fill_more)
        await t.rows(ROWS + 28)
        assert len(asked) <= 3


def test_a_stamp_tells_states_of_a_file_apart(db: Path) -> None:
    before = stamp(db)
    assert not before.exists and not before.writer_waits
    store = Store.create(db)
    made = stamp(db)
    assert made.exists and made.parts != before.parts
    assert stamp(db) == made
    store.sql("SELECT 1")
    assert stamp(db) == made  # reading leaves no trace
    fill(store, Plan(generated=False, files=False))
    assert stamp(db).parts != made.parts
    db.with_name(db.name + ".writer-waits").touch()
    assert stamp(db).writer_waits
