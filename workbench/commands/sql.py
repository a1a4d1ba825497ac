"""``wb sql``."""

import sys
from pathlib import Path

import click

from workbench.options import db_option, output_options, write_frame
from workbench.store import Store


@click.command()
@click.argument("query")
@db_option
@output_options
def sql(query: str, db: Path, format_: str, output: Path | None) -> None:
    r"""Ask the database anything; the study itself is read-only.

    \b
    Examples:
      wb sql "SELECT label, cra, vr, vi, crt FROM ref_scores() ORDER BY crt DESC LIMIT 10"
      wb sql "FROM model_scores(tau_static := 0.8)" --format csv -o models.csv

    "-" reads the query from standard input. COPY … TO writes its file where you may write, as in DuckDB.
    """
    text = sys.stdin.read() if query == "-" else query
    write_frame(Store.open(db).sql(text), format_, output)
