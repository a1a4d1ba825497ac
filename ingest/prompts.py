"""Writing prompts."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.perturbations import PERTURBATIONS
from ingest.report import Report
from workbench.records import Prompt, Reference
from workbench.registry import unknown_name
from workbench.store import RunLog, Store, Write

_BATCH = 1000


def make_prompts(db: Path, perturbations: Sequence[str]) -> None:
    """Make the prompts of some perturbations for every reference.

    Args:
        db: the study.
        perturbations: names of ``PERTURBATIONS``.

    Raises:
        ConfigError: If a name is unknown.
        StoreError: If the file cannot be used.
    """
    for name in perturbations:
        if name not in PERTURBATIONS:
            raise unknown_name(
                "perturbation", name, PERTURBATIONS, "texts of your own: wb ingest prompts --from FILE.csv"
            )
    store = Store.open(db)
    arguments = {"source": "references", "perturbations": perturbations}
    with RunLog(store, "ingest", arguments) as run, Report(run) as report:
        references = store.rows("all_refs", Reference)
        if not references:
            report.note("there are no references yet: wb ingest adds them")
        for name in dict.fromkeys(perturbations):
            made = [(reference.qid, PERTURBATIONS[name](reference, run.run_id)) for reference in references]
            write_prompts(store, run, report, f"{name} prompts", [[prompt] for _, prompt in made if prompt])
            report.skip(f"{name} prompts", [qid for qid, prompt in made if not prompt], "no creator is known")


def write_prompts(
    store: Store,
    run: RunLog,
    report: Report,
    noun: str,
    places: Sequence[Sequence[Prompt]],
    *,
    retire: str = "retire_prompts",
) -> None:
    """Add prompts, and retire those that they replace.

    Args:
        store: the study.
        run: counts what is written.
        report: tells it.
        noun: what they are called there.
        places: those of one reference and perturbation together; they are never parted into two transactions.
        retire: query that retires what they replace.
    """
    for batch in _batches(places):
        counts = store.write(
            Write(query=retire, table="prompts", records=batch),
            Write(query="insert_prompts", table="prompts", records=batch),
            run.step(done=len(batch)),
        )
        report.add(noun, new=counts[1], unchanged=len(batch) - counts[1], retired=counts[0])


def _batches(places: Sequence[Sequence[Prompt]]) -> Iterator[list[Prompt]]:
    batch: list[Prompt] = []
    for prompts in places:
        batch += prompts
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
