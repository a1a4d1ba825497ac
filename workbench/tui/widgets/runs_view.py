"""The tab of runs: what ran, runs and failed, from whatever process."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from workbench.options import printable
from workbench.records import Failure, Run
from workbench.store import began, utc_now
from workbench.tui.columns import Sort
from workbench.tui.filewatch import standing
from workbench.tui.filters import Filters
from workbench.tui.messages import RowHighlighted
from workbench.tui.reader import RUNS_KEPT, StudyReader
from workbench.tui.shown_sql import runs_sql
from workbench.tui.tables import RUNS
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.table_view import TableView

NOTHING = "Nothing ran yet: wb generate and wb score leave their runs here."
SORT = Sort(column="started_utc", descending=True)
BAR = 24
LOOK_SECONDS = 5.0
"""A process dies without a word in the file, so runs that go on are looked after."""
UNFINISHED = ("killed", "interrupted", "failed")
COLUMNS: dict[str, Any] = {
    **dict.fromkeys(("run_id", "command", "outcome"), pl.String),
    "started_utc": pl.Datetime("us"),
    "duration": pl.Float64,
    **dict.fromkeys(("done", "planned", "failed"), pl.Int64),
    "message": pl.String,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The newest runs, and what failed in them."""

    runs: list[Run]
    failures: list[Failure]
    began: dict[str, datetime] = field(default_factory=dict)
    """Of those that run: when they began with their items, by ``run_id``."""


def runs_of(reader: StudyReader) -> Runs:
    """Ask for them, in a worker."""
    rows = reader.store.rows
    runs = rows("recent_runs", Run, limit_runs=RUNS_KEPT)
    since = {run.run_id: began(reader.store, run) for run in runs if standing(run) == "running"}
    return Runs(runs=runs, failures=rows("failures_of_runs", Failure), began=since)


class RunsView(StudyTab):
    """The table, and the run under the cursor in full; told anew whenever the file changes."""

    topic, title, noun, filtered = "runs", "Runs", "runs", False

    def __init__(self, reader: StudyReader) -> None:
        super().__init__(reader)
        self._found = Runs(runs=[], failures=[])
        self._told: list[str] = []
        """How the runs stand on screen."""

    def on_mount(self) -> None:
        """Look after the runs that go on."""
        self.set_interval(LOOK_SECONDS, self._look_after)

    def compose(self) -> ComposeResult:
        """Table and run."""
        yield TableView(RUNS, ("run_id",), SORT, nothing=NOTHING, id="runs-view")
        with VerticalScroll(id="run-detail", can_focus=True):
            yield Static(id="run", markup=False)

    def question(self, filters: Filters) -> Callable[[], object]:
        """The newest runs, whatever the filters."""
        reader = self.reader
        return lambda: runs_of(reader)

    def show(self, answer: Any, filters: Filters) -> None:
        """Show them."""
        self._found = answer
        self._tell()

    def _look_after(self) -> None:
        """Tell anew where a run stands otherwise than when it was told."""
        if self._told != [standing(run) for run in self._found.runs]:
            self._tell()

    def _tell(self) -> None:
        runs = self._found.runs
        self._told = [standing(run) for run in runs]
        self.view.show(pl.DataFrame([_row(run) for run in runs], schema=COLUMNS, orient="row").to_arrow())

    def sql(self, filters: Filters) -> str:
        """The SQL that gives the table."""
        return runs_sql()

    @on(RowHighlighted)
    def draw(self) -> None:
        """The run under the cursor in full."""
        row = self.view.row
        run = next((r for r in self._found.runs if row and r.run_id == row["run_id"]), None)
        failures = [f for f in self._found.failures if run and f.run_id == run.run_id]
        self.query_one("#run", Static).update(describe(run, failures, self._found.began.get(run.run_id)) if run else "")


def describe(run: Run, failures: list[Failure], since: datetime | None = None) -> Content:
    """A run in full: progress since it began with its items, failures with their reasons, arguments, versions."""
    how = standing(run)
    lines = [Content.assemble((f"wb {run.command}", "bold"), f"  {how}")]
    lines.append(Content(bar(run.done, run.failed, run.planned)))
    rate = run.done / max(1e-9, (run.updated_utc - (since or run.started_utc)).total_seconds())
    if how == "running" and run.done and run.planned > run.done:
        left = timedelta(seconds=round((run.planned - run.done) / max(rate, 1e-9)))
        lines.append(Content(f"{rate:.2f} a second, about {left} left"))
    elif how == "quiet":
        silent = timedelta(seconds=round((utc_now() - run.updated_utc).total_seconds()))
        lines.append(Content(f"no sign for {silent}; its process may be there still").stylize("$warning"))
    elif how in UNFINISHED and run.planned > run.done:
        lines.append(Content("the same command goes on where it stopped").stylize("$quiet"))
    if run.message:
        lines.append(Content(printable(run.message)).stylize("$warning"))
    if failures:
        lines += [Content(""), Content("Failures").stylize("$primary bold")]
        lines += [Content(f"{f.n:,} × {f.what}: {printable(f.reason)}") for f in failures]
    lines += [Content(""), Content("Settings").stylize("$primary bold")]
    lines += [Content(f"{name}: {printable(_plain(value))}") for name, value in json.loads(run.arguments).items()]
    lines += [Content(""), Content("Where").stylize("$primary bold"), Content(_where(run))]
    versions = json.loads(run.versions)
    lines.append(Content(", ".join(f"{name} {v}" for name, v in versions.items())).stylize("$quiet"))
    return Content("\n").join(lines)


def _plain(value: Any) -> str:
    """What was asked, as a person writes it; JSON where lists are nested."""
    if value is None or isinstance(value, bool):
        return {None: "–", True: "yes", False: "no"}[value]
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(each)}" for name, each in value.items()) or "–"
    if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        return ", ".join(map(_plain, value)) or "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def bar(done: int, failed: int, planned: int) -> str:
    """Progress as a line: done, failed, left."""
    whole = max(planned, done + failed, 1)
    good, bad = round(done / whole * BAR), round(failed / whole * BAR)
    line = "█" * good + "×" * bad + "░" * max(0, BAR - good - bad)
    return f"{line} {done:,} of {planned:,}" + (f", {failed:,} failed" if failed else "")


def _where(run: Run) -> str:
    commit = f", commit {run.git_commit[:12]}{' with changes' if run.git_dirty else ''}" if run.git_commit else ""
    return printable(
        f"{run.host}, process {run.pid}, {run.device or 'no device'}{commit}, {run.started_utc:%Y-%m-%d %H:%M} UTC"
    )


def _row(run: Run) -> list[Any]:
    values = asdict(run) | {"outcome": standing(run)}
    values["duration"] = ((run.ended_utc or run.updated_utc) - run.started_utc).total_seconds()
    return [values[name] for name in COLUMNS]
