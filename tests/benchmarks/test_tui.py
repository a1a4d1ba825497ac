"""What the terminal UI costs on the full study with every condition: 767 × 5 × 3 × 50 images, all of them scored.

A change is repainted within 1.5 times what its own SQL takes by hand: the SQL that the screen shows and copies.
"""

import asyncio
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.conftest import Tui
from workbench.records import Thresholds
from workbench.store import Store, connection
from workbench.tui.app import WorkbenchApp
from workbench.tui.imagemode import find_image_mode
from workbench.tui.memory import collect_at_rest, give_back_at_once
from workbench.tui.widgets.slider import Slider

from .test_measures import FILL

SIZES = {"references": 767, "models": 5, "seeds": 50}
ROWS, IMAGES = 767 * 5 * 3, 767 * 5 * 3 * 50
TIMES = 20
STEP = 0.005
"""Between two looks at how late the event loop is, seconds."""


def memory() -> float:
    """Resident memory of this process now, megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three conditions of every reference; filled by SQL."""
    store = Store.create(Path(tmp_path_factory.mktemp("whole")) / "whole.duckdb")
    with connection.writing(store.path, 5) as con:
        for statement in FILL:
            if "INSERT INTO images" in statement:
                con.execute(
                    "INSERT INTO prompts SELECT md5(prompt_id || c), qid, c, 1, 'label', text, NULL, true, 'r'"
                    " FROM prompts, (VALUES ('synonym'), ('literal')) AS v(c)"
                )
            con.execute(statement, {n: v for n, v in SIZES.items() if f"${n}" in statement})
        con.execute(
            "INSERT INTO covariates SELECT qid, 'popularity', 'sitelinks', hash(qid) % 200, 'links', NULL, 't', 'r'"
            " FROM refs"
        )
    return store


class Lateness:
    """How long the event loop kept others waiting."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.paused = False
        """What is asked by hand is no part of the application."""

    async def watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(STEP)
            if not self.paused:
                self.waits.append(time.perf_counter() - before - STEP)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


async def painted(t: Tui, act: Callable[[], object], done: Callable[[], object]) -> float:
    """Seconds from what the person does to the screen that shows it."""
    before = time.perf_counter()
    t.app.touch()
    act()
    while not done():
        await asyncio.sleep(0.001)
    await t.pilot._wait_for_screen()
    return time.perf_counter() - before


async def by_hand(store: Store, t: Tui) -> float:
    """Seconds of the SQL that the screen shows, in the middle of several."""
    sql, times = t.study.sql(), []
    for _ in range(5):
        before = time.perf_counter()
        await asyncio.to_thread(store.sql, sql)
        times.append(time.perf_counter() - before)
    return statistics.median(times)


async def slides(t: Tui) -> list[float]:
    slider, times = t.study.query_one("#tau_static-slider", Slider), []
    for n in range(TIMES):
        tau = round(0.5 + n / 100, 2)

        def act(tau: float = tau) -> None:
            slider.post_message(Slider.Moved(slider, tau))

        def done(tau: float = tau) -> bool:
            return t.status.thresholds.tau_static == tau

        times.append(await painted(t, act, done))
    return times


async def filters(t: Tui, name: str, values: list[str]) -> list[float]:
    from textual.widgets import Input

    times = []
    for value in values:
        before = t.table.table
        field = t.study.query_one(name, Input)
        times.append(
            await painted(t, lambda v=value, f=field: setattr(f, "value", v), lambda b=before: t.table.table is not b)  # type: ignore[misc]
        )
    return times


async def sorts(t: Tui, names: list[str]) -> list[float]:
    times = []
    for name in names:
        before = t.table.table
        times.append(await painted(t, lambda n=name: t.study.view.sort_by(n), lambda b=before: t.table.table is not b))  # type: ignore[misc]
    return times


async def test_the_whole_study_on_screen(whole: Store) -> None:
    lateness = Lateness()
    began = time.perf_counter()
    app = WorkbenchApp(whole.path, find_image_mode("none"), Thresholds())
    collect_at_rest()  # as wb tui does, and this too
    give_back_at_once()
    async with app.run_test(size=(160, 48)) as pilot:
        first = time.perf_counter() - began
        t = Tui(app, pilot)
        await t.until(lambda: t.table.row_count == ROWS and t.status.total == ROWS, seconds=120)
        read, held = time.perf_counter() - began, memory()
        watching = asyncio.create_task(lateness.watch())
        found: dict[str, float] = {}
        repaints: dict[str, float] = {}
        for tab, rows, columns in (
            ("references", ROWS, ["cra", "label", "vr"]),
            ("images", IMAGES, ["s", "label", "vr"]),
        ):
            t.study.action_tab(0 if tab == "references" else 1)
            await t.until(lambda rows=rows: t.table.row_count == rows, seconds=60)  # type: ignore[misc]
            lateness.paused = True
            before = await by_hand(whole, t)
            lateness.paused = False
            actions = {"slider": await slides(t), "sort": await sorts(t, columns * 7)}
            actions["filter"] = await filters(t, "#cra_min", ["0.2", "0.3", "0.35", "0.25", ""] * 4)
            lateness.paused = True
            sql = (before + await by_hand(whole, t)) / 2  # whatever else the machine has to do meanwhile
            repaints |= {f"{tab}, {name}": p95(times) for name, times in actions.items()}
            found |= {f"{tab}, {name}": p95(times) / sql for name, times in actions.items()}
        watching.cancel()
    late = sorted(lateness.waits)
    print(f"\n{IMAGES:,} images; p95 of a repaint ÷ its own SQL by hand: ", end="")
    print(", ".join(f"{name} {ratio:.2f}" for name, ratio in found.items()))
    print(f"p95 of a repaint: {', '.join(f'{name} {seconds * 1e3:.0f} ms' for name, seconds in repaints.items())}")
    print(f"first paint {first:.2f} s, rows {read:.2f} s, memory {held:.0f} MB")
    print(
        f"event loop late by p95 {p95(lateness.waits) * 1e3:.0f} ms, p99 {late[int(len(late) * 0.99)] * 1e3:.0f} ms, "
        f"at most {late[-1] * 1e3:.0f} ms"
    )
    assert all(ratio <= 1.5 for ratio in found.values()), found
