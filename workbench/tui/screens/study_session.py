"""What is kept of the main screen between sessions."""

import contextlib
from dataclasses import replace

from textual.widgets import TabbedContent

from workbench.records import Thresholds
from workbench.tui.filters import Filters
from workbench.tui.screens.study_actions import PANES, StudyActions
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.table_view import TableView


class StudySession(StudyActions):
    """Restores what was on screen the last time, and keeps it for the next."""

    def restored_filters(self, thresholds: Thresholds) -> Filters:
        """The filters of the last time, under the thresholds that were asked for now."""
        kept = self.state.of_study("filters")
        asked = thresholds != Thresholds()
        try:
            found = Filters.of_json(kept) if kept else Filters(thresholds=thresholds)
        except (TypeError, KeyError):
            found = Filters(thresholds=thresholds)
        return replace(found, thresholds=thresholds) if asked else found

    def restore_tabs(self) -> None:
        """Columns and order of the tables, widths of the panes and the tab, as they were the last time."""
        tabs = {tab.topic: n for n, tab in enumerate(self.query(StudyTab))}
        self.query_one(TabbedContent).active = list(tabs)[tabs.get(self.state.of_study("tab"), 0)]
        widths = self.state.of_study("widths", {})
        for pane in self.query(PANES):
            if isinstance(widths, dict) and isinstance(widths.get(pane.id), int):
                self.set_width(pane, widths[pane.id])
        kept = self.state.of_study("tables", {})
        for view in self.query(TableView):
            with contextlib.suppress(TypeError, KeyError, IndexError):  # of another version, or not kept
                view.restore(kept[view.id])

    def keep(self) -> None:
        """Keep what is on screen for the next time."""
        tables = {str(view.id): view.kept() for view in self.query(TableView) if view.id != "sql-view"}
        shown = {"tab": self.tab.topic, "widths": self.widths}
        self.state.put_of_study(filters=self.filters.as_json(), tables=tables, **shown)
