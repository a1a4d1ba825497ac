"""``wb schema``."""

from pathlib import Path

import click

from workbench.options import db_option, output_options, write_frame
from workbench.registry import unknown_name
from workbench.store import Store


@click.command()
@click.argument("name", required=False)
@db_option
@output_options
def schema(name: str | None, db: Path, format_: str, output: Path | None) -> None:
    r"""Print tables, views, columns and macros with their meaning.

    \b
    Examples:
      wb schema
      wb schema images
    """
    store = Store.open(db)
    if name is not None and name not in store.names():
        raise unknown_name("table or macro", name, store.names())
    write_frame(store.frame("schema", name=name), format_, output)
