"""``wb status``."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from workbench.commands.runs import about
from workbench.options import db_option, output_options, printable, say, write_frame
from workbench.records import NextSteps, Run
from workbench.store import Store, began, note_killed, outcome_now, utc_now


@click.command()
@db_option
@output_options
def status(db: Path, format_: str, output: Path | None) -> None:
    r"""What is there, out of what, what failed, and what to do next.

    \b
    Example:
      wb status
    """
    store = Store.open(db)
    note_killed(store)
    write_frame(store.frame("status"), format_, output)
    for run in store.rows("recent_runs", Run, limit_runs=3):
        say(describe_run(run, began(store, run)))
    advice = store.rows("next_steps", NextSteps)[0].advice()
    say(f"next: wb {advice.command} ({advice.text.lower()})")


def describe_run(run: Run, since: datetime) -> str:
    """One line on a run: how it ended, or how it goes since then."""
    how = outcome_now(run)
    counts = f"{run.done:,} of {run.planned:,} done" + (f", {run.failed:,} failed" if run.failed else "")
    pace = _pace(run, since) if how == "running" else ""
    remark = f" ({printable(run.message)})" if run.message else ""
    what = " ".join(word for word in (run.command, about(run)) if word)
    return f"run {run.run_id}  {what}: {how}, {counts}{pace}{remark}"


def _pace(run: Run, since: datetime) -> str:
    """How fast a run goes, how long it still takes, and how long ago it said so."""
    done, seconds = run.done + run.failed, (run.updated_utc - since).total_seconds()
    silent = timedelta(seconds=max(0, round((utc_now() - run.updated_utc).total_seconds())))
    if not done or seconds <= 0:
        return f", last sign {silent} ago"
    left = timedelta(seconds=round((run.planned - done) * seconds / done))
    return f", {done / seconds:.2f}/s, {left} left, last sign {silent} ago"
