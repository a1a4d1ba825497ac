"""``wb ingest images``."""

from pathlib import Path
from typing import Any

import click

from workbench.options import db_option

_PATH = click.Path(path_type=Path)


@click.command()
@click.option("--from", "folder", metavar="PATH", type=_PATH, help="Folder of pictures, or an index.csv.")
@click.option("--urls", metavar="FILE", type=_PATH, help="CSV file with the columns qid and url.")
@click.option("--commons", is_flag=True, help="What Commons has of each item. [where nothing else is named]")
@click.option(
    "--width", type=click.Choice(["960", "1280"]), default="960", show_default=True, help="Of Commons, pixels."
)
@click.option(
    "--phash-distance", type=click.IntRange(0, 64), default=10, show_default=True, help="Bits up to which two are one."
)
@click.option("--add-missing", is_flag=True, help="Make references of the titles in an index.")
@click.option(
    "--kind", type=click.Choice(["static", "dynamic"]), default="static", help="That --add-missing makes. [static]"
)
@click.option("--allow-private", is_flag=True, help="Let --urls ask this machine and private networks.")
@click.option("--again", is_flag=True, help="Try what was refused before once more.")
@click.option("--service", metavar="URL", help="API of another MediaWiki than Commons.")
@click.option(
    "--review", is_flag=False, flag_value="images.html", metavar="[FILE]", type=_PATH, help="Write a contact sheet."
)
@db_option
def images(db: Path, review: Path | None, **asked: Any) -> None:
    r"""Add pictures of the references: from Wikimedia Commons, a folder, an index or a list of URLs.

    \b
    Examples:
      wb ingest images --from pictures/
      wb ingest images --commons --width 1280
      wb ingest images --urls stills.csv
      wb ingest images --review sheet.html

    In a folder a picture or its sub-folder is named by QID (Q123_2.jpg) or by title (the_starry_night/0.jpg). What
    Commons has of films is weak, and stills are mostly not free: a folder of your own is as good a source. Bytes are
    kept as they came, with author, licence and credit; what is no picture is named and stops no other.
    """
    from ingest.image_job import add_pictures, pictures_asked
    from ingest.review import write_sheet

    if asked["folder"] or asked["urls"] or asked["commons"] or not review:
        add_pictures(db, pictures_asked(**asked))
    if review:
        write_sheet(db, review)
