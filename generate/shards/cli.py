"""``wb merge``: no model library is imported."""

from pathlib import Path

import click

from workbench.options import db_option, output_options, write_frame
from workbench.store import Store


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@db_option
@output_options
def merge(folders: tuple[Path, ...], db: Path, format_: str, output: Path | None) -> None:
    r"""Bring the shards of a plan, made by wb generate --shard, into the study.

    FOLDERS are those of shards, or hold some. What is there stays, twice changes nothing, and shards may be merged
    while they are still being made. Prints, for every shard of the plan, what was new and what is still missing.

    \b
    Examples:
      wb merge data/workbench.shards/sd15
      wb merge /scratch/shards/* --format csv
    """
    from generate.shards import contents, merge, report

    store = Store.open(db)
    shards = contents.read_shards(folders)
    contents.check_settings(shards)
    contents.check_prompts(store, shards)
    frame = report.report(store, merge.merge(store, shards))
    write_frame(frame, format_, output)
    report.check_whole(frame)
