"""``wb ingest``."""

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ingest.commands.covariates import frequency, popularity, uniqueness
from ingest.commands.images import images
from ingest.commands.prompts import prompts
from ingest.commands.references import answers, references
from ingest.steps import STEPS
from workbench.errors import ConfigError
from workbench.options import db_option, write_frame

_PATH = click.Path(path_type=Path)
_KIND = click.Choice(["static", "dynamic"])


@click.group(invoke_without_command=True)
@click.option("--from", "references", metavar="FILE", type=_PATH, help="Only references from a CSV or TSV file.")
@click.option("--images", type=_PATH, help="Only reference images from a folder (Q123.jpg, Q123/) or an index.csv.")
@click.option("--endpoint", metavar="NAME|URL", help="SPARQL endpoint: wikidata, qlever or a URL. [wikidata]")
@click.option("--preset", type=click.Choice(["paper"]), help="A set of the study's shape: 767, static and dynamic.")
@click.option("--kind", type=_KIND, help="What to ask for [both]; what --add-missing makes [static].")
@click.option("--limit", type=click.IntRange(min=1), help="Ask for so many items, the best known. [as --preset paper]")
@click.option("--min-sitelinks", type=click.IntRange(min=0), help="Ask for items with so many sitelinks. [10]")
@click.option("--captions", multiple=True, metavar="FILES", help="Count titles in them, too; repeatable.")
@click.option("--without", multiple=True, type=click.Choice(STEPS), help="Leave a step out; repeatable.")
@click.option("--commons", metavar="URL", help="Pictures from another MediaWiki's API than that of Commons.")
@click.option("--pageviews", metavar="URL", help="Page views of another service than Wikimedia's REST API.")
@click.option("--add-missing", is_flag=True, help="With --images: make references of the titles in an index.")
@click.option("--phash-distance", type=click.IntRange(0, 64), help="Bits up to which two images are one. [10]")
@db_option
@click.pass_context
def ingest(ctx: click.Context, /, db: Path, **asked: Any) -> None:
    r"""Add references, their images, covariates and prompts: all of it, or from files of your own.

    \b
    Examples:
      wb ingest --preset paper
      wb ingest --kind static --limit 300 --captions 'laion/*.parquet'
      wb ingest --from references.csv --images pictures/
      wb ingest --images paintings/index.csv --add-missing

    Without --from and --images every step runs: references from Wikidata, pictures from Commons, sitelinks and page
    views, titles in captions where these are named, uniqueness where its packages are installed, prompts. A table says
    what was found, skipped and why. Each step is a command of its own, with more options.

    Run it again at any time: what is there stays, what has changed is corrected, nothing is doubled.

    \b
    Columns of FILE: qid, label, kind (static or dynamic), and if known
      type, creator and image_file (several: A|B), description,
      year (an integer, 0 is 1 BCE and -459 is 460 BCE; or "460 BCE", "c. 1503"),
      date (ISO 8601), precision (Wikidata's: 7 century, 9 year), calendar,
      sitelinks, pageviews, covariate:NAME or covariate:NAME/METHOD.
    Columns of index.csv: qid, file (in its folder or below), and if known
      rank (1: the first, before the one that was), source_url,
      title or label, artist or creator (of the work; several: A|B),
      author (of the picture; else the artist), licence or license.
    """
    if ctx.invoked_subcommand:
        _refuse_options_before(ctx)
    elif asked["references"] or asked["images"]:
        _ingest_files(db, **asked)
    else:
        _ingest_whole(db, **asked)


def _ingest_files(
    db: Path, *, captions: Any, without: Any, commons: str | None, pageviews: str | None, **sources: Any
) -> None:
    from ingest.job import Sources, ingest_sources

    if captions or without or commons or pageviews:
        message = "--captions, --without, --commons and --pageviews are for wb ingest as a whole"
        raise ConfigError(message, "leave them out, or leave out --from and --images")
    ingest_sources(db, Sources(**sources))


def _ingest_whole(
    db: Path, *, captions: Any, without: Any, commons: str | None, pageviews: str | None, **sources: Any
) -> None:
    from ingest.job import Sources
    from ingest.whole import Whole, ingest_whole

    services = {name: url for name, url in (("commons", commons), ("pageviews", pageviews)) if url}
    whole = Whole(sources=Sources(**sources), captions=captions, without=without, **services)
    outcome = ingest_whole(db, whole)
    write_frame(outcome.table, "table")
    if outcome.problem:
        raise outcome.problem


def _refuse_options_before(ctx: click.Context) -> None:
    """An option before the sub-command would be read and forgotten."""
    if any(ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in ctx.params):
        command = ctx.invoked_subcommand
        raise ConfigError(f"options of wb ingest {command} go after {command}", f"wb ingest {command} --db FILE …")


for _command in (references, images, popularity, frequency, uniqueness, prompts, answers):
    ingest.add_command(_command)
