"""Writing covariates: what a refresh changes is kept in the history."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.report import Report
from workbench.records import Covariate
from workbench.store import RunLog, Store, Write

_BATCH = 1000


def covariate_writes(covariates: Sequence[Covariate]) -> tuple[Write, Write, Write]:
    """The writes of covariates, in order: add the new, keep what changes, change it."""
    return (
        Write(query="insert_covariates", table="covariates", records=covariates),
        Write(query="keep_covariates", table="covariates", records=covariates),
        Write(query="upsert_covariates", table="covariates", records=covariates),
    )


def write_covariates(store: Store, run: RunLog, report: Report, covariates: Sequence[Covariate]) -> None:
    """Add covariates, or correct those that have changed."""
    for start in range(0, len(covariates), _BATCH):
        batch = [replace(covariate, run_id=run.run_id) for covariate in covariates[start : start + _BATCH]]
        new, _, changed = store.write(*covariate_writes(batch), run.step(done=len(batch)))[:3]
        report.add("covariates", new=new, changed=changed, unchanged=len(batch) - new - changed)
