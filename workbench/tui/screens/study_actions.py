"""What a person does on the main screen, key by key."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

import pyarrow.compute as pc
from textual import on
from textual.binding import Binding, BindingType
from textual.layouts.vertical import VerticalLayout
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import ContentSwitcher, TabbedContent

from workbench.tui.clipboard import copy
from workbench.tui.export import EXPORTS, file_name, give_screen, give_table
from workbench.tui.filters import Filters
from workbench.tui.imagemode import ImageMode
from workbench.tui.messages import ReferenceWanted, SqlOpened
from workbench.tui.past import Past
from workbench.tui.reader import StudyReader
from workbench.tui.screens.annotate import AnnotateScreen
from workbench.tui.screens.menu import Menu
from workbench.tui.screens.prompt import Prompt
from workbench.tui.state import State
from workbench.tui.widgets.detail_pane import DetailPane
from workbench.tui.widgets.filter_panel import FilterPanel
from workbench.tui.widgets.references_view import ReferencesView
from workbench.tui.widgets.sql_view import SqlView
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.table_view import TableView

ON_TABS = (
    *("turn", "sort", "copy_sql", "open_sql", "toggle_filters", "search", "clear_filters", "focus_table", "annotate"),
    *("export", "save_view", "choose_view", "past", "resize", "tab", "thresholds"),
)
"""Actions that make no sense beside the guide."""
FILTERING = ("toggle_filters", "search", "clear_filters", "thresholds", "past", "save_view", "choose_view")
"""Those of tabs that filters say something of."""
PANES = "DetailPane, #correlations-right, #models-right, #run-detail"
"""Beside the tables."""
LEAST_PANE, LEAST_TABLE = 24, 40
"""Cells."""


class StudyActions(Screen[None]):
    """The actions of the study's screen, which says what they act on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "toggle_filters", "Filters"),
        Binding("slash", "search", "Search", key_display="/"),
        Binding("s", "sort", "Sort"),
        Binding("a", "annotate", "Label"),
        Binding("n", "turn(1)", "Images", key_display="n p"),
        Binding("p", "turn(-1)", show=False),
        *[Binding(str(n + 1), f"tab({n})", show=False) for n in range(6)],
        Binding("x", "clear_filters", "Clear", show=False),
        Binding("y", "copy_sql", "SQL"),
        Binding("Y", "open_sql", show=False),
        Binding("e", "export", "Export", show=False),
        Binding("w", "save_view", show=False),
        Binding("v", "choose_view", "Views", show=False),
        Binding("left_square_bracket", "past(-1)", show=False),
        Binding("right_square_bracket", "past(1)", show=False),
        Binding("less_than_sign", "resize(-4)", show=False),
        Binding("greater_than_sign", "resize(4)", show=False),
        Binding("tab", "app.focus_next", show=False),
        Binding("escape", "focus_table", show=False),
        Binding("r", "refresh_study", "Refresh", show=False),
    ]

    reader: StudyReader
    state: State
    mode: ImageMode
    filters: Filters
    past: Past
    widths: dict[str, int]
    """Of the panes that the person made wider or narrower."""
    _panel_follows_width: bool

    @property
    def references(self) -> ReferencesView:
        """The tab of references."""
        return self.query_one(ReferencesView)

    @property
    def tab(self) -> StudyTab:
        """The tab that is shown."""
        return self.query_one(f"#{self.query_one(TabbedContent).active or 'references'}-tab", StudyTab)

    @property
    def view(self) -> TableView:
        """The table of the tab that is shown."""
        return self.tab.view

    def action_refresh_study(self) -> None:
        """Read the file again."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only offer what can be done."""
        if not self.is_mounted or action not in ON_TABS:
            return True
        on_tabs = self.query_one(ContentSwitcher).current == "tabs"
        shown = action != "turn" or any(pane.is_on_screen for pane in self.tab.query(DetailPane))
        return on_tabs and shown and (self.tab.filtered or action not in FILTERING)

    # Filters.

    def offer_filters(self) -> None:
        """Only where they say something of what is shown."""
        shown = self.query_one(ContentSwitcher).current == "tabs" and self.tab.filtered
        self.query_one(FilterPanel).set_class(not shown, "-unwanted")

    def action_toggle_filters(self) -> None:
        """Open or close the filters."""
        if not self.has_class("-filters"):
            self.action_search()
            return
        self._panel_follows_width = False
        self.remove_class("-filters")
        self.tab.focus_main()

    def action_focus_table(self) -> None:
        """Go back to the table; filters that lie over it are closed."""
        if not self.has_class("-wide"):
            self.remove_class("-filters")
        self.tab.focus_main()

    def action_search(self) -> None:
        """Go to the search input."""
        self._panel_follows_width = False
        self.add_class("-filters")
        self.query_one(FilterPanel).search()

    def action_thresholds(self) -> None:
        """Go to the sliders."""
        self.action_search()
        self.query_one(FilterPanel).slide()

    def action_clear_filters(self) -> None:
        """Show all rows."""
        self.query_one(FilterPanel).clear()

    def action_past(self, steps: int) -> None:
        """Go back or forward through what was filtered."""
        filters = self.past.go(steps)
        if filters is None:
            self.notify("no earlier filters" if steps < 0 else "no later filters")
        else:
            self.query_one(FilterPanel).take(filters)

    def action_save_view(self) -> None:
        """Keep the filters under a name."""

        def named(name: str | None) -> None:
            if name and name.strip():
                instead = ", in the place of the earlier one" if name.strip() in self.state.views else ""
                self.state.put_view(name.strip(), self.filters.as_json())
                self.notify(f"saved as “{name.strip()}”{instead}: v opens it", markup=False)

        self.app.push_screen(Prompt("Save these filters and thresholds as"), named)

    def action_choose_view(self) -> None:
        """Take filters that were saved."""
        views = self.state.views
        names = sorted(views)
        if not names:
            self.notify("no view is saved yet: w saves the filters under a name")
            return

        def chosen(number: int | None) -> None:
            if number is None:
                return
            try:
                self.query_one(FilterPanel).take(Filters.of_json(views[names[number]]))
            except (TypeError, KeyError):
                self.notify("this view is of another version: w saves it anew", severity="warning")

        def delete(number: int) -> None:
            self.state.put_view(names.pop(number), None)

        self.app.push_screen(Menu("Saved views  (d: delete)", names, delete), chosen)

    # Tabs and panes.

    def action_sort(self) -> None:
        """Choose the column to sort by."""
        self.view.choose_sort()

    def action_tab(self, number: int) -> None:
        """Show a tab."""
        tabs = list(self.query(StudyTab))
        self.query_one(TabbedContent).active = tabs[number].topic
        self.call_after_refresh(tabs[number].focus_main)

    def action_turn(self, pages: int) -> None:
        """Turn the pages of generated images."""
        for pane in self.tab.query(DetailPane):
            pane.action_turn(pages)

    def action_resize(self, cells: int) -> None:
        """Make the pane beside the table wider or narrower."""
        for pane in self.tab.query(PANES):
            if pane.is_on_screen and not _below(pane):
                self.widths[str(pane.id)] = self._within(pane.outer_size.width + cells)
        self.fit_panes()

    def _within(self, width: int) -> int:
        """Of a pane, so that its table has room beside it."""
        return max(LEAST_PANE, min(width, self.size.width - LEAST_TABLE))

    def fit_panes(self) -> None:
        """Give the panes the widths that the person gave them; those that lie below their table are as wide as that."""
        for pane in self.query(PANES):
            asked = None if _below(pane) else self.widths.get(str(pane.id))
            width = None if asked is None else self._within(asked)
            pane.styles.width = pane.styles.min_width = pane.styles.max_width = width

    def action_annotate(self) -> None:
        """Label images of the rows that pass."""
        annotator = self.state.get("annotator", "")

        def named(name: str | None) -> None:
            if name and name.strip():
                self.state.put("annotator", name.strip())
                self.app.push_screen(AnnotateScreen(self.reader, self.mode, self.filters, name.strip()), self._labelled)

        self.app.push_screen(Prompt("Who labels? Several people may, each with a name", annotator), named)

    def _labelled(self, written: int | None) -> None:
        if written:
            self.action_refresh_study()

    def go_to(self, wanted: ReferenceWanted) -> None:
        """Put the cursor on a reference in its table."""
        self.action_tab(0)
        table = self.references.view.table.table
        if table is None:
            return
        asked = {"qid": wanted.qid, "model_id": wanted.model_id, "perturbation": wanted.perturbation}
        right = [pc.equal(table[name], value) for name, value in asked.items() if value is not None]
        at = pc.index(functools.reduce(pc.and_, right), True).as_py()
        if at >= 0:
            self.references.view.table.move_cursor(row=at)

    # What leaves the screen.

    def sql(self) -> str:
        """The SQL that gives what is shown."""
        return self.tab.sql(self.filters)

    def action_copy_sql(self) -> None:
        """Copy the SQL that gives the table."""
        how = copy(self.app, self.sql())
        self.notify(f'SQL of the table copied {how}. Run it with:  wb sql "…", or open it here:  Y', markup=False)

    def action_open_sql(self) -> None:
        """Go on by hand from the SQL that gives the table."""
        self.open_sql(SqlOpened(self.sql()))

    @on(SqlOpened)
    def open_sql(self, event: SqlOpened) -> None:
        """Put a query into the SQL tab and ask it."""
        sql = self.query_one(SqlView)
        self.action_tab(list(self.query(StudyTab)).index(sql))
        sql.open(event.text)

    def action_export(self) -> None:
        """Write what is on screen to a file."""

        def chosen(number: int | None) -> None:
            if number is not None:
                self._export(list(EXPORTS)[number])

        self.app.push_screen(Menu("Export what is on screen", list(EXPORTS.values())), chosen)

    def _export(self, format_: str) -> None:
        if format_ == "svg":
            self.notify(give_screen(self.app, self.tab.topic), markup=False)
            return
        table = self.view.table.table
        if table is None or not table.num_rows:
            self.notify("there are no rows to export", severity="warning")
            return
        name = file_name(self.tab.topic, format_)
        self.run_worker(_writing(self, table, format_, name), thread=True, exit_on_error=False)


def _below(pane: Widget) -> bool:
    """A narrow terminal has a pane below its table."""
    return isinstance(pane.parent, Widget) and isinstance(pane.parent.layout, VerticalLayout)


def _writing(screen: Screen[Any], table: Any, format_: str, name: str) -> Callable[[], None]:
    def write() -> None:
        message = give_table(screen.app, table, format_, name)
        screen.app.call_from_thread(screen.notify, message, markup=False)

    return write
