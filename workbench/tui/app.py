"""The terminal application: composes the screens and routes what concerns them all."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from workbench.records import Thresholds
from workbench.tui.imagemode import ImageMode
from workbench.tui.memory import tidy
from workbench.tui.palette import commands_of
from workbench.tui.screens.help import HelpScreen
from workbench.tui.screens.study import StudyScreen
from workbench.tui.state import State
from workbench.tui.theme import DARK, LIGHT, OWN_VARIABLES

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
        yield from commands_of(screen)
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
