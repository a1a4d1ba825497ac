"""What to do next, in a study that is not complete yet: the words, with the exact command."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import StoreError, StoreMissing
from workbench.options import DEFAULT_DB
from workbench.records import NextSteps


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """A title, what it means, and the commands that help."""

    title: str
    text: str = ""
    commands: tuple[str, ...] = ()


def command(words: str, db: Path) -> str:
    """A ``wb`` command for this file; the default file needs no ``--db``."""
    default = DEFAULT_DB.absolute() == db.absolute()
    return f"wb {words}" + ("" if default else f" --db {shlex.quote(str(db))}")


def unusable(error: StoreError, db: Path) -> Guidance:
    """The file is missing, or no study's."""
    if isinstance(error, StoreMissing):
        return Guidance(
            title=f"No study yet: {db}",
            text="These make it, from a CSV file of references and a folder of their pictures, or from Wikidata. "
            "This screen opens it as soon as it is there.",
            commands=(command("ingest --from references.csv --images pictures/", db), command("ingest", db)),
        )
    return Guidance(title=error.message, text=error.hint)


def without_references(db: Path) -> Guidance:
    """The file is a study's, but empty."""
    return Guidance(
        title="No references yet",
        text="A CSV file of references has at least the columns qid, label and kind. Without one, Wikidata is asked.",
        commands=(command("ingest --from references.csv", db), command("ingest", db)),
    )


def next_step(n: NextSteps, db: Path) -> str:
    """One line under the table; empty where nothing is missing."""
    advice = n.advice()
    return "" if advice.command == "tui" else f"{advice.text}:  {command(advice.command, db)}"
