"""The tab of models: means over references, and the plane of recognition and realization."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from workbench.options import printable
from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.messages import RowHighlighted, RowOpened
from workbench.tui.reader import models_sql
from workbench.tui.tables import MODELS
from workbench.tui.widgets.scatter import Plot, Point, Scatter
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.table_view import TableView

NOTHING = "No model has scored images among the rows that pass:  x clears the filters."
SORT = Sort(column="cra", descending=True)
KEY = ("model_id", "settings_id", "perturbation", "kind")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CORNERS = "right: recognised · top: realized anew (VI) · bottom: replicated"


class ModelsView(StudyTab):
    """The table of means, and the plane of the kind under the cursor."""

    topic, title, noun = "models", "Models", "means"

    def compose(self) -> ComposeResult:
        """Table and plane."""
        with Vertical(id="models-left"):
            yield TableView(MODELS, KEY, SORT, nothing=NOTHING, id="models-view")
        with Vertical(id="models-right"):
            yield Static(id="plane-title", classes="title", markup=False)
            yield Scatter(id="plane")
            yield Static(id="plane-legend", markup=False)

    def question(self, filters: Filters) -> Callable[[], object]:
        """Means of the rows that pass."""
        return partial(self.reader.models, filters)

    def sql(self, filters: Filters) -> str:
        """The SQL that gives the means."""
        return models_sql(filters)

    @on(RowHighlighted)
    def draw(self) -> None:
        """The plane of the kind of the row under the cursor."""
        row, table = self.view.row, self.view.table.table
        plane = self.query_one("#plane", Scatter)
        if row is None or table is None:
            plane.show(None)
            return
        self.query_one("#plane-title", Static).update(f"Recognition × realization, {row['kind']} references")
        points = plane_points(table, row["kind"])
        plane.show(Plot(points=points, along="CRA", up="VI", fitted=False, named=True, plane=True))
        lines = [Content.assemble((p.key[:1], "bold"), f" {printable(p.label)}") for p in points]
        self.query_one("#plane-legend", Static).update(Content("\n").join([Content(CORNERS).stylize("$quiet"), *lines]))

    @on(RowOpened)
    def _open(self) -> None:
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


def name_of(row: dict[str, Any]) -> str:
    """Model and condition."""
    return f"{row['model_id']} · {row['perturbation']}"
