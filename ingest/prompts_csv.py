"""Prompts written elsewhere, from a CSV or TSV file."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.prompt_places import Place, place_of, settle
from ingest.prompt_writing import write_prompts
from ingest.references import UNWRITTEN
from ingest.report import Problem, Report
from ingest.tables import Row, read_table
from ingest.text import parse_integer, parse_qid
from ingest.token_counts import count_tokens, load_tokenizers
from workbench.records import Prompt, Reference
from workbench.store import RunLog, Store

_REQUIRED = ("qid", "text")
_PERTURBATION = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFile:
    """What a file holds."""

    places: Mapping[str, Place]
    problems: Sequence[Problem]
    repeated: int
    """Rows that say again what another row says."""

    @property
    def prompts(self) -> list[Prompt]:
        """All prompts, as they are numbered in a study that has none."""
        return [prompt for place in self.places.values() for prompt in place.prompts()]


def read_prompts(path: Path, perturbation: str | None = None) -> PromptFile:
    """Read a file of prompts.

    It needs the columns ``qid`` and ``text``, where none is named also ``perturbation`` (small letters, digits,
    hyphens), and may have ``variant`` (from 1; left empty: the number that the text has, else a free one), ``method``
    and ``changes`` (JSON).

    Args:
        path: of the file.
        perturbation: of rows that name none.

    Raises:
        IngestError: If it is not such a file.
    """
    table = read_table(path, _REQUIRED if perturbation else (*_REQUIRED, "perturbation"))
    places: dict[str, Place] = defaultdict(Place)
    problems = list(table.problems)
    for row in table.rows:
        try:
            _take(row, places, perturbation or "")
        except ValueError as error:
            problems.append(table.problem(row, str(error)))
    taken = len(table.rows) + len(table.problems) - len(problems)
    file = PromptFile(places=dict(places), problems=problems, repeated=0)
    return replace(file, repeated=taken - len(file.prompts))


def _take(row: Row, places: dict[str, Place], perturbation: str) -> None:
    """Put the row's prompt in its place."""
    prompt = _prompt(row, perturbation)
    place = places[place_of(prompt)]
    if not row.cell("variant"):
        place.unnumbered.setdefault(prompt.text, prompt)
    elif place.numbered.setdefault(prompt.variant, prompt) != prompt:
        raise ValueError(f"{prompt.qid} has variant {prompt.variant} of {prompt.perturbation} already, another text")


def _prompt(row: Row, default: str) -> Prompt:
    qid = parse_qid(row.cell("qid"))
    perturbation = (row.cell("perturbation") or default).casefold()
    if not _PERTURBATION.fullmatch(perturbation):
        raise ValueError(f"perturbation {perturbation!r} is not a name of small letters, digits and hyphens")
    if perturbation == "title":
        raise ValueError("the title is the label of the reference: correct it there, wb ingest --from FILE")
    if not row.cell("text"):
        raise ValueError(f"{qid} has no text")
    return Prompt(
        qid=qid,
        perturbation=perturbation,
        variant=_variant(row.cell("variant")),
        method=row.cell("method") or "csv",
        text=row.cell("text"),
        changes=_changes(row.cell("changes")),
        run_id=UNWRITTEN,
    )


def _variant(text: str) -> int:
    variant = parse_integer(text, "variant") if text else 1
    if not 1 <= variant <= 1_000_000:
        raise ValueError(f"variant {text!r} is not a number from 1")
    return variant


def _changes(text: str) -> str | None:
    if not text:
        return None
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True)
    except ValueError as error:
        raise ValueError(f"changes {text[:40]!r} is not JSON") from error


def ingest_prompts(db: Path, path: Path, perturbation: str | None = None, *, tokenizers: Sequence[str] = ()) -> None:
    """Add the prompts of a file; of a reference and perturbation that it mentions, it retires those that it lacks.

    Args:
        db: the study.
        path: of the file.
        perturbation: of rows that name none.
        tokenizers: that count; none: CLIP's, where it is installed.

    Raises:
        ModelError: If a tokenizer that is named cannot be had.
        IngestError: If the file cannot be used.
        SomeItemsFailed: If rows could not be taken.
    """
    file = read_prompts(path, perturbation)
    counting = load_tokenizers(tokenizers)
    store = Store.open(db)
    with RunLog(store, "ingest", {"source": "prompts", "from": str(path)}) as run, Report(run) as report:
        known = {reference.qid for reference in store.rows("all_refs", Reference)}
        report.fail(file.problems)
        strangers = list(dict.fromkeys(p.qid for p in file.prompts if p.qid not in known))
        report.skip(
            "QIDs with prompts", strangers, "not references of this study", "wb ingest --from FILE.csv adds them"
        )
        there = store.rows("prompts_of", Prompt, qids=list({p.qid for p in file.prompts}))
        taken = [[replace(p, run_id=run.run_id) for p in ps if p.qid in known] for ps in settle(file.places, there)]
        write_prompts(store, run, report, "prompts", taken, retire="retire_absent_prompts")
        if file.repeated:
            report.add("prompts", repeated=file.repeated)
        count_tokens(store, report, counting)
