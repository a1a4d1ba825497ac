"""``wb ingest``."""

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ingest.commands.covariates import frequency, popularity, uniqueness
from ingest.commands.images import images
from ingest.commands.prompts import prompts
from workbench.errors import ConfigError
from workbench.options import db_option

_PATH = click.Path(path_type=Path)
_KIND = click.Choice(["static", "dynamic"])


@click.group(invoke_without_command=True)
@click.option("--from", "references", metavar="FILE", type=_PATH, help="References from a CSV or TSV file.")
@click.option(
    "--images", type=_PATH, help="Reference images from a folder (Q123.jpg, Q123_2.jpg, Q123/) or an index.csv."
)
@click.option("--endpoint", metavar="URL|wikidata", help="SPARQL endpoint; asked where no file is named. [wikidata]")
@click.option("--kind", type=_KIND, help="What to ask for [both]; what --add-missing makes [static].")
@click.option("--limit", type=click.IntRange(min=1), help="Ask for so many items, the best known. [767]")
@click.option("--min-sitelinks", type=click.IntRange(min=0), help="Ask for items with so many sitelinks. [10]")
@click.option("--add-missing", is_flag=True, help="Make references of the titles in an index.")
@click.option("--phash-distance", type=click.IntRange(0, 64), help="Bits up to which two images are one. [10]")
@db_option
@click.pass_context
def ingest(ctx: click.Context, /, db: Path, **sources: Any) -> None:
    r"""Add references with title prompts and covariates, and reference images.

    \b
    Examples:
      wb ingest --from references.csv --images pictures/
      wb ingest --images paintings/index.csv --add-missing
      wb ingest --kind static --limit 300

    Run it again at any time: what is there stays, what has changed is corrected, nothing is doubled.

    \b
    Columns of FILE: qid, label, kind (static or dynamic), and if known
      type, creator (several: A|B), description, image_file,
      year (an integer, 0 is 1 BCE and -459 is 460 BCE; or "460 BCE"),
      date (ISO 8601), precision (Wikidata's: 7 century, 9 year), calendar,
      sitelinks, pageviews, covariate:NAME or covariate:NAME/METHOD.
    Columns of index.csv: qid, file (in its folder or below), and if known
      rank (1: the first, before the one that was), source_url,
      title or label, artist or creator (of the work; several: A|B),
      author (of the picture; else the artist), licence or license.
    """
    if ctx.invoked_subcommand:
        _refuse_options_before(ctx)
        return
    from ingest.job import Sources, ingest_sources

    ingest_sources(db, Sources(**sources))


def _refuse_options_before(ctx: click.Context) -> None:
    """An option before the sub-command would be read and forgotten."""
    if any(ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in ctx.params):
        command = ctx.invoked_subcommand
        raise ConfigError(f"options of wb ingest {command} go after {command}", f"wb ingest {command} --db FILE …")


for _command in (images, prompts, popularity, frequency, uniqueness):
    ingest.add_command(_command)
