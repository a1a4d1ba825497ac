"""``wb models``: torch is imported only once a model is checked."""

from dataclasses import asdict
from pathlib import Path

import click
import polars as pl

from generate.devices import DTYPES
from generate.models.pipeline import OFFLOADS
from generate.models.table import ModelSpec, known_models
from generate.options import DEVICE
from workbench.errors import ModelError
from workbench.options import output_options, write_frame
from workbench.registry import unknown_name


@click.group(invoke_without_command=True)
@output_options
@click.pass_context
def models(context: click.Context, format_: str, output: Path | None) -> None:
    r"""List the models that generate knows, show one, or check whether it can run here.

    Any other diffusers folder or hub id works too; the list adds settings, licence and gating.

    \b
    Examples:
      wb models
      wb models show sdxl
      wb models check sd15 ./my-model
    """
    if context.invoked_subcommand is None:
        write_frame(_listed(), format_, output)


@models.command("list")
@output_options
def list_(format_: str, output: Path | None) -> None:
    r"""List the models that generate knows.

    \b
    Example:
      wb models list --format json
    """
    write_frame(_listed(), format_, output)


@models.command()
@click.argument("name")
@output_options
def show(name: str, format_: str, output: Path | None) -> None:
    r"""Show all that the list holds about one model.

    \b
    Example:
      wb models show flux-schnell
    """
    known = known_models()
    if name not in known:
        raise unknown_name("model", name, known, "wb models check takes folders and hub ids too")
    fields = {**_row(known[name]), "revision": known[name].revision, "family": known[name].family}
    fields |= {"variant": known[name].variant, "call": ", ".join(f"{k} {v}" for k, v in known[name].extra.items())}
    rows = [{"field": field, "value": "" if value is None else str(value)} for field, value in fields.items()]
    write_frame(pl.DataFrame(rows), format_, output)


@models.command()
@click.argument("names", nargs=-1, required=True)
@DEVICE
@click.option(
    "--dtype", type=click.Choice(["auto", *DTYPES]), default="auto", show_default=True, help="As in generate."
)
@click.option("--offload", type=click.Choice(OFFLOADS), default="none", show_default=True, help="As in generate.")
@output_options
def check(names: tuple[str, ...], device: str, dtype: str, offload: str, format_: str, output: Path | None) -> None:
    r"""Check whether models can run here: weights, hub and consent, cache, disk, memory.

    \b
    Example:
      wb models check sdxl sd3 --device cuda --offload model
    """
    from generate.models.check import check_model

    found = [row for name in names for row in check_model(name, device, dtype, offload)]
    frame = pl.DataFrame([asdict(row) for row in found])
    write_frame(
        frame.with_columns(ok=pl.col("ok").replace_strict({True: "yes", False: "no"}, default="?")), format_, output
    )
    if bad := [row for row in found if row.ok is False]:
        raise ModelError(f"cannot run here: {', '.join(dict.fromkeys(row.model for row in bad))}", bad[0].result)


def _listed() -> pl.DataFrame:
    return pl.DataFrame([_row(spec) for spec in known_models().values()])


def _row(spec: ModelSpec) -> dict[str, object]:
    return {
        "model": spec.key,
        "hub_id": spec.hub_id,
        "steps": spec.steps,
        "guidance": spec.guidance,
        "size": f"{spec.width}x{spec.height}",
        "dtype": spec.dtype,
        "gated": spec.gated,
        "licence": spec.licence,
        "notes": spec.notes,
    }
