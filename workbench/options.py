"""What commands share: the ``--db`` and output options, and how a frame is printed."""

import functools
import io
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from workbench.errors import ConfigError

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_DB = Path("data/workbench.duckdb")
FORMATS = ("table", "csv", "json", "parquet")
TABLE_ROWS = 1000
"""A printed table stops here; the other formats do not."""


class FiniteRange(click.FloatRange):
    """A number in a range; click's own takes nan, which no comparison finds outside."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Parse it, and refuse what is not finite."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number", param, ctx)
        return number


def db_option(command: F) -> F:
    """Add ``--db`` to a command."""
    path = click.Path(path_type=Path, dir_okay=False)
    text = "The study's database file."
    option = click.option(
        "--db", envvar="WB_DB", type=path, default=DEFAULT_DB, show_default=True, show_envvar=True, help=text
    )
    return option(command)


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--format`` and ``--output`` to a command that prints a frame; the command takes them as given here.

    A file that is called by a format is written in it, if no other is named.
    """

    @functools.wraps(command)
    def wrapper(*arguments: Any, format_: str | None, output: Path | None, **options: Any) -> Any:
        called = output.suffix.lower().removeprefix(".") if output else ""
        chosen = format_ or (called if called in FORMATS else FORMATS[0])
        return command(*arguments, format_=chosen, output=output, **options)

    text = f"[{FORMATS[0]}, or as --output is called]"
    named = click.option("--format", "format_", type=click.Choice(FORMATS), help=text)(wrapper)
    file = click.Path(path_type=Path, dir_okay=False, writable=True)
    return click.option("-o", "--output", type=file, help="Write to a file instead of stdout.")(named)


def say(text: str) -> None:
    """Narrate: a line on stderr, where it disturbs no data."""
    click.echo(text, err=True)


def write_frame(frame: Any, format_: str, output: Path | None = None) -> None:
    """Print a frame, or write it to a file.

    Args:
        frame: a polars DataFrame.
        format_: ``table``, ``csv``, ``json`` or ``parquet``.
        output: the file; None: stdout.

    Raises:
        ConfigError: If Parquet would go to a terminal, or the file cannot be written.
    """
    if output is None and format_ == "parquet" and sys.stdout.isatty():
        raise ConfigError("parquet is binary and would garble the terminal", "add --output FILE, or pipe it")
    content = _rendered(frame, format_, terminal=output is None and sys.stdout.isatty())
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        write_whole(output, content)


def _rendered(frame: Any, format_: str, *, terminal: bool) -> bytes:
    if format_ == "parquet":
        frame.write_parquet(parquet := io.BytesIO())
        return parquet.getvalue()
    frame = _readable(frame)
    if format_ == "csv":
        text: str = _flat(frame).write_csv()
    else:
        text = frame.write_json() if format_ == "json" else _as_table(frame, terminal=terminal)
    return text.encode()


def write_whole(output: Path, content: bytes) -> None:
    """Write a file whole or not at all: what was there stays until all of the new is written."""
    part = output.with_name(f".{output.name}.part")
    try:
        try:
            part.write_bytes(content)
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            f"cannot write {output}: {error.strerror}", "check the folder, its rights and its space"
        ) from error


def _readable(frame: Any) -> Any:
    """Bytes as hexadecimal digits: no text format holds them."""
    import polars as pl

    return frame.with_columns(pl.col(pl.Binary).bin.encode("hex"))


def _as_table(frame: Any, *, terminal: bool) -> str:
    import polars as pl
    from polars import selectors
    from rich.console import Console
    from rich.table import Table

    frame = frame.with_columns(selectors.temporal().cast(pl.String))  # Python has no years before 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, type_ in frame.schema.items():
        table.add_column(printable(name), justify="right" if type_.is_numeric() else "left", overflow="fold")
    for row in frame.head(TABLE_ROWS).iter_rows():
        table.add_row(*map(_cell, row))
    if frame.height > TABLE_ROWS:
        say(f"{TABLE_ROWS:,} of {frame.height:,} rows shown; --format csv, json or parquet gives all")
    look = {} if terminal else {"width": 10_000, "color_system": None}
    console = Console(highlight=False, markup=False, emoji=False, **look)  # type: ignore[arg-type]
    with console.capture() as capture:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return printable(", ".join("–" if v is None else _cell(v) for v in value))
    return printable(str(value))


def printable(text: str) -> str:
    """The text without control characters, which could drive the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _flat(frame: Any) -> Any:
    """Lists as JSON, which CSV cannot nest."""
    import polars as pl

    nested = [name for name, type_ in frame.schema.items() if type_.is_nested()]
    as_json = {n: [None if v is None else json.dumps(v, default=str) for v in frame[n].to_list()] for n in nested}
    return frame.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in as_json.items())
