"""The ``wb`` command: names its sub-commands and imports one only when it is asked for."""

import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import click

from workbench.errors import ExitCode, WorkbenchError
from workbench.lazygroup import LazyGroup, keep_examples
from workbench.options import printable, say

COMMANDS = {
    "demo": ("workbench.demo:demo", "Run a whole study in two minutes: no GPU, no network."),
    "ingest": ("ingest.cli:ingest", "Add references, reference images, covariates and prompts."),
    "generate": ("generate.cli:generate", "Generate the images that are missing."),
    "import": ("ingest.commands.elsewhere:import_", "Add images that other programs generated."),
    "merge": ("generate.shards.cli:merge", "Bring the shards of a plan into the study."),
    "score": ("generate.scoring.cli:score", "Measure generated images against reference images."),
    "calibrate": ("generate.scoring.cli:calibrate", "Find thresholds from images against other references."),
    "show": ("generate.showing.cli:show", "See which parts of an image are in its reference images."),
    "benchmark": ("generate.benchmark.cli:benchmark", "Which measures tell replications from re-interpretations."),
    "models": ("generate.models.cli:models", "List known models, show one, check whether it can run here."),
    "tui": ("workbench.commands.tui:tui", "Explore the study in the terminal."),
    "analyze": ("workbench.commands.analyze:analyze", "The statistics of the study, with their uncertainty."),
    "report": ("workbench.commands.report:report", "The whole study as one document: tables, figures, SQL, caveats."),
    "sweep": ("workbench.commands.sweep:sweep", "The measures as curves over their thresholds."),
    "status": ("workbench.commands.status:status", "What is there, what is missing, what failed."),
    "runs": ("workbench.commands.runs:runs", "List what was run, or show one run."),
    "sql": ("workbench.commands.sql:sql", "Ask the database anything, read-only."),
    "schema": ("workbench.commands.schema:schema", "Print tables, columns and macros with their meaning."),
    "export": ("workbench.commands.export:export", "Write tables and measures to files."),
}
"""Name → where it is, and its line in the help (so that the help imports nothing)."""


class RootGroup(LazyGroup):
    """The commands, listed without importing them."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does, with the examples as they are written."""
        keep_examples(self)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=RootGroup,
    places={name: place for name, (place, _) in COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="multimodal-iconicity-workbench", prog_name="wb")
def root(debug: bool) -> None:
    r"""The workbench for multimodal iconicity.

    Do text-to-image models recognise cultural references, and do they replicate or re-interpret them?

    \b
    Example, a study from its first file to its screens:
      wb ingest --from references.csv --images pictures/
      wb generate --model sd15 --images-per-prompt 4
      wb score
      wb tui
    """


def run(arguments: Sequence[str]) -> int:
    """Run ``wb`` with these arguments.

    Returns:
        The exit code: see ``ExitCode``.
    """
    try:
        result: Any = root.main(args=list(arguments), prog_name="wb", standalone_mode=False)
        return result if isinstance(result, int) else ExitCode.DONE
    except BaseException as error:
        if "--debug" in arguments:
            traceback.print_exc()
        return _explain(error)


def _explain(error: BaseException) -> int:
    """Say in one line and a hint what ended the command; its exit code."""
    match error:
        case WorkbenchError():
            _complain(error.message, error.hint)
            return int(error.exit_code)
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return error.exit_code
        case click.ClickException():
            context = getattr(error, "ctx", None)
            # Choices come on lines of their own.
            _complain(" ".join(error.format_message().split()), f"{context.command_path} --help" if context else "")
            return error.exit_code
        case KeyboardInterrupt() | click.Abort():
            _complain("interrupted", "what was written stays; run the same command again to go on")
            return ExitCode.INTERRUPTED
        case BrokenPipeError():
            sys.stdout = None  # nothing left to flush, so nothing to complain about
            return ExitCode.DONE
        case SystemExit():
            raise error
        case _:
            _complain(f"unexpected {type(error).__name__}: {error}", "wb --debug … shows where; please report it")
            return ExitCode.FAILED


def _complain(message: str, hint: str) -> None:
    say(printable(f"wb: {message}".splitlines()[0]))
    if hint:
        say(printable(f"hint: {hint}"))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Entry point of the console script: a polite kill is an interruption too."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(sys.argv[1:]))
