"""Writing prompts: what they replace is retired, and stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.prompt_places import Place, place_of, settle
from ingest.report import Report
from workbench.records import Prompt, PromptChange, Reference
from workbench.store import RunLog, Store, Write

_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """A run that makes prompts."""

    store: Store
    run: RunLog
    report: Report
    references: Sequence[Reference]

    def place(self, noun: str, places: Mapping[str, Place], changes: Mapping[str, Sequence[PromptChange]]) -> None:
        """Write the texts of places: one that is there keeps its number, one that is not in its place is retired.

        Args:
            noun: what they are called when it is told.
            places: by name.
            changes: by qid and text, what a synonym replaces; their prompt is filled in here.
        """
        there = self.store.rows("prompts_of", Prompt, qids=[reference.qid for reference in self.references])
        settled = settle(places, there)
        write_prompts(self.store, self.run, self.report, noun, settled, retire="retire_absent_prompts", changes=changes)

    def retire(self, noun: str, perturbation: str, method: str, kept: Mapping[str, Place]) -> None:
        """Retire prompts that a method made in places where it makes none any more."""
        there = self.store.rows("prompts_of", Prompt, qids=[reference.qid for reference in self.references])
        made = [p for p in there if p.active and (p.perturbation, p.method) == (perturbation, method)]
        stale = [p for p in made if place_of(p) not in kept]
        if stale:
            (retired,) = self.store.write(Write(query="retire_these_prompts", table="prompts", records=stale))
            self.report.add(noun, retired=retired)


def write_prompts(
    store: Store,
    run: RunLog,
    report: Report,
    noun: str,
    places: Sequence[Sequence[Prompt]],
    *,
    retire: str = "retire_prompts",
    changes: Mapping[str, Sequence[PromptChange]] | None = None,
) -> None:
    """Add prompts, and retire those that they replace.

    Args:
        store: the study.
        run: counts what is written.
        report: tells it.
        noun: what they are called there.
        places: those of one reference and perturbation together; they are never parted into two transactions.
        retire: query that retires what they replace.
        changes: by qid and text, what a synonym replaces; their prompt is filled in here.
    """
    for batch in _batches(places):
        counts = store.write(
            Write(query=retire, table="prompts", records=batch),
            Write(query="insert_prompts", table="prompts", records=batch),
            Write(query="insert_prompt_changes", table="prompt_changes", records=_changes(batch, changes or {})),
            run.step(done=len(batch)),
        )
        report.add(noun, new=counts[1], unchanged=len(batch) - counts[1], retired=counts[0])


def _changes(batch: Sequence[Prompt], by_text: Mapping[str, Sequence[PromptChange]]) -> list[PromptChange]:
    return [replace(change, prompt_id=p.prompt_id) for p in batch for change in by_text.get(f"{p.qid} {p.text}", ())]


def _batches(places: Sequence[Sequence[Prompt]]) -> Iterator[list[Prompt]]:
    batch: list[Prompt] = []
    for prompts in places:
        batch += prompts
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
