"""``wb runs``."""

import json
import textwrap
from datetime import timedelta
from pathlib import Path

import click
import polars as pl

from workbench.options import db_option, output_options, printable, write_frame
from workbench.records import KnownSettings, Run, RunImages
from workbench.store import Store, find_run, note_killed, outcome_now


@click.group(invoke_without_command=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="The newest so many.")
@db_option
@output_options
@click.pass_context
def runs(context: click.Context, db: Path, limit: int, format_: str, output: Path | None) -> None:
    r"""List what was run, the newest first, or show one run.

    \b
    Examples:
      wb runs
      wb runs show last
      wb runs --limit 100 --format csv -o runs.csv
    """
    if context.invoked_subcommand is None:
        store = Store.open(db)
        note_killed(store)
        found = store.rows("recent_runs", Run, limit_runs=limit)
        write_frame(pl.DataFrame([_row(run) for run in found], schema=_COLUMNS), format_, output)


@runs.command()
@click.argument("run")
@db_option
@output_options
def show(run: str, db: Path, format_: str, output: Path | None) -> None:
    r"""Show all that is recorded of a run: its id, the beginning of it, or ``last``.

    \b
    Example:
      wb runs show last
    """
    store = Store.open(db)
    note_killed(store)
    found = find_run(store, run)
    settings = store.rows("settings_of", KnownSettings, settings_id=found.settings_id)
    images = store.rows("run_images", RunImages, run_id=found.run_id)
    write_frame(pl.DataFrame(_facts(found, settings, images), schema=["field", "value"], orient="row"), format_, output)


_ABOUT = ("model", "metrics", "perturbations", "source", "from", "images", "encoder", "folder", "shards")
"""Arguments that say what a run was about; the first that it has."""

_COLUMNS = {
    "run_id": pl.String,
    "command": pl.String,
    "about": pl.String,
    "outcome": pl.String,
    "started_utc": pl.String,
    "time": pl.String,
    "planned": pl.Int64,
    "done": pl.Int64,
    "failed": pl.Int64,
    "device": pl.String,
    "message": pl.String,
}


def _row(run: Run) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "command": run.command,
        "about": about(run),
        "outcome": outcome_now(run),
        "started_utc": f"{run.started_utc:%Y-%m-%d %H:%M:%S}",
        "time": _wall(run),
        "planned": run.planned,
        "done": run.done,
        "failed": run.failed,
        "device": run.device,
        "message": run.message,
    }


def about(run: Run) -> str | None:
    """Which model, files or prompts a run was about, in a few words, as far as its arguments say."""
    told = json.loads(run.arguments)
    for name in _ABOUT:
        values = told.get(name) if isinstance(told.get(name), list) else [told.get(name)]
        words = [Path(value).name if value.startswith("/") else value for value in values if isinstance(value, str)]
        if words:
            return printable(textwrap.shorten(", ".join(words), 40, placeholder=" …"))
    return None


def _wall(run: Run) -> str:
    """Time from start to end, or to the last sign of life."""
    return str(timedelta(seconds=round(((run.ended_utc or run.updated_utc) - run.started_utc).total_seconds())))


def _facts(run: Run, settings: list[KnownSettings], images: list[RunImages]) -> list[tuple[str, str]]:
    facts: dict[str, object] = {name: value for name, value in _row(run).items() if value is not None}
    facts["host"] = f"{run.host}, process {run.pid}"
    if run.git_commit is not None:
        facts["git_commit"] = run.git_commit + (" with changes" if run.git_dirty else "")
    for row in settings:
        names = ("settings_id", "model_id", "revision", "steps", "guidance", "width", "height", "dtype", "scheduler")
        facts |= {name: _known(getattr(row, name)) for name in names}
        facts["call"] = row.extra
    for status in images:
        pace = f", {status.seconds:.3g} s each" if status.seconds is not None else ""
        facts[f"images {status.status}"] = f"{status.n:,}{pace}"
    facts |= {f"argument {name}": _plain(value) for name, value in json.loads(run.arguments).items()}
    facts |= {f"version {name}": value for name, value in json.loads(run.versions).items()}
    return [(name, str(value)) for name, value in facts.items()]


def _known(value: object) -> object:
    return "unknown" if value is None else value


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
