"""What is on screen, as a file."""

from pathlib import Path
from typing import Any

import polars as pl

from workbench.errors import ConfigError
from workbench.options import write_frame

EXPORTS = {
    "csv": "csv      the table, all its columns",
    "parquet": "parquet  the table, all its columns",
    "json": "json     the table, all its columns",
    "svg": "svg      the screen as a picture",
}


def export_table(table: Any, format_: str, target: Path) -> str:
    """Write an Arrow table, in a worker.

    Returns:
        What to tell the person.
    """
    try:
        write_frame(pl.DataFrame(table), format_, target)
    except ConfigError as error:
        return f"{error.message}: {error.hint}"
    return f"written: {target}, {table.num_rows:,} rows"
