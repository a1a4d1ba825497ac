"""The tab of SQL: an editor over a table of results; the file is asked read-only."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import polars as pl
import pyarrow as pa
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from workbench.errors import StoreLocked
from workbench.options import printable
from workbench.tui.columns import Column, Sort, anything
from workbench.tui.completion import vocabulary
from workbench.tui.filters import Filters
from workbench.tui.lane import Lane
from workbench.tui.messages import Answer
from workbench.tui.reader import StudyReader
from workbench.tui.screens.menu import Menu
from workbench.tui.state import State
from workbench.tui.widgets.sql_editor import SqlEditor, SqlText
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.table_view import TableView
from workbench.wording import counted

MOST_ROWS = 100_000
"""Rows of a result that are shown: no screen is scrolled further, and memory ends somewhere."""
FIRST = "SELECT label, model_id, n, cra, vr, vi, crt\nFROM ref_scores()\nORDER BY crt DESC\nLIMIT 100"
HINT = "F5 run · F6 explain · F8 analyze · F7 history · ctrl+n complete · esc cancel"
NOTHING = "No rows."
LEAST_LINES = 6
"""Of the editor, and of the rest."""


class SqlView(StudyTab):
    """Asks what is typed.

    Args:
        reader: of the study.
        state: remembers queries.
    """

    topic, title, noun, needs_study, filtered = "sql", "SQL", "results", False, False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+r", "run_query", "Run", key_display="F5"),
        Binding("f6", "explain('')", "Explain", priority=True, key_display="F6"),
        Binding("f8", "explain('ANALYZE ')", "Analyze", priority=True, key_display="F8"),
        Binding("f7", "history", "History", priority=True, key_display="F7"),  # over the editor's own
        Binding("ctrl+up", "earlier(1)", show=False),
        Binding("ctrl+down", "earlier(-1)", show=False),
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("less_than_sign", "resize_editor(-2)", show=False),  # on the results: the editor takes it as text
        Binding("greater_than_sign", "resize_editor(2)", show=False),
    ]

    def __init__(self, reader: StudyReader, state: State) -> None:
        super().__init__(reader)
        self._state = state
        self._lane = Lane(self, "sql")
        self._stop = threading.Event()
        self._back = 0

    def compose(self) -> ComposeResult:
        """Editor, what happened, results."""
        queries = self._state.get("queries", [])
        with Vertical():
            yield SqlEditor(queries[-1] if queries else FIRST)
            yield Static(HINT, id="sql-said", markup=False)
            yield TableView((), (), Sort(column="", descending=False), nothing=NOTHING, id="sql-view")

    @property
    def editor(self) -> SqlEditor:
        """The editor."""
        return self.query_one(SqlEditor)

    def on_show(self) -> None:
        """Learn the words of the study."""
        if not self.editor.words:
            self._lane.ask("schema", partial(self.reader.store.frame, "schema"))

    def open(self, text: str) -> None:
        """Put a query into the editor and ask it."""
        self.editor.text = text
        self.action_run_query()

    def sql(self, filters: Filters) -> str:
        """What is typed."""
        return self.editor.text

    def focus_main(self) -> None:
        """To the editor."""
        self.query_one(SqlText).focus()

    def action_run_query(self) -> None:
        """Ask what is typed."""
        text = self.editor.text.strip()
        if text:
            self._state.remember_query(text)
            self._ask(text)

    def action_explain(self, how: str) -> None:
        """Show how DuckDB goes about what is typed: without asking it, or by asking, with the time of each step."""
        text = self.editor.text.strip().rstrip(";")
        if text:
            self._ask(f"EXPLAIN {how}{text}")

    def action_history(self) -> None:
        """Choose an earlier query."""
        queries = list(reversed(self._state.get("queries", [])))

        def chosen(number: int | None) -> None:
            if number is not None:
                self.editor.text = queries[number]
                self.focus_main()

        lines = [" ".join(query.split())[:200] for query in queries]
        self.app.push_screen(Menu("Earlier queries, newest first", lines), chosen)

    def action_earlier(self, steps: int) -> None:
        """The query before, or after."""
        queries = self._state.get("queries", [])
        self._back = min(max(1, self._back + steps), len(queries)) if queries else 0
        if self._back:
            self.editor.text = queries[-self._back]

    def action_resize_editor(self, lines: int) -> None:
        """Make the editor lower or higher, within reason."""
        height = max(LEAST_LINES, min(self.editor.outer_size.height + lines, self.size.height - LEAST_LINES))
        self.editor.styles.height = self.editor.styles.max_height = height

    def on_unmount(self) -> None:
        """Nothing runs on for nobody."""
        self._stop.set()

    @on(SqlText.Steered)
    def _escape(self, event: SqlText.Steered) -> None:
        event.stop()
        self.action_cancel()

    def action_cancel(self) -> None:
        """End the query that runs; where none does, go to the results, and from there back."""
        if self._lane.busy:
            self._stop.set()
        elif self.query_one(SqlText).has_focus:
            self.view.table.focus()
        else:
            self.focus_main()

    def _ask(self, text: str) -> None:
        self._stop.set()
        self._stop = threading.Event()
        self._say("running …  esc cancels")
        confined = self.app.is_web  # the files beside it are not a browser's to read
        store = self.reader.store
        ask: Callable[[], object] = partial(store.sql, text, most=MOST_ROWS + 1, stop=self._stop, confined=confined)
        self._lane.ask("query", ask)

    @on(Answer)
    def _take(self, answer: Answer) -> None:
        answer.stop()
        if not self._lane.finished(answer):
            return
        if answer.topic == "schema":
            if isinstance(answer.value, pl.DataFrame):
                self.editor.words = vocabulary(list(answer.value.iter_rows()))
        elif isinstance(answer.error, StoreLocked):
            self._say("the file is locked by its writer: run it again", failed=True)
        elif answer.error is not None:
            lines = [answer.error.message, *answer.error.hint.splitlines()]
            self._say("\n".join(map(printable, lines)), failed=True)
        elif isinstance(answer.value, pl.DataFrame):
            self._show_result(answer.value, answer.seconds)

    def _show_result(self, frame: pl.DataFrame, seconds: float) -> None:
        cut = frame.height > MOST_ROWS
        table = plain(frame.head(MOST_ROWS))
        self.view.replace_columns(columns_of(table))
        self.view.show(table)
        rows = f"the first {MOST_ROWS:,} rows" if cut else counted(table.num_rows, "row")
        self._say(f"{rows} in {seconds * 1000:,.0f} ms · e exports, s sorts · {HINT}")
        self.post_message(self.Shown())

    def show(self, answer: Any, filters: Filters) -> None:
        """Nothing comes by itself."""

    def _say(self, text: str, *, failed: bool = False) -> None:
        said = self.query_one("#sql-said", Static)
        said.update(text)
        said.set_class(failed, "reason")


def plain(frame: pl.DataFrame) -> pa.Table:
    """A result as an Arrow table; an explanation line by line."""
    if frame.columns == ["explain_key", "explain_value"]:
        lines = [line for text in frame["explain_value"] for line in str(text).splitlines()]
        frame = pl.DataFrame({"plan": lines})
    return frame.to_arrow()


def columns_of(table: pa.Table) -> list[Column]:
    """Columns as the result has them."""
    return [
        Column(
            name=field.name,
            header=printable(field.name),
            meaning=str(field.type),
            show=str if field.name == "plan" and table.num_columns == 1 else anything,
            right=pa.types.is_integer(field.type)
            or pa.types.is_floating(field.type)
            or pa.types.is_decimal(field.type),
            most=100 if table.num_columns == 1 else 40,
        )
        for field in table.schema
    ]
