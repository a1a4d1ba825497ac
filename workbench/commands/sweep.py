"""``wb sweep``."""

from pathlib import Path
from typing import Any

import click

from workbench.commands.analyze.asked import check_names
from workbench.figures import check_target, figure_option
from workbench.options import db_option, output_options, say, write_frame
from workbench.store import Store

MOST = 500
"""Thresholds of a range."""


class Range(click.ParamType[list[float]]):
    """``FROM:TO:STEP``, ends included; or one number."""

    name = "FROM:TO:STEP"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[float]:
        """Spell it out, in rising order."""
        try:
            parts = [float(part) for part in str(value).split(":")]
            first, last, step = (*parts, parts[0], 1.0) if len(parts) == 1 else parts
        except ValueError:
            self.fail(f"{value!r} is no range: write 0.5:0.9:0.05, or one number", param, ctx)
        steps = (last - first) / step if step > 0 else -1
        if not (-1 <= first <= last <= 1 and 0 <= steps < MOST):
            self.fail(f"{value!r}: a range rises, within -1 to 1, in fewer than {MOST} steps", param, ctx)
        return [round(first + k * step, 6) for k in range(int(steps + 1e-9) + 1)]


@click.command()
@click.option("--tau", "taus", type=Range(), default="0.4:1:0.02", show_default=True, help="τ of recognition.")
@click.option("--tau-reuse", "taus_reuse", type=Range(), default="0.6", show_default=True, help="τ of a reused patch.")
@click.option("--encoder", metavar="ID", help="Encoder of s; without: as ref_scores() takes it.")
@click.option("--patch-encoder", metavar="ID", help="Encoder of the patches; without: as ref_scores() takes it.")
@click.option("--model", "models", metavar="ID", multiple=True, help="Only this model (repeatable).")
@click.option("--perturbation", "perturbations", metavar="NAME", multiple=True, help="Only this one (repeatable).")
@db_option
@figure_option
@output_options
def sweep(db: Path, format_: str, output: Path | None, figure: Path | None, **options: Any) -> None:
    r"""CRA, VR, VI and CRT of every model as curves over their thresholds.

    One row per model, settings, perturbation, kind and pair of thresholds: what model_scores() gives there, static and
    dynamic references at the same τ. Nothing is scored anew.

    \b
    Examples:
      wb sweep --figure sweep.svg
      wb sweep --tau 0.6:0.9:0.05 --tau-reuse 0.4:0.8:0.1 --format csv -o sweep.csv
    """
    check_target(figure)
    store = Store.open(db)
    asked: dict[str, Any] = {n: list(value) if isinstance(value, tuple) else value for n, value in options.items()}
    check_names(store, asked)
    found = store.frame("sweep", **{name: value or None for name, value in asked.items()})
    if found.is_empty():
        say("nothing to sweep: no image is scored for this choice yet; wb status says what is missing")
    write_frame(found, format_, output)
    if figure:
        from workbench.commands.sweep_figure import draw

        draw(found, figure)
