"""A tab with several tables, of which one is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from textual.widgets import ContentSwitcher

from workbench.tui.columns import Column, Sort
from workbench.tui.filters import Filters
from workbench.tui.reader import StudyReader
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.table_view import TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One of the tables."""

    name: str
    noun: str
    """What it has rows of."""
    columns: Sequence[Column]
    key: Sequence[str]
    """Columns that name a row."""
    sort: Sort
    """To begin with."""
    nothing: str
    """Where it has no row."""
    note: str
    """What it says, and what it does not."""
    hidden: Sequence[str] = ()
    """Columns that are not shown at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer, and the table that it is of."""

    variant: Variant
    value: object


class SwitchedTab(StudyTab):
    """Its sub-classes bind a key to ``turn_table``.

    Args:
        reader: of the study.
    """

    variants: ClassVar[Sequence[Variant]]

    def __init__(self, reader: StudyReader) -> None:
        super().__init__(reader)
        self.variant = self.variants[0]
        self.noun = self.variant.noun

    def tables(self) -> ContentSwitcher:
        """All of them, the first one shown."""
        views = [
            TableView(v.columns, v.key, v.sort, nothing=v.nothing, id=f"{v.name}-view", hidden=v.hidden)
            for v in self.variants
        ]
        return ContentSwitcher(*views, initial=f"{self.variant.name}-view", id=f"{self.topic}-tables")

    def question(self, filters: Filters) -> Callable[[], object]:
        """What the table that is shown asks."""
        return partial(_named, self.variant, self.ask(filters))

    def show(self, answer: Any, filters: Filters) -> None:
        """Show an answer; one to the question of another table came too late."""
        if answer.variant is self.variant:
            self.show_table(answer.value, filters)

    def ask(self, filters: Filters) -> Callable[[], object]:
        """What to ask in a worker thread."""
        raise NotImplementedError

    def show_table(self, answer: Any, filters: Filters) -> None:
        """Show what was asked."""
        raise NotImplementedError

    @property
    def view(self) -> TableView:
        """The one that is shown."""
        return self.query_one(f"#{self.variant.name}-view", TableView)

    def action_turn_table(self) -> None:
        """Show the next one, and ask for what is in it."""
        focused = self.view.table.has_focus
        at = self.variants.index(self.variant)
        self.variant = self.variants[(at + 1) % len(self.variants)]
        self.noun = self.variant.noun
        self.query_one(f"#{self.topic}-tables", ContentSwitcher).current = f"{self.variant.name}-view"
        if focused:
            self.view.table.focus()
        self.post_message(self.AskWanted())


def _named(variant: Variant, ask: Callable[[], object]) -> Answered:
    return Answered(variant=variant, value=ask())
