"""The terminal application: composes the screens and routes what concerns them all."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from workbench.records import Thresholds
from workbench.tui.imagemode import ImageMode
from workbench.tui.screens.help import HelpScreen
from workbench.tui.screens.study import StudyScreen
from workbench.tui.theme import DARK, LIGHT, OWN_VARIABLES


class WorkbenchApp(App[None]):
    """Explore a study in the terminal.

    Args:
        path: of the database file, which may not be there yet.
        mode: how pictures are drawn.
        thresholds: to start with; None: the study's.
    """

    TITLE = "wb"
    CSS_PATH = "workbench.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "toggle_theme", "Dark/light", show=False),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, path: Path, mode: ImageMode, thresholds: Thresholds | None = None) -> None:
        super().__init__()
        self._path = path
        self._mode = mode
        self._thresholds = thresholds or Thresholds()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that Textual's own themes lack."""
        return OWN_VARIABLES

    def get_default_screen(self) -> Screen[None]:
        """The study."""
        return StudyScreen(self._path, self._mode, self._thresholds)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Textual's commands, and the study's where it is on screen."""
        yield from super().get_system_commands(screen)
        if isinstance(screen, StudyScreen):
            yield SystemCommand("Copy SQL", "Copy the SQL of the table", screen.action_copy_sql)
            yield SystemCommand("Sort", "Choose the column to sort by", screen.action_sort)
            yield SystemCommand("Clear filters", "Show all rows", screen.action_clear_filters)
            yield SystemCommand("Refresh", "Read the file again", screen.action_refresh_study)
            yield SystemCommand("Filters", "Open or close the filters", screen.action_toggle_filters)
        yield SystemCommand("Dark/light", "The other theme", self.action_toggle_theme)

    def action_toggle_theme(self) -> None:
        """The other theme."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_help(self) -> None:
        """Keys and measures."""
        self.push_screen(HelpScreen())
