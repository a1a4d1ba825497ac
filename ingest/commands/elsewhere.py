"""``wb import``."""

from pathlib import Path

import click

from ingest.elsewhere.layouts import LAYOUTS
from workbench.options import db_option


@click.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--layout", type=click.Choice(list(LAYOUTS)), required=True, help="How the pictures lie there.")
@click.option("--model", metavar="NAME", help="What made them; a list may say it in its column model.")
@click.option("--perturbation", metavar="NAME", help="The prompt condition that they were made under. [slug: title]")
@click.option("--settings", metavar="TEXT", help="What is known of how: keeps two imports of one model apart.")
@click.option("--dry-run", is_flag=True, help="Only say which pictures are whose.")
@db_option
def import_(
    folder: Path,
    layout: str,
    model: str | None,
    perturbation: str | None,
    settings: str | None,
    dry_run: bool,
    db: Path,
) -> None:
    r"""Add pictures that other programs generated, as images of the study.

    \b
    Examples:
      wb import outputs/sd15 --layout slug --model sd15
      wb import geneval/ --layout geneval --model flux-dev --settings "28 steps, guidance 3.5"
      wb import made.csv --layout csv

    \b
    slug     the_starry_night/0.png: folders named by title, prompt or QID
    geneval  00000/metadata.jsonl, with the prompt, and 00000/samples/0000.png
    csv      columns path (below the list's folder), prompt or qid and, if known, perturbation and variant; seed; model

    The seed is the number in a picture's name. How the pictures were made is not known, and recorded as unknown. What
    is no prompt of the study is named, counted and left out; pictures that cannot be read are named and stop no other;
    all-black ones are counted, and never measured. Pictures are copied. Twice changes nothing.
    """
    from ingest.elsewhere.job import ImportRequest, import_pictures

    request = ImportRequest(folder=folder, layout=layout, model=model, perturbation=perturbation, settings=settings)
    import_pictures(db, request, dry_run=dry_run)
