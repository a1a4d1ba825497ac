"""``wb report``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.commands.analyze.asked import Asked, bootstrap_options, study_options
from workbench.options import say

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("report"),
    show_default=True,
    help="The folder; what an earlier report left there is replaced.",
)
@click.option(
    "--pictures",
    type=click.Choice(["all", "generated", "none"]),
    default="all",
    show_default=True,
    help="Small pictures to show: reference images and generated ones, these alone, or none.",
)
@study_options
@bootstrap_options
def report(asked: Asked, bootstrap: "Bootstrap", out: Path, pictures: str) -> None:
    r"""Write the whole study as one document: tables, figures, settings, SQL and caveats.

    report.html needs nothing beside it, neither network nor script; report.md has its figures in report_files/.
    Every table says the command and the SQL that give it again. The same study gives the same files.

    \b
    Examples:
      wb report --thresholds calibrated
      wb report --out paper --model sd15 --kind static --pictures generated
    """
    from workbench.figures import new_figure
    from workbench.report.study import Study
    from workbench.report.write import put_together, write_report

    new_figure(1, 1)
    parameters = asked.with_encoders().parameters
    study = Study(store=asked.store, parameters=parameters, kinds=asked.kinds, bootstrap=bootstrap, pictures=pictures)
    write_report(put_together(study), out)
    say(f"written: {out / 'report.html'} and {out / 'report.md'}")
