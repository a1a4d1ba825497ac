"""What is kept of the main screen between sessions."""

import contextlib
import copy
from dataclasses import replace

from textual.widgets import TabbedContent

from workbench.records import Thresholds
from workbench.tui.filters import Filters
from workbench.tui.screens.study_actions import StudyActions
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.table_view import TableView


class StudySession(StudyActions):
    """Restores what was on screen the last time, and keeps it for the next."""

    def restored_filters(self, thresholds: Thresholds | None) -> Filters:
        """The filters of the last time, under the thresholds that are asked for now; None: those of the last time."""
        kept = self.state.of_study("filters")
        try:
            found = Filters.of_json(kept) if kept else Filters()
        except (TypeError, KeyError):
            found = Filters()
        return found if thresholds is None else replace(found, thresholds=thresholds)

    def restore_tabs(self) -> None:
        """Columns and order of the tables, widths of the panes and the tab, as they were the last time."""
        tabs = {tab.topic: n for n, tab in enumerate(self.query(StudyTab))}
        self.query_one(TabbedContent).active = list(tabs)[tabs.get(self.state.of_study("tab"), 0)]
        widths = self.state.of_study("widths", {})
        self.widths = {k: v for k, v in widths.items() if isinstance(v, int)} if isinstance(widths, dict) else {}
        kept = self.state.of_study("tables", {})
        for view in self.query(TableView):
            with contextlib.suppress(TypeError, KeyError, IndexError):  # of another version, or not kept
                view.restore(kept[view.id])

    def keep(self) -> None:
        """Keep what is on screen for the next time, if it is not kept yet: a terminal may be closed at any moment."""
        tables = {str(view.id): view.kept() for view in self.query(TableView) if view.id != "sql-view"}
        shown = {"filters": self.filters.as_json(), "tables": tables, "tab": self.tab.topic, "widths": self.widths}
        if any(self.state.of_study(name) != value for name, value in shown.items()):
            self.state.put_of_study(**copy.deepcopy(shown))
