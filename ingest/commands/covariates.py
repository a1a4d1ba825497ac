"""``wb ingest frequency``."""

from pathlib import Path

import click

from workbench.options import db_option


@click.command()
@click.option(
    "--captions", multiple=True, required=True, metavar="FILES", help="File, folder or quoted pattern; repeatable."
)
@click.option("--column", metavar="NAME", help="Column of the captions. [TEXT, caption, text, title or alt]")
@click.option("--corpus", metavar="NAME", help="Name of the corpus, part of the method. [folder or file]")
@click.option("--aliases", is_flag=True, help="Count aliases too: a method of its own.")
@db_option
def frequency(captions: tuple[str, ...], column: str | None, corpus: str | None, aliases: bool, db: Path) -> None:
    r"""Count in how many captions of a training set each title occurs.

    \b
    Examples:
      wb ingest frequency --captions captions.parquet
      wb ingest frequency --captions 'laion/*.parquet' --column TEXT --corpus laion400m

    Whole words, case and accents apart, all titles in one pass over Parquet, CSV, TSV or JSON lines (also .gz).
    Beside the count of captions stand those that also name a creator or the type of work, and their share: a title
    like "Home" occurs as an ordinary word. Each file is written when it is through, and never counted twice.
    """
    from ingest.covariates.frequency import Corpus, measure_frequency

    measure_frequency(db, Corpus(captions=captions, column=column, name=corpus), aliases=aliases)
