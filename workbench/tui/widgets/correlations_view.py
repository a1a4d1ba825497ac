"""The tab of correlations."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.reader import correlations_sql
from workbench.tui.tables import CORRELATIONS
from workbench.tui.widgets.table_view import TableView

NOTHING = "Nothing to correlate: it takes scored images and covariates; x clears the filters."
SORT = Sort(column="covariate", descending=False)
KEY = ("covariate", "method", "measure", "model_id", "settings_id", "perturbation", "kind")
NOTE = (
    "Spearman's ρ of a covariate with a measure over references: the unit is the reference, never the image. "
    "n: references with both values. p is not adjusted for how many there are. A correlation is no cause."
)


class CorrelationsView(Vertical):
    """The table, under a note on what it says and what it does not."""

    def compose(self) -> ComposeResult:
        """Note and table."""
        yield Static(NOTE, id="correlations-note", markup=False)
        yield TableView(CORRELATIONS, KEY, SORT, nothing=NOTHING, id="correlations-view")

    @property
    def view(self) -> TableView:
        """The table with its sorting."""
        return self.query_one(TableView)

    def sql(self, filters: Filters) -> str:
        """The SQL that gives what the table is computed from."""
        return correlations_sql(filters)
