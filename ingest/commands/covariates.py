"""``wb ingest frequency``, ``popularity`` and ``uniqueness``."""

from pathlib import Path
from typing import Any

import click

from workbench.options import db_option


@click.command()
@click.option(
    "--captions", multiple=True, required=True, metavar="FILES", help="File, folder or quoted pattern; repeatable."
)
@click.option("--column", metavar="NAME", help="Column of the captions. [TEXT, caption, text, title or alt]")
@click.option("--corpus", metavar="NAME", help="Name of the corpus, part of the method. [folder or file]")
@click.option("--aliases", is_flag=True, help="Count mentions by any English name, too, as a method of its own.")
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="What counts.")
@click.option(
    "--ray-address", metavar="ADDRESS", help="Of a cluster. [RAY_ADDRESS, this machine's, else one is started]"
)
@click.option("--workers", type=click.IntRange(min=1), help="Of the cluster. [as many as it has cores]")
@db_option
def frequency(
    db: Path, corpus: str | None, engine: str, ray_address: str | None, workers: int | None, **asked: Any
) -> None:
    r"""Count in how many captions of a training set each title occurs.

    \b
    Examples:
      wb ingest frequency --captions captions.parquet
      wb ingest frequency --captions 'laion/*.parquet' --column TEXT --corpus laion400m
      wb ingest frequency --captions 'laion/*.parquet' --engine ray --ray-address auto

    Whole words, case and accents apart, all titles in one pass over Parquet, CSV, TSV or JSON lines (also .gz).
    Beside the count of captions stand those that also name a creator or the type of work, and their share: a title
    like "Home" occurs as an ordinary word. With --aliases stands beside these, as method "…, any name", in how many
    captions the title or another English name of the reference occurs; a caption with several counts once. Each file
    is written when it is through, and never counted twice. --engine ray hands whole files to the workers of a cluster,
    which must see them at the same paths; this process alone writes.
    """
    from ingest.covariates.frequency import Corpus, measure_frequency
    from ingest.covariates.sharing import Sharing

    sharing = Sharing(engine=engine, ray_address=ray_address, workers=workers)
    measure_frequency(db, Corpus(name=corpus, sharing=sharing, **asked))


@click.command()
@click.option(
    "--method", "methods", multiple=True, type=click.Choice(["sitelinks", "pageviews"]), help="Repeatable. [both]"
)
@click.option("--endpoint", metavar="URL|NAME", default="wikidata", show_default=True, help="SPARQL endpoint.")
@click.option("--language", metavar="CODE", default="en", show_default=True, help="Wikipedia whose views are counted.")
@click.option("--since", metavar="YYYY-MM", help="First month of the page views. [eleven before the last]")
@click.option("--until", metavar="YYYY-MM", help="Last month. [the last that is over]")
@click.option("--service", metavar="URL", help="Page views of another service than Wikimedia's REST API.")
@db_option
def popularity(methods: tuple[str, ...], service: str | None, db: Path, **asked: Any) -> None:
    r"""Ask in how many Wikipedias each reference has an article, and how often that is read.

    \b
    Examples:
      wb ingest popularity
      wb ingest popularity --method pageviews --since 2025-01 --until 2025-12

    A single month is noisy, so the span of the page views is part of their method. What has changed since the last
    time is kept in covariate_history.
    """
    from ingest.covariates.pageviews import SERVICE
    from ingest.covariates.popularity import METHODS, Popularity, measure_popularity

    measure_popularity(db, Popularity(methods=methods or METHODS, service=service or SERVICE, **asked))


@click.command()
@click.option("--method", "methods", multiple=True, metavar="NAME", help="Repeatable. [all that need no more files]")
@click.option("--list", "listing", is_flag=True, help="Explain the methods.")
@click.option(
    "--background", metavar="FILE", type=click.Path(path_type=Path), help="Titles of other works to compare with."
)
@click.option(
    "--encoder", metavar="NAME", default="minilm", show_default=True, help="Or sentences:FOLDER, sentences:HUB/ID."
)
@click.option("--device", default="auto", show_default=True, help="That computes embeddings: cpu, cuda, mps.")
@click.option(
    "--captions", multiple=True, metavar="FILES", help="For ngrams: file, folder or quoted pattern; repeatable."
)
@click.option("--column", metavar="NAME", help="Column of the captions. [TEXT, caption, text, title or alt]")
@click.option("--corpus", metavar="NAME", help="Name of the captions, part of the method. [folder or file]")
@db_option
def uniqueness(listing: bool, methods: tuple[str, ...], db: Path, **asked: Any) -> None:
    r"""Measure how unlike others each title is, in up to three ways; higher is more unique.

    \b
    Examples:
      wb ingest uniqueness --list
      wb ingest uniqueness --method word-rarity
      wb ingest uniqueness --background titles.txt --captions 'laion/*.parquet'
    """
    from ingest.covariates.frequency import Corpus
    from ingest.covariates.uniqueness import Uniqueness, default_methods, explain_methods, measure_uniqueness

    if listing:
        click.echo(explain_methods())
        return
    captions, column, corpus = (asked.pop(name) for name in ("captions", "column", "corpus"))
    read = Corpus(captions=captions, column=column, name=corpus) if captions else None
    measure_uniqueness(db, Uniqueness(methods=methods or default_methods(captions), corpus=read, **asked))
