"""The tab of correlations: the table, and the points behind the row under the cursor."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
import pyarrow as pa
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from workbench.options import printable
from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.messages import ReferenceWanted, RowHighlighted, RowOpened
from workbench.tui.reader import StudyReader, correlations_sql
from workbench.tui.tables import CORRELATIONS, HIDDEN_CORRELATIONS
from workbench.tui.widgets.scatter import Plot, Point, Scatter
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.table_view import TableView

NOTHING = "Nothing to correlate: it takes scored images and covariates; x clears the filters."
SORT = Sort(column="covariate", descending=False)
KEY = ("covariate", "method", "measure", "model_id", "settings_id", "perturbation", "kind")
NOTE = (
    "Spearman's ρ of a covariate with a measure over references, never images; low, high: its interval. "
    "p adj.: for all tests of its kind and condition. A correlation is no cause."
)
BIASED = "Rows are filtered by a measure: ρ over them is biased. "
POOLED = "pooled"
"""In the place of a model: all of them together."""
LOGARITHMIC = ("popularity", "training_frequency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated:
    """The table, and what it is computed from."""

    table: pa.Table
    pairs: pa.Table
    labels: dict[str, str]
    """QID → title."""


def correlated(reader: StudyReader, filters: Filters) -> Correlated:
    """Ask for both, in a worker."""
    references = reader.references(filters)
    labels = dict(zip(references["qid"].to_pylist(), references["label"].to_pylist(), strict=True))
    return Correlated(table=reader.correlations(filters), pairs=reader.pairs(filters), labels=labels)


class CorrelationsView(StudyTab):
    """A note on what the table says and what it does not, the table, and the plot of a row.

    Args:
        reader: of the study.
    """

    topic, title, noun = "correlations", "Correlations", "correlations"

    def __init__(self, reader: StudyReader) -> None:
        super().__init__(reader)
        self._found: Correlated | None = None

    def compose(self) -> ComposeResult:
        """Note and table, the plot beside or below."""
        with Vertical(id="correlations-left"):
            yield Static(NOTE, id="correlations-note", markup=False)
            yield TableView(
                CORRELATIONS, KEY, SORT, nothing=NOTHING, id="correlations-view", hidden=HIDDEN_CORRELATIONS
            )
        with Vertical(id="correlations-right"):
            yield Static(id="scatter-title", classes="title", markup=False)
            yield Scatter(id="scatter")

    def question(self, filters: Filters) -> Callable[[], object]:
        """The correlations of the rows that pass."""
        return partial(correlated, self.reader, filters)

    def show(self, answer: Any, filters: Filters) -> None:
        """Show them."""
        self._found = answer
        note = (BIASED if filters.selects_by_measure else "") + NOTE
        self.query_one("#correlations-note", Static).update(note)
        self.view.show(answer.table)

    def sql(self, filters: Filters) -> str:
        """The SQL that gives what the table is computed from."""
        return correlations_sql(filters)

    @on(RowHighlighted)
    def draw(self) -> None:
        """The points behind the row under the cursor."""
        row, found = self.view.row, self._found
        scatter, title = self.query_one(Scatter), self.query_one("#scatter-title", Static)
        if row is None or found is None:
            scatter.show(None)
            title.update("")
            return
        words = f"{row['covariate']} ({row['method']}) and {row['measure']} · {row['model_id']}, {row['perturbation']}"
        title.update(printable(words) + (f"\n{row['reason']}" if row["reason"] else ""))
        scatter.show(plot_of(found, row))

    @on(RowOpened)
    def _open(self) -> None:
        self.query_one(Scatter).focus()

    @on(Scatter.Chosen)
    def _choose(self, event: Scatter.Chosen) -> None:
        event.stop()
        row = self.view.row or {}
        model = None if row.get("model_id") == POOLED else row.get("model_id")
        self.post_message(ReferenceWanted(event.point.key, model, row.get("perturbation")))


def plot_of(found: Correlated, row: dict[str, Any]) -> Plot:
    """The points of a row of the table of correlations."""
    frame, pooled = pl.DataFrame(found.pairs), row["model_id"] == POOLED
    names = ("covariate", "method", "perturbation", *(() if pooled else ("model_id", "settings_id")))
    for name in (*names, *(() if row["kind"] == "all" else ("kind",))):
        frame = frame.filter(pl.col(name) == row[name])
    frame = frame.select("qid", "value", "model_id", "settings_id", y=pl.col(row["measure"])).drop_nulls("y")
    if pooled:  # as the correlation takes them: each model's values less their mean, averaged per reference
        less = pl.col("y") - pl.col("y").mean().over("model_id", "settings_id")
        frame = frame.with_columns(y=less).group_by("qid").agg(pl.first("value"), pl.mean("y"))
    points = [
        Point(x=x, y=y, key=qid, label=found.labels.get(qid, qid))
        for qid, x, y in frame.select("qid", "value", "y").iter_rows()
    ]
    log = row["covariate"] in LOGARITHMIC
    return Plot(
        points=points,
        along=row["covariate"],
        up=row["measure"],
        log=log,
        unit=row["measure"] != "mean_s" and not pooled,
    )
