"""Writing references with their covariates and the prompts that follow from them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.covariates.writing import covariate_writes
from ingest.perturbations import PERTURBATIONS, remade_prompts
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


def write_references(store: Store, run: RunLog, report: Report, found: Sequence[FoundReference]) -> None:
    """Add references, or correct those that have changed; each with its covariates and prompts, or not at all.

    Every reference has a title prompt; the prompts that were made of it before follow its corrections.
    """
    report.add("references", found=len(found))
    for start in range(0, len(found), _BATCH):
        write_batch(store, run, report, found[start : start + _BATCH])


def write_batch(
    store: Store, run: RunLog, report: Report, found: Sequence[FoundReference], beside: Sequence[Write] = ()
) -> None:
    """As ``write_references``, in one transaction with what belongs beside them."""
    references = [replace(f.reference, run_id=run.run_id) for f in found]
    covariates = [replace(c, run_id=run.run_id) for f in found for c in f.covariates]
    prompts = _prompts(store, references, run.run_id)
    # Inserting first and correcting then, in one transaction, tells the new from the changed.
    counts = store.write(
        Write(query="insert_refs", table="refs", records=references),
        Write(query="upsert_refs", table="refs", records=references),
        *covariate_writes(covariates),
        *(
            Write(query=query, table="prompts", records=made)
            for made in prompts.values()
            for query in ("retire_prompts", "insert_prompts")
        ),
        run.step(done=len(found)),
        *beside,
    )
    for noun, n, (new, changed) in (
        ("references", len(references), counts[0:2]),
        ("covariates", len(covariates), (counts[2], counts[4])),
    ):
        if n:
            report.add(noun, new=new, changed=changed, unchanged=n - new - changed)
    for (name, made), retired, new in zip(prompts.items(), counts[5::2], counts[6::2], strict=False):
        report.add(f"{name} prompts", new=new, unchanged=len(made) - new, retired=retired)


def _prompts(store: Store, references: Sequence[Reference], run_id: str) -> dict[str, list[Prompt]]:
    """By perturbation, the prompts of references that are about to be written."""
    qids = [reference.qid for reference in references]
    before = {reference.qid: reference for reference in store.rows("refs_of", Reference, qids=qids)}
    there = store.rows("prompts_of", Prompt, qids=qids)
    merged = [
        replace(r, creators=before[r.qid].creators) if r.qid in before and not r.creators else r for r in references
    ]
    made = {name: remade_prompts(name, merged, there, run_id) for name in PERTURBATIONS}
    return {name: prompts for name, prompts in made.items() if prompts}
