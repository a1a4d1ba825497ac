"""The tab of correlations: the table, and the points behind the row under the cursor."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import polars as pl
import pyarrow as pa
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from workbench.dates import show_year
from workbench.options import printable
from workbench.tui import comparing
from workbench.tui.charts import short_number
from workbench.tui.columns import Sort, coefficient, probability
from workbench.tui.filters import Filters
from workbench.tui.messages import ReferenceWanted, RowHighlighted, RowOpened
from workbench.tui.reader import StudyReader
from workbench.tui.shown_sql import correlations_sql
from workbench.tui.slow import Work
from workbench.tui.tables import CORRELATIONS, HIDDEN_TESTS, PARTIALS
from workbench.tui.widgets.scatter import Plot, Point, Scatter
from workbench.tui.widgets.switched_tab import SwitchedTab, Variant

NOTHING = "Nothing to correlate: it takes scored images and covariates; x clears the filters."
SORT = Sort(column="covariate", descending=False)
KEY = ("covariate", "method", "measure", "model_id", "settings_id", "perturbation", "kind")
PLAIN = Variant(
    name="correlations",
    noun="correlations",
    columns=CORRELATIONS,
    key=KEY,
    sort=SORT,
    nothing=NOTHING,
    hidden=HIDDEN_TESTS,
    note="o: hold the other covariates. ρ: Spearman's, over references; no cause",
)
HELD = Variant(
    name="partial",
    noun="partial correlations",
    columns=PARTIALS,
    key=KEY,
    sort=SORT,
    nothing=NOTHING,
    hidden=HIDDEN_TESTS,
    note="o: hold none. ρ held: the other covariates held, where all are known; no cause",
)
BIASED = "Rows are filtered by a measure: ρ over them is biased. "
FOLLOW = "Intervals follow … "
POOLED = "pooled"
"""In the place of a model: all of them together."""
LOGARITHMIC, DATE = ("popularity", "training_frequency"), "creation_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated:
    """The table, and what it is computed from."""

    table: pa.Table
    pairs: pl.DataFrame
    labels: dict[str, str]
    """QID → title."""


def correlated(reader: StudyReader, filters: Filters, table: comparing.Table, value: str) -> Correlated:
    """Ask for both, in a worker."""
    references = reader.references(filters)
    labels = dict(zip(references["qid"].to_pylist(), references["label"].to_pylist(), strict=True))
    pairs = pl.DataFrame(reader.pairs(filters))
    return Correlated(table=comparing.quickly(table, pairs, filters.kind, value), pairs=pairs, labels=labels)


class CorrelationsView(SwitchedTab):
    """A note on what the table says and what it does not, the table, and the plot of a row.

    Args:
        reader: of the study.
    """

    topic, title = "correlations", "Correlations"
    variants = (PLAIN, HELD)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "turn_table", "Hold others")]

    def __init__(self, reader: StudyReader) -> None:
        super().__init__(reader)
        self._found: Correlated | None = None
        self._bias = ""

    def compose(self) -> ComposeResult:
        """Note and table, the plot beside or below."""
        with Vertical(id="correlations-left"):
            yield Static(PLAIN.note, id="correlations-note", classes="note", markup=False)
            yield self.tables()
        with Vertical(id="correlations-right"):
            yield Static(id="scatter-title", classes="title", markup=False)
            yield Scatter(id="scatter")

    @property
    def held(self) -> bool:
        """Whether the other covariates are held."""
        return self.variant is HELD

    def ask(self, filters: Filters) -> Callable[[], object]:
        """The correlations of the rows that pass, without intervals."""
        table, value = (comparing.partials, "partial_rho") if self.held else (comparing.correlations, "rho")
        return partial(correlated, self.reader, filters, table, value)

    def slow_question(self, filters: Filters) -> Work | None:
        """The same with intervals."""
        if self._found is None:
            return None
        table = comparing.partials if self.held else comparing.correlations
        return partial(table, self._found.pairs, comparing.kinds_of(filters.kind))

    def show_table(self, answer: Any, filters: Filters) -> None:
        """Show them."""
        self._found = answer
        self._bias = BIASED if filters.selects_by_measure else ""
        self._say_note(FOLLOW)
        self.view.show(answer.table)

    def show_slow(self, answer: Any) -> None:
        """The intervals are there."""
        if self._found is not None:
            self._found = replace(self._found, table=answer.to_arrow())
            self._say_note("")
            self.view.show(self._found.table)

    def sql(self, filters: Filters) -> str:
        """The SQL that gives what the table is computed from."""
        return correlations_sql(filters, "analyze partial" if self.held else "analyze correlations")

    def _say_note(self, first: str) -> None:
        self.query_one("#correlations-note", Static).update(first + self._bias + self.variant.note)

    @on(RowHighlighted)
    def draw(self) -> None:
        """The points behind the row under the cursor."""
        row, found = self.view.row, self._found
        scatter, title = self.query_one(Scatter), self.query_one("#scatter-title", Static)
        if row is None or found is None:
            scatter.show(None)
            title.update("")
            return
        about = f"{row['kind']} references, {row['model_id']}, {row['perturbation']}"
        words = f"{row['covariate']} ({row['method']}) and {row['measure']} · {about}"
        held = f"ranks, held: {row['controls'] or 'nothing'}" if self.held else ""
        title.update("\n".join(printable(line) for line in (words, self._numbers(row), held, row["reason"]) if line))
        scatter.show(held_plot(found, row) if self.held else plot_of(found, row))

    def _numbers(self, row: dict[str, Any]) -> str:
        """What the table says of the row, in a line: a narrow terminal shows not all of its columns."""
        rho = row["partial_rho" if self.held else "rho"]
        if rho is None:
            return ""
        bounds = "" if row["low"] is None else f" [{coefficient(row['low'])}, {coefficient(row['high'])}]"
        p = "" if row["p_adjusted"] is None else f", p adj. {probability(row['p_adjusted'])}"
        return f"ρ {coefficient(rho)}{bounds}, n {row['n']:,}{p}"

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
    frame, pooled = found.pairs, row["model_id"] == POOLED
    names = ("covariate", "method", "perturbation", *(() if pooled else ("model_id", "settings_id")))
    for name in (*names, *(() if row["kind"] == "all" else ("kind",))):
        frame = frame.filter(pl.col(name) == row[name])
    frame = frame.select("qid", "value", "model_id", "settings_id", y=pl.col(row["measure"])).drop_nulls("y")
    if pooled:  # as the correlation takes them: each model's values less their mean, averaged per reference
        less = pl.col("y") - pl.col("y").mean().over("model_id", "settings_id")
        frame = frame.with_columns(y=less).group_by("qid").agg(pl.first("value"), pl.mean("y"))
    return Plot(
        points=_points(frame.select("qid", "value", "y"), found.labels),
        along=row["covariate"],
        up=row["measure"],
        log=row["covariate"] in LOGARITHMIC,
        show_x=_year if row["covariate"] == DATE else short_number,
        unit=row["measure"] != "mean_s" and not pooled,
    )


def _year(value: float) -> str:
    return show_year(round(value))


def held_plot(found: Correlated, row: dict[str, Any]) -> Plot | None:
    """The points of a row of the table of partial correlations: what is left of the ranks."""
    if row["partial_rho"] is None:
        return None
    left = comparing.held_ranks(found.pairs, row)
    along, up = (f"{row[name]} | held" for name in ("covariate", "measure"))
    return Plot(points=_points(left, found.labels), along=along, up=up, unit=False)


def _points(frame: pl.DataFrame, labels: dict[str, str]) -> list[Point]:
    return [Point(x=x, y=y, key=qid, label=labels.get(qid, qid)) for qid, x, y in frame.iter_rows()]
