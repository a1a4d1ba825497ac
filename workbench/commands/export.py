"""``wb export``."""

from pathlib import Path

import click

from workbench.commands.analyze.asked import Asked, study_options

FORMATS = ["csv", "json", "parquet", "imagefolder", "fiftyone", "paper-csv"]


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("export"),
    show_default=True,
    help="The folder.",
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--force", is_flag=True, help="Replace the files of an earlier export.")
@click.option("--with-references", is_flag=True, help="imagefolder: copy reference images, too, where you may.")
@study_options
def export(
    asked: Asked, names: tuple[str, ...], output: Path, format_: str, force: bool, with_references: bool
) -> None:
    r"""Write the study in a form that other tools read.

    csv, json, parquet: tables, views and measures, one file each; all of them where none is named. imagefolder: the
    generated images and metadata.jsonl, as the datasets library reads them. fiftyone: samples.json for
    fiftyone.Dataset.from_json. paper-csv: the files and columns of the study's released scripts.

    Reference images are not copied unless asked for; their source, author and licence are carried along.

    \b
    Examples:
      wb export -o tables --format parquet
      wb export ref_scores image_scores --thresholds calibrated
      wb export --format imagefolder -o dataset --perturbation title
      wb export --format paper-csv -o released --kind static
    """
    from workbench.exports.asked import Export
    from workbench.exports.formats import write

    wanted = Export(
        store=asked.store,
        folder=output,
        parameters=asked.with_encoders().parameters,
        kinds=asked.kinds,
        names=names,
        force=force,
        references=with_references,
    )
    write(format_, wanted)
