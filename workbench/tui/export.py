"""What is on screen, as a file: in the current folder, or through the browser."""

import io
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from textual.app import App

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


def file_name(topic: str, format_: str) -> str:
    """Of an export, now."""
    return f"wb-{topic}-{datetime.now():%Y%m%d-%H%M%S}.{format_}"


def give_table(app: App[Any], table: Any, format_: str, name: str) -> str:
    """Write an Arrow table where the person finds it, in a worker.

    Returns:
        What to tell them.
    """
    if not app.is_web:
        return export_table(table, format_, Path.cwd() / name)
    with tempfile.TemporaryDirectory() as folder:
        said = export_table(table, format_, Path(folder) / name)
        content = (Path(folder) / name).read_bytes() if (Path(folder) / name).is_file() else None
    if content is None:
        return said
    app.call_from_thread(app.deliver_binary, io.BytesIO(content), save_filename=name)
    return f"downloaded: {name}, {table.num_rows:,} rows"


def give_screen(app: App[Any], topic: str) -> str:
    """Write the screen as a picture where the person finds it.

    Returns:
        What to tell them.
    """
    name, picture = file_name(topic, "svg"), app.export_screenshot()
    if app.is_web:
        app.deliver_binary(io.BytesIO(picture.encode()), save_filename=name)
        return f"downloaded: {name}"
    target = Path.cwd() / name
    try:
        target.write_text(picture, encoding="utf-8")
    except OSError as error:
        return f"cannot write {target}: {error.strerror}"
    return f"written: {target}"
