"""The terminal application: composes the screens and routes what concerns them all."""

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from workbench.records import Thresholds
from workbench.tui.imagemode import ImageMode
from workbench.tui.memory import tidy
from workbench.tui.screens.help import HelpScreen
from workbench.tui.screens.study import StudyScreen
from workbench.tui.state import State
from workbench.tui.theme import DARK, LIGHT, OWN_VARIABLES
from workbench.tui.widgets.grouped_tab import GroupedTab
from workbench.tui.widgets.study_tab import StudyTab
from workbench.tui.widgets.switched_tab import SwitchedTab

REST_SECONDS = 3.0
"""Without a key or a move of the mouse, before the person is said to rest."""


class WorkbenchApp(App[None]):
    """Explore a study in the terminal.

    Args:
        path: of the database file, which may not be there yet.
        mode: how pictures are drawn.
        thresholds: to start with; None: those of the last time, or the study's.
        state: file that keeps what is on screen for the next time; None: it is forgotten.
    """

    TITLE = "wb"
    CSS_PATH = "workbench.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "toggle_theme", "Dark/light", show=False),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("f1", "help", "Help", key_display="F1"),  # where text is typed
        Binding("q", "quit", "Quit"),
    ]

    def __init__(
        self, path: Path, mode: ImageMode, thresholds: Thresholds | None = None, state: Path | None = None
    ) -> None:
        super().__init__()
        self._path = path
        self._touched = time.monotonic()
        self.state = State(state, path)
        self._mode = mode
        self._thresholds = thresholds
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = (
            self.state.get("theme", DARK.name) if self.state.get("theme") in (DARK.name, LIGHT.name) else DARK.name
        )

    def on_mount(self) -> None:
        """Look for garbage whenever the person rests."""
        self.set_interval(REST_SECONDS, self._tidy)

    async def on_event(self, event: events.Event) -> None:
        """Note when the person last did something."""
        if isinstance(event, events.InputEvent):
            self.touch()
        await super().on_event(event)

    def touch(self) -> None:
        """The person does something."""
        self._touched = time.monotonic()

    def _tidy(self) -> None:
        if time.monotonic() - self._touched > REST_SECONDS:
            tidy()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that Textual's own themes lack."""
        return OWN_VARIABLES

    def get_default_screen(self) -> Screen[None]:
        """The study."""
        return StudyScreen(self._path, self._mode, self._thresholds, self.state)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Textual's commands, and the study's where it is on screen."""
        yield from super().get_system_commands(screen)
        if isinstance(screen, StudyScreen):
            yield from _of_study(screen)
        elif not screen.is_modal:
            yield from _of_keys(screen)
        yield SystemCommand("Dark/light", "The other theme", self.action_toggle_theme)

    def action_toggle_theme(self) -> None:
        """The other theme."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name
        self.state.put("theme", self.theme)

    def action_help(self) -> None:
        """Keys of what is on screen, and measures."""
        self.push_screen(HelpScreen(self.screen))

    async def action_quit(self) -> None:
        """Leave, and keep what is on screen for the next time."""
        study = self.screen_stack[0]
        if isinstance(study, StudyScreen):
            study.keep()
        await super().action_quit()


def _of_keys(screen: Screen[object]) -> Iterable[SystemCommand]:
    """What the keys of a screen do, as its footer calls it."""
    for active in screen.active_bindings.values():
        binding = active.binding
        if active.node is screen and binding.description:
            key = binding.key_display or binding.key
            yield SystemCommand(binding.description, f"Key {key}", partial(screen.run_action, binding.action))


def _of_study(screen: StudyScreen) -> Iterable[SystemCommand]:
    """What can be done on the main screen, for those who look it up."""
    for number, tab in enumerate(screen.query(StudyTab)):
        yield SystemCommand(f"{tab.title} tab", f"Key {number + 1}", partial(screen.action_tab, number))
    for name, what, action in (
        ("Copy SQL", "Copy the SQL of what is on screen", screen.action_copy_sql),
        ("Open in SQL", "Go on by hand from the SQL of what is on screen", screen.action_open_sql),
        ("Export", "Write what is on screen to a file", screen.action_export),
        ("Label images", "Judge images by keys alone", screen.action_annotate),
        ("Sort", "Choose the column to sort by", screen.action_sort),
        ("Columns", "Choose the columns of the table", screen.view.action_choose_columns),
        ("Jump", "Go to a row by its number, or a part of its first column", screen.view.action_jump),
        ("Thresholds", "Move the thresholds", screen.action_thresholds),
        ("Clear filters", "Show all rows", screen.action_clear_filters),
        ("Save view", "Keep filters and thresholds under a name", screen.action_save_view),
        ("Saved views", "Take filters that were saved", screen.action_choose_view),
        ("Back", "The filters before", partial(screen.action_past, -1)),
        ("Forward", "The filters after", partial(screen.action_past, 1)),
        ("Refresh", "Read the file again", screen.action_refresh_study),
        ("Filters", "Open or close the filters", screen.action_toggle_filters),
    ):
        yield SystemCommand(name, what, action)
    match screen.tab:
        case GroupedTab() as tab:
            yield SystemCommand("Group", "Keep rows together by model, by perturbation, or not", tab.action_group)
        case SwitchedTab() as tab:
            yield SystemCommand("Next table", "Of the tables of this tab, the next one", tab.action_turn_table)
