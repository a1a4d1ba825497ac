"""What the command palette offers: what can be done on a screen now, for those who look it up."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.screen import Screen
from textual.widget import Widget

from workbench.tui.screens.study import StudyScreen
from workbench.tui.widgets.grouped_tab import GroupedTab
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.switched_tab import SwitchedTab

STUDY = (
    ("Copy SQL", "Copy the SQL of what is on screen", "copy_sql"),
    ("Open in SQL", "Go on by hand from the SQL of what is on screen", "open_sql"),
    ("Export", "Write what is on screen to a file", "export"),
    ("Label images", "Judge images by keys alone", "annotate"),
    ("Sort", "Choose the column to sort by", "sort"),
    ("Thresholds", "Move the thresholds", "thresholds"),
    ("Clear filters", "Show all rows", "clear_filters"),
    ("Save view", "Keep filters and thresholds under a name", "save_view"),
    ("Saved views", "Take filters that were saved", "choose_view"),
    ("Back", "The filters before", "past(-1)"),
    ("Forward", "The filters after", "past(1)"),
    ("Refresh", "Read the file again", "refresh_study"),
    ("Filters", "Open or close the filters", "toggle_filters"),
)
"""Of the main screen: name, meaning, action."""
TABLE = (
    ("Columns", "Choose the columns of the table", "choose_columns"),
    ("Jump", "Go to a row by its number, or a part of its first column", "jump"),
)
"""Of the table that is shown."""


def commands_of(screen: Screen[Any]) -> Iterable[SystemCommand]:
    """What a screen can do now; a dialogue has nothing but its own keys."""
    if isinstance(screen, StudyScreen):
        return _of_study(screen)
    return () if screen.is_modal else _of_keys(screen)


def _of_study(screen: StudyScreen) -> Iterator[SystemCommand]:
    offered = [row for row in STUDY if screen.check_action(row[2].partition("(")[0], ())]
    yield from (_command(screen, *row) for row in offered)
    if not screen.check_action("tab", ()):
        return
    for number, tab in enumerate(screen.query(StudyTab)):
        yield _command(screen, f"{tab.title} tab", f"Key {number + 1}", f"tab({number})")
    yield from (_command(screen.view, *row) for row in TABLE)
    match screen.tab:
        case GroupedTab() as tab:
            yield _command(tab, "Group", "Keep rows together by model, by perturbation, or not", "group")
        case SwitchedTab() as tab:
            yield _command(tab, "Next table", "Of the tables of this tab, the next one", "turn_table")


def _of_keys(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """What the keys of a screen do, once each, as its footer calls it."""
    found = [active.binding for active in screen.active_bindings.values() if active.node is screen]
    for action, binding in {b.action: b for b in reversed(found) if b.description}.items():
        yield _command(screen, binding.description, f"Key {binding.key_display or binding.key}", action)


def _command(node: Widget, name: str, what: str, action: str) -> SystemCommand:
    return SystemCommand(name, what, partial(node.run_action, action))
