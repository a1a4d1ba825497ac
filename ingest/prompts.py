"""Making the prompts of some perturbations for every reference."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ingest.literal import Literal, make_literals
from ingest.perturbations import PERTURBATIONS, UNKNOWN
from ingest.prompt_writing import Making, write_prompts
from ingest.report import Report
from ingest.synonyms.making import Synonyms, make_synonyms
from ingest.token_counts import count_tokens, load_tokenizers
from ingest.translations import make_translations
from workbench.records import Reference
from workbench.registry import unknown_name
from workbench.store import RunLog, Store

_PACKAGES = ("open_clip_torch", "tokenizers", "transformers", "torch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What prompts are asked for."""

    perturbations: Sequence[str]
    synonyms: Synonyms = field(default_factory=Synonyms)
    languages: Sequence[str] = ()
    """Of translations; none: all that there are."""
    literal: Literal = field(default_factory=Literal)
    tokenizers: Sequence[str] = ()
    """That count; none: CLIP's, where it is installed."""


def asked_by(
    *,
    substitutions: int,
    variants: int,
    seed: int,
    captioner: str,
    device: str,
    draws: int,
    **names: Sequence[str],
) -> Asked:
    """What the options of the command come to."""
    return Asked(
        synonyms=Synonyms(most=substitutions, each=variants, seed=seed),
        literal=Literal(captioner=captioner, device=device, draws=draws, seed=seed),
        **names,
    )


def _make_synonyms(making: Making, asked: Asked) -> None:
    make_synonyms(making, asked.synonyms)


def _make_translations(making: Making, asked: Asked) -> None:
    make_translations(making, asked.languages)


def _make_literals(making: Making, asked: Asked) -> None:
    make_literals(making, asked.literal)


MAKERS: dict[str, Callable[[Making, Asked], None]] = {
    "synonym": _make_synonyms,
    "translation": _make_translations,
    "literal": _make_literals,
}
"""Perturbations that are more than one text that follows from a reference."""
NAMES = (*PERTURBATIONS, *MAKERS)


def make_prompts(db: Path, asked: Asked) -> None:
    """Make prompts for every reference.

    Raises:
        ConfigError: If a name is unknown.
        ModelError: If a captioner or a tokenizer that is named cannot be had.
        StoreError: If the file cannot be used.
        SomeItemsFailed: If a picture could not be described.
    """
    for name in asked.perturbations:
        if name not in NAMES:
            raise unknown_name("perturbation", name, NAMES, "texts of your own: wb ingest prompts --from FILE.csv")
    store = Store.open(db)
    tokenizers = load_tokenizers(asked.tokenizers)
    arguments = {"source": "references", **asdict(asked)}
    with RunLog(store, "ingest", arguments, packages=_PACKAGES) as run, Report(run) as report:
        references = store.rows("all_refs", Reference)
        if not references:
            report.note("there are no references yet: wb ingest adds them")
        making = Making(store=store, run=run, report=report, references=references)
        for name in dict.fromkeys(asked.perturbations) if references else ():
            if name in MAKERS:
                MAKERS[name](making, asked)
            else:
                _make_simple(making, name)
        count_tokens(store, report, tokenizers)


def _make_simple(making: Making, name: str) -> None:
    noun = f"{name} prompts"
    made = [(reference.qid, PERTURBATIONS[name](reference, making.run.run_id)) for reference in making.references]
    write_prompts(making.store, making.run, making.report, noun, [[prompt] for _, prompt in made if prompt])
    making.report.skip(noun, [qid for qid, prompt in made if not prompt], UNKNOWN[name])
