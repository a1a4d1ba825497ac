"""The SQL that gives what a screen shows: to be copied, and gone on from."""

from workbench.records import Thresholds
from workbench.store import Order, spelled
from workbench.tui.filters import Filters
from workbench.tui.reader import RUNS_KEPT, CellKey


def references_sql(filters: Filters, order: Order) -> str:
    """The SQL that gives the table of references."""
    return spelled("ref_scores", filters.parameters(), order)


def images_sql(filters: Filters, order: Order) -> str:
    """The SQL that gives the table of images."""
    return spelled("image_scores", filters.parameters(), order)


def correlations_sql(filters: Filters, command: str) -> str:
    """The SQL that gives what a command computes correlations from."""
    note = f"-- What wb {command} takes in: a row per reference, model, condition and covariate.\n"
    return note + spelled("correlation_input", filters.parameters())


def comparison_sql(filters: Filters, command: str) -> str:
    """The SQL that gives what a command compares."""
    note = f"-- What wb {command} takes in: a row per reference, model and condition.\n"
    return note + spelled("ref_scores", filters.parameters())


def models_sql(filters: Filters) -> str:
    """The SQL that gives the table of means."""
    return spelled("model_means", filters.parameters())


def runs_sql() -> str:
    """The SQL that gives the table of runs."""
    return spelled("recent_runs", {"limit_runs": RUNS_KEPT})


def look_sql(key: CellKey, thresholds: Thresholds) -> str:
    """The SQL that gives the images of a reference, of every model and condition."""
    return spelled("images_of", {**thresholds.parameters(), "qid": key.qid})


def labels_sql() -> str:
    """The SQL that gives what people said of images."""
    return spelled("annotations", {})
