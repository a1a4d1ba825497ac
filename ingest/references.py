"""Writing references with their title prompts and covariates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.report import Report
from workbench.records import Covariate, Prompt, Reference
from workbench.store import RunLog, Store, Write

UNWRITTEN = ""
"""The run of a record that no run has written yet."""
_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundReference:
    """A reference as a source gives it."""

    reference: Reference
    covariates: tuple[Covariate, ...] = ()


def title_prompt(reference: Reference, run_id: str) -> Prompt:
    """The prompt that every reference has: its label, verbatim."""
    return Prompt(qid=reference.qid, perturbation="title", method="label", text=reference.label, run_id=run_id)


def write_references(store: Store, run: RunLog, report: Report, found: Sequence[FoundReference]) -> None:
    """Add references, or correct those that have changed; each with its title prompt and covariates, or not at all."""
    report.add("references", found=len(found))
    for start in range(0, len(found), _BATCH):
        _write_batch(store, run, report, found[start : start + _BATCH])


def _write_batch(store: Store, run: RunLog, report: Report, found: Sequence[FoundReference]) -> None:
    references = [replace(f.reference, run_id=run.run_id) for f in found]
    prompts = [title_prompt(reference, run.run_id) for reference in references]
    covariates = [replace(c, run_id=run.run_id) for f in found for c in f.covariates]
    # Inserting first and correcting then, in one transaction, tells the new from the changed.
    counts = store.write(
        Write(query="insert_refs", table="refs", records=references),
        Write(query="upsert_refs", table="refs", records=references),
        Write(query="insert_covariates", table="covariates", records=covariates),
        Write(query="upsert_covariates", table="covariates", records=covariates),
        Write(query="retire_prompts", table="prompts", records=prompts),
        Write(query="insert_prompts", table="prompts", records=prompts),
        run.step(done=len(found)),
    )
    for noun, n, (new, changed) in (
        ("references", len(references), counts[0:2]),
        ("covariates", len(covariates), counts[2:4]),
    ):
        if n:
            report.add(noun, new=new, changed=changed, unchanged=n - new - changed)
    report.add("title prompts", new=counts[5], unchanged=len(prompts) - counts[5], retired=counts[4])
