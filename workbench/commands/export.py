"""``wb export``."""

from pathlib import Path

import click

from workbench.errors import ConfigError
from workbench.options import db_option, say, write_frame
from workbench.registry import unknown_name
from workbench.store import Store


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
@click.option("--format", "format_", type=click.Choice(["csv", "json", "parquet"]), default="csv", show_default=True)
@db_option
def export(names: tuple[str, ...], output: Path, format_: str, db: Path) -> None:
    r"""Write tables and measures to files, one each; all of them where none is named.

    \b
    Examples:
      wb export -o export --format parquet
      wb export ref_scores image_scores
    """
    export_all(Store.open(db), names, output, format_)


def export_all(store: Store, names: tuple[str, ...], folder: Path, format_: str) -> None:
    """Write each table, view or macro (with its default thresholds) to ``folder/NAME.format_``.

    Raises:
        ConfigError: If a name does not exist, or the folder cannot be made.
    """
    known = store.names()
    for name in names:
        if name not in known:
            raise unknown_name("table or macro", name, known)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make {folder}: {error.strerror}", "name another folder with --output") from error
    for name in names or known:
        frame = store.table(name)
        target = folder / f"{name}.{format_}"
        write_frame(frame, format_, target)
        say(f"{target}: {frame.height:,} rows")
