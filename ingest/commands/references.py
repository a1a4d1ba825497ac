"""``wb ingest references`` and ``wb ingest answers``."""

from pathlib import Path
from typing import Any

import click

from workbench.options import db_option, output_options, write_frame

_PATH = click.Path(path_type=Path)


@click.command()
@click.option("--from", "references", metavar="FILE", type=_PATH, help="A CSV or TSV file, in place of an endpoint.")
@click.option("--endpoint", metavar="NAME|URL", help="SPARQL endpoint: wikidata, qlever or a URL. [wikidata]")
@click.option("--preset", type=click.Choice(["paper"]), help="A set of the study's shape: 767, static and dynamic.")
@click.option("--kind", type=click.Choice(["static", "dynamic"]), help="[both]")
@click.option(
    "--class", "classes", multiple=True, metavar="Q…[:KIND]", help="A class of works to ask for as well; repeatable."
)
@click.option("--limit", type=click.IntRange(min=1), help="So many items, the best known. [as --preset paper]")
@click.option("--min-sitelinks", type=click.IntRange(min=0), help="Items with so many sitelinks. [10]")
@click.option(
    "--language", "languages", multiple=True, metavar="CODE", help="Keep labels in it; repeatable. [nine large ones]"
)
@click.option("--refresh", is_flag=True, help="Ask about the references that are there, for no others.")
@db_option
def references(db: Path, **sources: Any) -> None:
    r"""Add references from Wikidata, any other SPARQL endpoint, or a file.

    \b
    Examples:
      wb ingest references --preset paper
      wb ingest references --endpoint qlever --kind static --class Q93184 --limit 300
      wb ingest references --refresh --language fr --language ja
      wb ingest references --from references.csv

    Paintings, sculptures, photographs, prints (static), films and television series (dynamic) with their subclasses,
    those with the most sitelinks first. --class Q24856:dynamic adds a class of a kind; without it --kind says which.

    Of several creation dates (inception P571, publication P577, start P580) the preferred rank is taken, then the most
    precise, then the earliest; never a deprecated one. Precision, calendar and circa are kept, and years BCE.

    References of a file keep what the file says; what it leaves open is filled in. --refresh corrects what has changed,
    keeps the old covariates in covariate_history, and says which items were merged into others or deleted.

    Items come in batches, each written when it is there; a batch that is too much for the endpoint is halved. Every
    query and its raw answer are kept: wb ingest answers.
    """
    from ingest.job import Sources, ingest_sources

    ingest_sources(db, Sources(**sources))


@click.command()
@click.option("--to", "folder", metavar="FOLDER", type=_PATH, help="Write each as ID.rq and ID.json into it.")
@db_option
@output_options
def answers(folder: Path | None, db: Path, format_: str, output: Path | None) -> None:
    r"""List what endpoints were asked, or write the queries and their raw answers to files.

    \b
    Examples:
      wb ingest answers
      wb ingest answers --to answers
    """
    from ingest.answers import list_answers, write_answers

    if folder:
        write_answers(db, folder)
    else:
        write_frame(list_answers(db), format_, output)
