"""Making the prompts of some perturbations for every reference."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ingest.perturbations import PERTURBATIONS, UNKNOWN
from ingest.prompt_writing import Making, write_prompts
from ingest.report import Report
from ingest.synonyms.making import Synonyms, make_synonyms
from ingest.translations import make_translations
from workbench.records import Reference
from workbench.registry import unknown_name
from workbench.store import RunLog, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What prompts are asked for."""

    perturbations: Sequence[str]
    synonyms: Synonyms = field(default_factory=Synonyms)
    languages: Sequence[str] = ()
    """Of translations; none: all that there are."""


def _make_synonyms(making: Making, asked: Asked) -> None:
    make_synonyms(making, asked.synonyms)


def _make_translations(making: Making, asked: Asked) -> None:
    make_translations(making, asked.languages)


MAKERS: dict[str, Callable[[Making, Asked], None]] = {"synonym": _make_synonyms, "translation": _make_translations}
"""Perturbations that are more than one text that follows from a reference."""
NAMES = (*PERTURBATIONS, *MAKERS)


def make_prompts(db: Path, asked: Asked) -> None:
    """Make prompts for every reference.

    Raises:
        ConfigError: If a name is unknown.
        StoreError: If the file cannot be used.
    """
    for name in asked.perturbations:
        if name not in NAMES:
            raise unknown_name("perturbation", name, NAMES, "texts of your own: wb ingest prompts --from FILE.csv")
    store = Store.open(db)
    with RunLog(store, "ingest", {"source": "references", **asdict(asked)}) as run, Report(run) as report:
        references = store.rows("all_refs", Reference)
        if not references:
            report.note("there are no references yet: wb ingest adds them")
        making = Making(store=store, run=run, report=report, references=references)
        for name in dict.fromkeys(asked.perturbations) if references else ():
            if name in MAKERS:
                MAKERS[name](making, asked)
            else:
                _make_simple(making, name)


def _make_simple(making: Making, name: str) -> None:
    noun = f"{name} prompts"
    made = [(reference.qid, PERTURBATIONS[name](reference, making.run.run_id)) for reference in making.references]
    write_prompts(making.store, making.run, making.report, noun, [[prompt] for _, prompt in made if prompt])
    making.report.skip(noun, [qid for qid, prompt in made if not prompt], UNKNOWN[name])
