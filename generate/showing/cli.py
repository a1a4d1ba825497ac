"""``wb show``: needs no torch."""

from pathlib import Path
from typing import Any

import click

from workbench.commands.analyze.asked import check_names
from workbench.commands.thresholds import settle_thresholds, threshold_options
from workbench.options import db_option, output_options, say, write_frame
from workbench.store import Store


@click.command()
@click.argument("image")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="File of the picture. Default: show-IMAGE.png in this folder.",
)
@click.option("--patch-encoder", metavar="ID", help="Encoder of the patches; without: as image_scores() takes it.")
@threshold_options
@db_option
@output_options
def show(
    image: str,
    db: Path,
    picture: Path | None,
    patch_encoder: str | None,
    format_: str,
    output: Path | None,
    **options: Any,
) -> None:
    r"""See which parts of an image are in its reference images.

    IMAGE is an image_id or its beginning, or a path in the images folder. Writes a picture: the image with its reused
    patches outlined, and in the same places the reference patches that are most like them. Prints the patches.

    \b
    Examples:
      wb show 3fa9
      wb show 3fa9 --tau-reuse 0.7 --picture reuse.png
    """
    from generate.showing import show as showing

    store = Store.open(db)
    check_names(store, {"models": None, "perturbations": None, "encoder": None, "patch_encoder": patch_encoder})
    taus = settle_thresholds(lambda: store, options, patch_encoder=patch_encoder)
    found = showing.show(store, image, taus)
    target = picture or Path(f"show-{found.image.image_id[:8]}.png")
    showing.save(found.picture, target)
    say(f"{target}: {found.words}")
    write_frame(found.table, format_, output)
