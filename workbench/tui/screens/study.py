"""The main screen: filters, tabs, status; it owns what is asked and routes what comes back."""

from functools import partial
from pathlib import Path
from typing import Any, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import ContentSwitcher, Footer, Static, TabbedContent, TabPane

from workbench.errors import StoreError, StoreLocked, WorkbenchError
from workbench.options import printable
from workbench.records import Thresholds
from workbench.store.thresholds import calibrate_thresholds
from workbench.tui import guidance
from workbench.tui.filewatch import FileWatch
from workbench.tui.imagemode import ImageMode
from workbench.tui.lane import Lane
from workbench.tui.messages import Answer, FilterRefused, FiltersChanged, ReferenceWanted
from workbench.tui.past import Past
from workbench.tui.reader import Study, StudyReader
from workbench.tui.screens.study_session import StudySession
from workbench.tui.slow import GROUP, SlowAnswers
from workbench.tui.state import State
from workbench.tui.widgets.correlations_view import CorrelationsView
from workbench.tui.widgets.filter_panel import FilterPanel
from workbench.tui.widgets.guide import Guide
from workbench.tui.widgets.images_view import ImagesView
from workbench.tui.widgets.models_view import ModelsView
from workbench.tui.widgets.references_view import ReferencesView
from workbench.tui.widgets.runs_view import RunsView
from workbench.tui.widgets.sql_view import SqlView
from workbench.tui.widgets.status_bar import StatusBar
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.table_view import TableView

POLL_SECONDS = 2.0
READING_SHARE = 10
"""A file that took a second to read is left alone for so many seconds: its writer wants it too."""
LONG_SECONDS = 0.5
WIDE = 150
"""From this width on the filters are open by default."""


class StudyScreen(StudySession):
    """Explore one study.

    Args:
        path: of the database file.
        mode: how pictures are drawn.
        thresholds: to start with; None: those of the last time.
        state: what was on screen the last time.
    """

    AUTO_FOCUS = ""
    # Textual declares it as an instance variable.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-medium"), (WIDE, "-wide")]  # noqa: RUF012

    def __init__(self, path: Path, mode: ImageMode, thresholds: Thresholds | None, state: State) -> None:
        super().__init__()
        self.reader = StudyReader(path, thresholds)
        self.state = state
        self.mode = mode
        self.filters = self.restored_filters(thresholds)
        self.past = Past(self.filters)
        self.widths = {}
        self._lane = Lane(self, "study")
        self._loading = Lane(self, "loading")
        self._slow = SlowAnswers(self)
        self._watch = FileWatch(self.reader.path)
        self._rest = 0.0
        self._stale: set[str] = set()
        self._panel_follows_width = True

    def compose(self) -> ComposeResult:
        """Filters, tabs, status."""
        reader, mode = self.reader, self.mode
        tabs = (ReferencesView(reader, mode), ImagesView(reader, mode), CorrelationsView(reader), ModelsView(reader))
        with Horizontal(id="body"):
            yield FilterPanel(self.filters, id="filters", classes="-unwanted")
            with ContentSwitcher(initial="guide", id="content"):
                yield Guide(id="guide")
                with TabbedContent(id="tabs"):
                    for n, tab in enumerate((*tabs, RunsView(reader), SqlView(reader, self.state)), 1):
                        with TabPane(f"{n} {tab.title}", id=tab.topic):
                            yield tab
        yield Static(id="banner", markup=False)
        yield StatusBar()
        yield Footer()

    def on_mount(self) -> None:
        """Look at the file, now and whenever it changes."""
        self.query_one("#banner").display = False
        self._say(file=printable(self.reader.path.name), activity="reading")
        self.restore_tabs()
        self.call_after_refresh(self.action_refresh_study)  # the screen first, then what is on it
        self.set_interval(POLL_SECONDS, self._poll)

    def on_unmount(self) -> None:
        """Give the memory back."""
        self._slow.drop()
        self.reader.close()

    def on_resize(self, event: events.Resize) -> None:
        """Open the filters where there is room, until the person decides."""
        if self._panel_follows_width:
            self.set_class(event.size.width >= WIDE, "-filters")
        self.call_after_refresh(self.query_one(ReferencesView).show_detail)
        self.call_after_refresh(self.query_one(ImagesView).show_detail)
        self.call_after_refresh(self.fit_panes)
        self.call_after_refresh(self.refresh_bindings)

    # What is asked.

    def action_refresh_study(self) -> None:
        """Read the file again: the scores first, then what is known besides."""
        self._watch.reading()
        self._loading.ask("load", self.reader.load)

    def _poll(self) -> None:
        """Look whether the file has changed, without opening it."""
        self.keep()
        look = self._watch.look()
        self._rest -= POLL_SECONDS
        if not self._loading.busy:
            self._say(activity=look.activity or ("computing" if self._lane.busy or self._slow.busy else ""))
            if look.changed and self._rest <= 0:
                self.action_refresh_study()

    def ask_tabs(self) -> None:
        """Ask for the tab that is shown; the others are out of date from now on."""
        self._stale = {tab.topic for tab in self.query(StudyTab) if tab.needs_study}
        for topic in self._stale:
            self._lane.drop(topic)  # what is under way was asked for other filters or another state of the file
        self._slow.drop()
        self.ask_if_stale()

    def ask_if_stale(self) -> None:
        """Ask for the tab that is shown, if what it shows is out of date."""
        if self.tab.topic in self._stale:
            self._lane.ask(self.tab.topic, self.tab.question(self.filters))
            self.set_timer(LONG_SECONDS, self._say_computing)

    def _say_computing(self) -> None:
        """What takes long says so: until then the old numbers stand there."""
        if self._lane.busy:
            self._say(activity="computing")

    @on(TableView.SortWanted)
    @on(StudyTab.AskWanted)
    def _ask_anew(self) -> None:
        if self.tab.needs_study:
            self._stale.add(self.tab.topic)
            self._slow.drop(self.tab.topic)
            self.ask_if_stale()

    @on(FilterPanel.CalibrationWanted)
    def _calibrate(self) -> None:
        self._lane.ask("calibration", partial(calibrate_thresholds, self.reader.store, self.filters.thresholds))

    # What comes back.

    @on(Answer)
    def _take(self, answer: Answer) -> None:
        if answer.topic.startswith(GROUP):
            self._take_slow(answer)
            return
        lane = self._loading if answer.topic in ("load", "study") else self._lane
        if not lane.finished(answer):
            return
        if answer.error is not None:
            self._fail(answer.error)
            return
        self._say(error="")
        if answer.topic == "load":
            self._watch.done()
            self._rest = answer.seconds * READING_SHARE
            self._say(activity=self._watch.look().activity)
            self.ask_tabs()
            self._loading.ask("study", self.reader.study)
        elif answer.topic == "study":
            self._show_study(answer.value)
        elif answer.topic == "calibration":
            self.query_one(FilterPanel).set_thresholds(cast(Thresholds, answer.value))
        else:
            self._stale.discard(answer.topic)
            self._show_tab(answer.topic, answer.value, answer.seconds)

    def _take_slow(self, answer: Answer) -> None:
        topic = self._slow.finished(answer)
        self._slow.resume(self.tab.topic)
        if topic is None:
            return
        if answer.error is not None:
            self._fail(answer.error)
        else:
            self.query_one(f"#{topic}-tab", StudyTab).show_slow(answer.value)
            self._say(activity=self._watch.look().activity)

    def _fail(self, error: WorkbenchError) -> None:
        if isinstance(error, StoreLocked):
            self._watch.locked()
            self._say(activity=self._watch.look().activity)
        elif isinstance(error, StoreError):
            self._guide(guidance.unusable(error, self.reader.path))
        else:
            self._say(error=f"{error.message}: {error.hint}" if error.hint else error.message)

    def _show_study(self, study: Any) -> None:
        assert isinstance(study, Study)
        if not study.next.refs:
            self._guide(guidance.without_references(self.reader.path))
            return
        self._show_tabs()
        panel = self.query_one(FilterPanel)
        panel.offer(study.unfiltered)
        panel.show_facets(study.facets)
        if self.references.view.table.table is not None:
            panel.draw(self.references.view.table.table)
        self._banner(guidance.next_step(study.next, self.reader.path))
        self._watch.last_run(study.last_run)
        total = study.unfiltered.num_rows
        self._say(total=total, encoder=study.encoder_id, patch_encoder=study.patch_encoder_id)

    def _show_tab(self, topic: str, answer: Any, seconds: float) -> None:
        tab = self.query_one(f"#{topic}-tab", StudyTab)
        tab.show(answer, self.filters)
        table = tab.view.table.table
        rows = table.num_rows if table is not None else 0
        if topic == "references":
            if rows:
                self._show_tabs()
            self.query_one(FilterPanel).draw(answer)
        slow = tab.slow_question(self.filters) if rows else None
        if slow is not None:
            self._slow.want(topic, slow)
        self._say(seconds=seconds, activity=self._watch.look().activity)
        self._say_tab()

    @on(StudyTab.Shown)
    def _say_tab(self) -> None:
        """What the tab shows, and under which filters."""
        table = self.tab.view.table.table
        shown = table.num_rows if table is not None else None
        asked = {"filters": self.filters.active, "thresholds": self.filters.thresholds, "filtered": self.tab.filtered}
        self._say(shown=shown, noun=self.tab.noun, **asked)

    def _show_tabs(self) -> None:
        if self._switch("tabs"):
            self.tab.focus_main()

    def _guide(self, what: guidance.Guidance) -> None:
        self.query_one(Guide).show(what)
        self._switch("guide")
        self._banner("")
        self._say(shown=None, activity="")

    def _switch(self, content: str) -> bool:
        """Show the tabs, or the guide alone; tells whether that is new."""
        switcher = self.query_one(ContentSwitcher)
        new = switcher.current != content
        if new:
            switcher.current = content
            self.offer_filters()
            self.refresh_bindings()  # which makes the footer anew
        return new

    def _banner(self, text: str) -> None:
        banner = self.query_one("#banner", Static)
        banner.update(text)
        banner.display = bool(text)

    def _say(self, **changes: Any) -> None:
        self.query_one(StatusBar).update(**changes)

    # What the person does with the filters; the rest is in StudyActions.

    @on(FiltersChanged)
    def _filter(self, event: FiltersChanged) -> None:
        self.filters = event.filters
        self.past.add(event.filters)
        self.ask_tabs()

    @on(FilterRefused)
    def _refuse(self, event: FilterRefused) -> None:
        self._say(refused=event.problem)

    @on(TabbedContent.TabActivated)
    def _activate(self) -> None:
        self.offer_filters()
        self.refresh_bindings()
        if self.query_one(ContentSwitcher).current == "tabs":
            self._say_tab()
            self.ask_if_stale()
            self._slow.resume(self.tab.topic)

    @on(ReferenceWanted)
    def _show_reference(self, event: ReferenceWanted) -> None:
        self.go_to(event)
