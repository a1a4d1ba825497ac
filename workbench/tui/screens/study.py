"""The main screen: filters, tables, detail, status; it owns what is asked and routes what comes back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Footer, Static, TabbedContent, TabPane

from workbench.errors import StoreError, StoreLocked, WorkbenchError
from workbench.options import printable
from workbench.records import Thresholds
from workbench.tui import guidance
from workbench.tui.filewatch import FileWatch
from workbench.tui.filters import Filters
from workbench.tui.imagemode import ImageMode
from workbench.tui.lane import Lane
from workbench.tui.messages import Answer, FilterRefused, FiltersChanged
from workbench.tui.reader import Study, StudyReader
from workbench.tui.widgets.correlations_view import CorrelationsView
from workbench.tui.widgets.filter_panel import FilterPanel
from workbench.tui.widgets.guide import Guide
from workbench.tui.widgets.references_view import ReferencesView
from workbench.tui.widgets.status_bar import StatusBar
from workbench.tui.widgets.table_view import TableView

POLL_SECONDS = 2.0
ON_TABS = ("turn", "sort", "copy_sql", "toggle_filters", "search", "clear_filters", "focus_table")
"""Actions that make no sense beside the guide."""
WIDE = 150
"""From this width on the filters are open by default."""


class StudyScreen(Screen[None]):
    """Explore one study.

    Args:
        path: of the database file.
        mode: how pictures are drawn.
        thresholds: to start with.
    """

    AUTO_FOCUS = ""
    # Textual declares it as an instance variable.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-medium"), (WIDE, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "toggle_filters", "Filters"),
        Binding("slash", "search", "Search", key_display="/"),
        Binding("s", "sort", "Sort"),
        Binding("n", "turn(1)", "Images", key_display="n p"),
        Binding("p", "turn(-1)", show=False),
        Binding("1", "tab('references')", show=False),
        Binding("2", "tab('correlations')", show=False),
        Binding("x", "clear_filters", "Clear", show=False),
        Binding("y", "copy_sql", "Copy SQL"),
        Binding("escape", "focus_table", show=False),
        Binding("r", "refresh_study", "Refresh", show=False),
    ]

    def __init__(self, path: Path, mode: ImageMode, thresholds: Thresholds) -> None:
        super().__init__()
        self.reader = StudyReader(path)
        self.filters = Filters(thresholds=thresholds)
        self._mode = mode
        self._lane = Lane(self, "study")
        self._watch = FileWatch(self.reader.path)
        self._stale = {"references", "correlations"}
        self._panel_follows_width = True

    def compose(self) -> ComposeResult:
        """Filters, tabs, status."""
        self.add_class("-guide")
        with Horizontal(id="body"):
            yield FilterPanel(self.filters, id="filters")
            with ContentSwitcher(initial="guide", id="content"):
                yield Guide(id="guide")
                with TabbedContent(id="tabs"):
                    with TabPane("References", id="references"):
                        yield ReferencesView(self.reader, self._mode, id="references-tab")
                    with TabPane("Correlations", id="correlations"):
                        yield CorrelationsView(id="correlations-tab")
        yield Static(id="banner", markup=False)
        yield StatusBar()
        yield Footer()

    def on_mount(self) -> None:
        """Look at the file, now and whenever it changes."""
        self.query_one("#banner").display = False
        self._say(file=printable(self.reader.path.name))
        self.action_refresh_study()
        self.set_interval(POLL_SECONDS, self._poll)

    def on_resize(self, event: events.Resize) -> None:
        """Open the filters where there is room, until the person decides."""
        if self._panel_follows_width:
            self.set_class(event.size.width >= WIDE, "-filters")
        self.call_after_refresh(self.query_one(ReferencesView).show_detail)
        self.call_after_refresh(self.refresh_bindings)

    # What is asked.

    def action_refresh_study(self) -> None:
        """Read the file again: the rows first, then what is known besides."""
        self._watch.reading()
        self._ask_table()
        self._lane.ask("study", self.reader.study)

    def _poll(self) -> None:
        """Look whether the file has changed, without opening it."""
        look = self._watch.look()
        self._say(activity=look.activity)
        if look.changed and not self._lane.busy:
            self.action_refresh_study()

    def _ask_table(self) -> None:
        """Ask for the rows of the tab that is shown; the other is out of date from now on."""
        self._stale = {"references", "correlations"}
        for topic in self._stale:
            self._lane.drop(topic)  # what is under way was asked for other filters or another state of the file
        self._ask_if_stale()

    def _ask_if_stale(self) -> None:
        topic = self.query_one(TabbedContent).active
        if topic in self._stale:
            ask = self.reader.references if topic == "references" else self.reader.correlations
            self._lane.ask(topic, partial(ask, self.filters))

    # What comes back.

    @on(Answer)
    def _take(self, answer: Answer) -> None:
        if not self._lane.finished(answer):
            return
        if answer.error is not None:
            self._fail(answer.error)
            return
        self._watch.done()
        self._say(error="")
        show: dict[str, Callable[[Any], None]] = {
            "study": self._show_study,
            "references": self._show_references,
            "correlations": self._show_correlations,
        }
        show[answer.topic](answer.value)
        if answer.topic != "study":
            self._stale.discard(answer.topic)
            self._say(seconds=answer.seconds)

    def _fail(self, error: WorkbenchError) -> None:
        if isinstance(error, StoreLocked):
            self._watch.locked()
            self._say(activity=self._watch.look().activity)
        elif isinstance(error, StoreError):
            self._guide(guidance.unusable(error, self.reader.path))
        else:
            self._say(error=error.message)

    def _show_study(self, study: Study) -> None:
        if not study.next.refs:
            self._guide(guidance.without_references(self.reader.path))
            return
        self._show_tabs()
        self.query_one(FilterPanel).show_facets(study.facets)
        self._banner(guidance.next_step(study.next, self.reader.path))
        facts = study.facts
        self._watch.last_run(study.last_run)
        self._say(total=facts.rows, encoder=facts.encoder_id, patch_encoder=facts.patch_encoder_id)

    def _show_references(self, table: Any) -> None:
        if table.num_rows:
            self._show_tabs()
        references = self.query_one(ReferencesView)
        references.thresholds = self.filters.thresholds
        references.view.show(table)
        self._say(shown=table.num_rows, filters=self.filters.active, thresholds=self.filters.thresholds)

    def _show_correlations(self, table: Any) -> None:
        self.query_one(CorrelationsView).view.show(table)
        self._say(filters=self.filters.active, thresholds=self.filters.thresholds)

    def _show_tabs(self) -> None:
        if self._switch("tabs"):
            self.view.table.focus()

    def _guide(self, what: guidance.Guidance) -> None:
        self.query_one(Guide).show(what)
        self._switch("guide")
        self._banner("")
        self._say(shown=None)

    def _switch(self, content: str) -> bool:
        """Show the tabs, or the guide alone; tells whether that is new."""
        switcher = self.query_one(ContentSwitcher)
        new = switcher.current != content
        switcher.current = content
        self.set_class(content == "guide", "-guide")
        self.refresh_bindings()
        return new

    def _banner(self, text: str) -> None:
        banner = self.query_one("#banner", Static)
        banner.update(text)
        banner.display = bool(text)

    def _say(self, **changes: Any) -> None:
        self.query_one(StatusBar).update(**changes)

    # What the person does.

    @on(FiltersChanged)
    def _filter(self, event: FiltersChanged) -> None:
        self.filters = event.filters
        self._ask_table()

    @on(FilterRefused)
    def _refuse(self, event: FilterRefused) -> None:
        self._say(refused=event.problem)

    @on(TabbedContent.TabActivated)
    def _activate(self) -> None:
        self.refresh_bindings()
        if self.query_one(ContentSwitcher).current == "tabs":
            self._ask_if_stale()

    @property
    def view(self) -> TableView:
        """The table of the tab that is shown."""
        return self._tab.view

    @property
    def _tab(self) -> ReferencesView | CorrelationsView:
        if self.query_one(TabbedContent).active == "references":
            return self.query_one(ReferencesView)
        return self.query_one(CorrelationsView)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only offer what can be done."""
        if not self.is_mounted or action not in ON_TABS:
            return True
        on_tabs = self.query_one(ContentSwitcher).current == "tabs"
        return on_tabs and (action != "turn" or self.query_one(ReferencesView).shows_detail)

    def action_toggle_filters(self) -> None:
        """Open or close the filters."""
        if not self.has_class("-filters"):
            self.action_search()
            return
        self._panel_follows_width = False
        self.remove_class("-filters")
        self.view.table.focus()

    def action_focus_table(self) -> None:
        """Go back to the table; filters that lie over it are closed."""
        if self.size.width < WIDE:
            self.remove_class("-filters")
        self.view.table.focus()

    def action_search(self) -> None:
        """Go to the search input."""
        self._panel_follows_width = False
        self.add_class("-filters")
        self.query_one(FilterPanel).search()

    def action_clear_filters(self) -> None:
        """Show all rows."""
        self.query_one(FilterPanel).clear()

    def action_sort(self) -> None:
        """Choose the column to sort by."""
        self.view.choose_sort()

    def action_tab(self, name: str) -> None:
        """Show a tab."""
        self.query_one(TabbedContent).active = name
        self.view.table.focus()

    def action_turn(self, pages: int) -> None:
        """Turn the pages of generated images."""
        self.query_one(ReferencesView).turn(pages)

    def action_copy_sql(self) -> None:
        """Copy the SQL that gives the table."""
        self.app.copy_to_clipboard(self.sql())
        self.notify('SQL of the table copied through the terminal (OSC 52). Run it with:  wb sql "…"', markup=False)

    def sql(self) -> str:
        """The SQL that gives the table that is shown."""
        return self._tab.sql(self.filters)
