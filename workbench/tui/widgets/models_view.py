"""The tab of models: means over references, what models differ by, and what other words change."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pyarrow as pa
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from workbench.options import printable
from workbench.tui import comparing
from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.messages import RowHighlighted, RowOpened
from workbench.tui.reader import StudyReader
from workbench.tui.shown_sql import comparison_sql, models_sql
from workbench.tui.slow import Work
from workbench.tui.tables import DIFFERENCES, DROPS, HIDDEN_TESTS, MODELS
from workbench.tui.widgets.forest import Estimate, Forest
from workbench.tui.widgets.scatter import Plot, Point, Scatter, Spread
from workbench.tui.widgets.switched_tab import SwitchedTab, Variant

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap

MEANS = Variant(
    name="models",
    noun="means",
    columns=MODELS,
    key=("model_id", "settings_id", "perturbation", "kind"),
    sort=Sort(column="cra", descending=True),
    nothing="No model has scored images among the rows that pass:  x clears the filters.",
    note="d: differences of models. Means over references; low, high: of 95 % intervals",
)
PAIRS = Variant(
    name="differences",
    noun="differences",
    columns=DIFFERENCES,
    key=("model_a", "settings_a", "model_b", "settings_b", "perturbation", "kind", "measure"),
    sort=Sort(column="measure", descending=False),
    nothing="Nothing to compare: it takes scored images of two models.  d: what other words change",
    note="d: what other words change. Model B less model A, over references that both have",
    hidden=HIDDEN_TESTS,
)
CHANGES = Variant(
    name="drops",
    noun="changes",
    columns=DROPS,
    key=("model_id", "settings_id", "perturbation", "kind", "measure"),
    sort=Sort(column="measure", descending=False),
    nothing="Nothing to compare: it takes scored images of titles and of another prompt.  d: means",
    note="d: means. Each perturbation less the title, over references that have both",
    hidden=HIDDEN_TESTS,
)
FOLLOW = "Intervals follow … "
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CORNERS = "right: recognised · top: realized anew (VI) · bottom: replicated"
BOUNDS = tuple(f"{name}_{end}" for name in ("cra", "vi", "crt") for end in ("low", "high"))
ALIKE = {"differences": ("perturbation", "kind", "measure"), "drops": ("kind", "measure")}
"""Of the rows that are drawn with the one under the cursor."""


def compared(reader: StudyReader, filters: Filters, table: comparing.Table) -> tuple[pa.Table, pl.DataFrame]:
    """A table without intervals, and what it is computed from, in a worker."""
    rows = pl.DataFrame(reader.references(filters))
    return comparing.quickly(table, rows, filters.kind, "difference"), rows


def means(reader: StudyReader, filters: Filters) -> pa.Table:
    """The means, without intervals, in a worker."""
    table = reader.models(filters)
    for name in BOUNDS:
        table = table.append_column(name, pa.nulls(table.num_rows, pa.float64()))
    return table.append_column("reason", pa.nulls(table.num_rows, pa.string()))


def with_bounds(reader: StudyReader, filters: Filters, table: pa.Table, bootstrap: "Bootstrap") -> pl.DataFrame:
    """The means with their intervals, in a worker."""
    found = comparing.places(pl.DataFrame(reader.references(filters)), comparing.kinds_of(None), bootstrap)
    late = [*BOUNDS, "reason"]
    known = pl.DataFrame(table).drop(late)
    return known.join(found.select(*MEANS.key, *late), on=MEANS.key, how="left", maintain_order="left")


class ModelsView(SwitchedTab):
    """A table, and beside it the plane of recognition and realization, or the intervals of its differences.

    Args:
        reader: of the study.
    """

    topic, title = "models", "Models"
    variants = (MEANS, PAIRS, CHANGES)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("d", "turn_table", "Differences")]

    def __init__(self, reader: StudyReader) -> None:
        super().__init__(reader)
        self._rows = pl.DataFrame()
        self._means = pa.table({})

    def compose(self) -> ComposeResult:
        """Table and chart."""
        with Vertical(id="models-left"):
            yield Static(MEANS.note, id="models-note", classes="note", markup=False)
            yield self.tables()
        with Vertical(id="models-right"):
            yield Static(id="plane-title", classes="title", markup=False)
            with Vertical(id="plane-box"):
                yield Scatter(id="plane")
                yield Forest(id="forest")
                yield Static(id="plane-legend", markup=False)

    def ask(self, filters: Filters) -> Callable[[], object]:
        """Means or differences of the rows that pass."""
        if self.variant is MEANS:
            return partial(means, self.reader, filters)
        return partial(compared, self.reader, filters, self._compare)

    def slow_question(self, filters: Filters) -> Work | None:
        """The same with intervals."""
        if self.variant is MEANS:
            return partial(with_bounds, self.reader, filters, self._means)
        return partial(self._compare, self._rows, comparing.kinds_of(filters.kind))

    @property
    def _compare(self) -> comparing.Table:
        return comparing.differences if self.variant is PAIRS else comparing.drops

    def show_table(self, answer: Any, filters: Filters) -> None:
        """Show them."""
        if self.variant is MEANS:
            self._means = answer
            self._say_note(FOLLOW if answer.num_rows else "")
            self.view.show(answer)
        else:
            table, self._rows = answer
            self._say_note(FOLLOW if table.num_rows else "")
            self.view.show(table)

    def show_slow(self, answer: Any) -> None:
        """The intervals are there."""
        self._say_note("")
        self.view.show(answer.to_arrow())

    def sql(self, filters: Filters) -> str:
        """The SQL that gives the means, or what the differences are computed from."""
        if self.variant is MEANS:
            return f"-- Their intervals: wb analyze models --show plane\n{models_sql(filters)}"
        return comparison_sql(filters, "analyze models" if self.variant is PAIRS else "analyze perturbations")

    def _say_note(self, first: str) -> None:
        self.query_one("#models-note", Static).update(first + self.variant.note)

    @on(RowHighlighted)
    def draw(self) -> None:
        """The chart that the row under the cursor belongs to."""
        row, table = self.view.row, self.view.table.table
        self.set_class(self.variant is not MEANS, "-differences")
        title = self.query_one("#plane-title", Static)
        if row is None or table is None:
            title.update("")
            self.query_one("#plane", Scatter).show(None)
            self.query_one(Forest).show(())
            self.query_one("#plane-legend", Static).update("")
        elif self.variant is MEANS:
            title.update(f"Recognition × realization · {row['kind']}")
            self._draw_plane(with_spreads(plane_points(table, row["kind"]), table, row["kind"]), row)
        else:
            names = ALIKE[self.variant.name]
            title.update(printable(" · ".join(str(row[name]) for name in names)))
            self.query_one(Forest).show(estimates(table, row, names))

    def _draw_plane(self, points: list[Point], row: dict[str, Any]) -> None:
        chosen = next((p.key for p in points if (p.label, p.key[2:]) == place_of(row)), None)
        looks = {"fitted": False, "named": True, "plane": True, "opens": "its row"}
        plot = Plot(points=points, along="CRA", up="VI", chosen=chosen, **looks)  # type: ignore[arg-type]
        self.query_one("#plane", Scatter).show(plot)
        marks = {chosen: "▶"}
        lines = [
            Content.assemble((f"{marks.get(p.key, ' ')}{p.key[:1]}", "bold"), f" {printable(p.label)}") for p in points
        ]
        self.query_one("#plane-legend", Static).update(Content("\n").join([Content(CORNERS).stylize("$quiet"), *lines]))

    @on(RowOpened)
    def _open(self) -> None:
        if self.variant is MEANS:
            self.query_one("#plane", Scatter).focus()

    @on(Scatter.Chosen)
    def _choose(self, event: Scatter.Chosen) -> None:
        event.stop()
        label = event.point.label
        table = self.view.table.table
        for n, row in enumerate(table.to_pylist() if table is not None else []):
            if name_of(row) == label and row["kind"] == (self.view.row or {}).get("kind"):
                self.view.table.move_cursor(row=n)
                self.view.table.focus()
                return


def plane_points(table: pa.Table, kind: str) -> list[Point]:
    """A lettered point per model and condition that has both measures."""
    rows = [r for r in table.to_pylist() if r["kind"] == kind and r["cra"] is not None and r["vi"] is not None]
    rows.sort(key=lambda r: (r["model_id"], r["perturbation"], r["settings_id"]))
    return [
        Point(x=row["cra"], y=row["vi"], key=f"{LETTERS[n % len(LETTERS)]} {row['settings_id']}", label=name_of(row))
        for n, row in enumerate(rows)
    ]


def with_spreads(points: list[Point], table: pa.Table, kind: str) -> list[Point]:
    """The points with their intervals, as far as they are known."""
    rows = pl.DataFrame(table.select([*MEANS.key, *BOUNDS])).filter(pl.col("kind") == kind)
    found = {place_of(row): row for row in rows.iter_rows(named=True)}
    return [replace(p, spread=_spread(found[p.label, p.key[2:]])) for p in points]


def _spread(row: dict[str, Any]) -> Spread:
    x, y = ((row[f"{name}_low"], row[f"{name}_high"]) for name in ("cra", "vi"))
    return Spread(x=None if x[0] is None else x, y=None if y[0] is None else y)


def place_of(row: dict[str, Any]) -> tuple[str, str]:
    """What names a point among those of a kind: its label, and its settings."""
    return name_of(row), row["settings_id"]


def estimates(table: pa.Table, row: dict[str, Any], names: tuple[str, ...]) -> list[Estimate]:
    """The differences that are drawn together, in the order of the table."""
    rows = [r for r in table.to_pylist() if all(r[n] == row[n] for n in names) and r["difference"] is not None]
    return [
        Estimate(
            label=f"{r['model_a']} → {r['model_b']}" if "model_a" in r else name_of(r),
            value=r["difference"],
            low=r["low"],
            high=r["high"],
            chosen=r == row,
        )
        for r in rows
    ]


def name_of(row: dict[str, Any]) -> str:
    """Model and condition."""
    return f"{row['model_id']} · {row['perturbation']}"
