"""An editor for SQL that completes words."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from workbench.options import printable
from workbench.tui.completion import Completion, complete, word_before
from workbench.tui.theme import SQL_LIGHT

ROOM = 8
"""Lines of completions."""


class SqlText(TextArea):
    """The text; keys that mean the list of completions while it is open go there."""

    class Steered(Message):
        """A key for the list of completions; an escape goes further where that is closed."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    steering = False
    """The list is open."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "escape" or (self.steering and event.key in ("up", "down", "tab", "enter")):
            event.prevent_default()
            event.stop()
            self.post_message(self.Steered(event.key))
            return
        await super()._on_key(event)


class SqlEditor(Vertical):
    """The text and, under it, what the word at the cursor may become."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+@,ctrl+n", "complete", "Complete", show=False)]

    def __init__(self, text: str = "") -> None:
        super().__init__(id="sql-editor")
        self._first = text
        self.words: Sequence[Completion] = ()
        self._offered: list[Completion] = []

    def compose(self) -> ComposeResult:
        """Text and list."""
        yield SqlText(self._first, language="sql", theme="css", soft_wrap=True, tab_behavior="indent", id="sql-text")
        yield OptionList(id="completions", compact=True)

    def on_mount(self) -> None:
        """Nothing is offered yet."""
        self.query_one(SqlText).register_theme(SQL_LIGHT)
        self.watch(self.app, "theme", self._colour)
        self.query_one("#completions").display = False
        self.query_one(OptionList).can_focus = False

    def _colour(self) -> None:
        self.query_one(SqlText).theme = "css" if self.app.current_theme.dark else SQL_LIGHT.name

    @property
    def text(self) -> str:
        """The query."""
        return self.query_one(SqlText).text

    @text.setter
    def text(self, text: str) -> None:
        area = self.query_one(SqlText)
        area.text = text
        area.move_cursor(area.document.end)
        self._offer([])

    def action_complete(self) -> None:
        """Offer what the word at the cursor may become."""
        area = self.query_one(SqlText)
        row, column = area.cursor_location
        self._offer(complete(area.document.get_line(row)[:column], area.text, self.words))

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        area = event.text_area
        row, column = area.cursor_location
        line = area.document.get_line(row)[:column]
        typed = area.has_focus and (len(word_before(line)) > 1 or line.endswith("."))
        self._offer(complete(line, area.text, self.words) if typed else [])

    def _offer(self, found: list[Completion]) -> None:
        options, area = self.query_one(OptionList), self.query_one(SqlText)
        self._offered = found
        options.display = area.steering = bool(found)
        options.set_options(Option(_line(c)) for c in found)
        options.highlighted = 0 if found else None
        options.styles.height = min(ROOM, len(found))

    @on(SqlText.Steered)
    def _steer(self, event: SqlText.Steered) -> None:
        if not self._offered:
            return
        event.stop()
        options = self.query_one(OptionList)
        if event.key in ("up", "down"):
            (options.action_cursor_up if event.key == "up" else options.action_cursor_down)()
        elif event.key == "escape":
            self._offer([])
        else:
            self._put(options.highlighted or 0)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._put(event.option_index)

    def _put(self, number: int) -> None:
        """Put a word in the place of the one that was begun."""
        area = self.query_one(SqlText)
        row, column = area.cursor_location
        begun = len(word_before(area.document.get_line(row)[:column]).rpartition(".")[2])
        area.replace(self._offered[number].word, (row, column - begun), (row, column))
        self._offer([])
        area.focus()


def _line(entry: Completion) -> Content:
    of = f" of {entry.owner}" if entry.owner else ""
    return Content.assemble(
        (f"{printable(entry.word):<24} ", "bold"),
        (printable(f"{entry.kind}{of}"), "$secondary"),
        ("  ", ""),
        (printable(entry.meaning), "$quiet"),
    )
