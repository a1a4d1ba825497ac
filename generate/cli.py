"""``wb generate``: torch is imported only once it runs."""

import re
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from generate.devices import DTYPES
from generate.models.pipeline import OFFLOADS
from generate.models.settings import Size
from generate.options import DEVICE, POSITIVE, engine_options
from generate.request import GenerateRequest, changed, request_like
from generate.shards.shard import Shard
from workbench.options import FiniteRange, db_option, say, write_frame
from workbench.store import Store

MOST_IMAGES = 1_000_000_000
"""Of a prompt."""
MOST_PIXELS = 16_384
"""Of a side: what is larger is a slip, which would be found out late, by the memory that it takes."""


class SizeType(click.ParamType[Size]):
    """``512`` or ``768x512``, pixels."""

    name = "N|WxH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Size:
        """Parse it."""
        match = re.fullmatch(r"([1-9]\d{0,4})(?:[x×]([1-9]\d{0,4}))?", str(value))
        if match is None:
            self.fail(f"{value!r} is not a size: write 512, or 768x512 (width x height)", param, ctx)
        size = Size(width=int(match[1]), height=int(match[2] or match[1]))
        if max(size.width, size.height) > MOST_PIXELS:
            self.fail(f"{size} pixels are too many: a side has {MOST_PIXELS:,} at most", param, ctx)
        return size


class ShardType(click.ParamType[Shard]):
    """``2/8``."""

    name = "K/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        """Parse it."""
        try:
            return Shard.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.option("--model", help="Key of a known model (wb models), a diffusers folder, or a hub id.")
@click.option("--revision", help="Branch, tag or commit on the hub. Default: that of the table, else main.")
@click.option(
    "--like", metavar="RUN", help="Repeat a run of wb generate (its id, or last), but for the options given here."
)
@click.option(
    "--images-per-prompt", type=click.IntRange(1, MOST_IMAGES), default=4, show_default=True, help="The study takes 50."
)
@click.option(
    "--seed",
    "first_seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="FIRST",
    help="Image k of a prompt, from 0, has seed FIRST + k, whatever the prompt and the model.",
)
@click.option("--limit", type=POSITIVE, help="Only so many references, those with most sitelinks first.")
@click.option("--perturbation", "perturbations", multiple=True, help="Only this prompt condition (repeatable).")
@click.option("--kind", type=click.Choice(["static", "dynamic"]), help="Only references of this kind.")
@click.option("--qid", "qids", multiple=True, help="Only this reference (repeatable).")
@click.option(
    "--where", metavar="SQL", help="Only prompts for which this holds: text, label, type, creation_year, sitelinks …"
)
@click.option("--with-reference-image", is_flag=True, help="Only references that can be scored.")
@click.option(
    "--batch-size",
    type=POSITIVE,
    default=4,
    show_default=True,
    help="Images sampled at a time; another size may change single pixels by one grey level.",
)
@click.option("--steps", type=POSITIVE, help="Denoising steps. Default: the model's.")
@click.option("--guidance", type=FiniteRange(min=0), help="Guidance scale. Default: the model's.")
@click.option("--size", type=SizeType(), help="Pixels. Default: the model's.")
@DEVICE
@click.option(
    "--dtype",
    type=click.Choice(["auto", *DTYPES]),
    default="auto",
    show_default=True,
    help="auto: the model's on cuda, float32 elsewhere.",
)
@click.option(
    "--offload",
    type=click.Choice(OFFLOADS),
    default="none",
    show_default=True,
    help="Keep on the GPU only the part of the model, or the layer, that computes: slower, in less memory.",
)
@click.option("--compile/--no-compile", default=False, help="Compile the denoiser: minutes at first, then faster.")
@engine_options
@click.option("--retry-failed", is_flag=True, help="Also what failed, was blocked or came out black.")
@click.option(
    "--safety-checker/--no-safety-checker", default=True, help="Where the model has one: what it blocks is no image."
)
@click.option("--shard", type=ShardType(), help="Make only the K-th of N parts, into a folder for wb merge.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the shard. Default: MODEL/K-of-N in the folder .shards beside the database file.",
)
@click.option("--dry-run", is_flag=True, help="Only count what would be made.")
@db_option
@click.pass_context
def generate(
    context: click.Context,
    /,
    db: Path,
    dry_run: bool,
    like: str | None,
    shard: Shard | None,
    into: Path | None,
    **options: Any,
) -> None:
    r"""Generate the images that are missing.

    What is there is kept: interrupt it anywhere, run it again, and it makes exactly the rest.

    \b
    Examples:
      wb generate --model sd15 --images-per-prompt 4
      wb generate --model ./my-checkpoint --limit 60 --with-reference-image
      wb generate --model sdxl --perturbation title --perturbation synonym --dry-run
      wb generate --like last --seed 4
      wb generate --model sd15 --where "type = 'painting' AND creation_year < 1900"
      wb generate --model sd15 --shard 2/8
    """
    from generate import run
    from generate.estimate import estimate

    store = Store.open(db)
    given = {n: v for n, v in options.items() if context.get_parameter_source(n) is ParameterSource.COMMANDLINE}
    if like is None and "model" not in given:
        raise click.UsageError("Missing option '--model' (or --like).", context)
    request = changed(request_like(store, like, shard) if like else GenerateRequest(model=""), given)
    plan = run.prepare(store, request, shard=shard, into=into)
    if dry_run:
        write_frame(plan.images.summary(), "table")
        for line in estimate(store, plan):
            say(line)
    else:
        made = run.generate(store, plan)
        if step := run.next_step(plan, made):
            say(f"next: {step}")
