"""``wb status``."""

from pathlib import Path

import click

from workbench.options import db_option, output_options, printable, say, write_frame
from workbench.records import NextSteps, Run
from workbench.store import Store


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
    write_frame(store.frame("status"), format_, output)
    for run in store.rows("recent_runs", Run, limit_runs=3):
        say(describe_run(run))
    advice = store.rows("next_steps", NextSteps)[0].advice()
    say(f"next: wb {advice.command} ({advice.text.lower()})")


def describe_run(run: Run) -> str:
    """One line on a run."""
    counts = f"{run.done:,} of {run.planned:,} done" + (f", {run.failed:,} failed" if run.failed else "")
    remark = f" ({printable(run.message)})" if run.message else ""
    return f"run {run.run_id}  {run.command}: {run.outcome}, {counts}{remark}"
