"""From the command to the running application."""

import contextlib
import os
import sys
from pathlib import Path

from workbench.errors import ConfigError, StoreError, StoreLocked, StoreMissing, WorkbenchError
from workbench.records import Thresholds
from workbench.store import Store
from workbench.tui.reader import LOCK_SECONDS

DRIVER = "TEXTUAL_DRIVER"
"""Names what draws in a terminal's place: the server of ``--web`` does."""


def explore(db: Path, image_mode: str, thresholds: Thresholds | None) -> None:
    """Run the terminal application until the person leaves it.

    A file that is missing or locked is waited for on screen; one that cannot be a study is refused at once.

    Args:
        db: the database file.
        image_mode: one of ``imagemode.MODES``.
        thresholds: to start with; None: those of the last time.

    Raises:
        StoreError: If the file is there, but corrupt, no study's, or too new.
        ConfigError: If there is no terminal.
        WorkbenchError: If the application broke.
    """
    check_file(db)
    if not (DRIVER in os.environ or _has_terminal()):
        raise ConfigError("wb tui needs a terminal", "in a script use wb sql, wb status or wb analyze")
    from workbench.tui.imagemode import find_image_mode
    from workbench.tui.memory import collect_at_rest, give_back_at_once

    give_back_at_once()
    mode = find_image_mode(image_mode)
    from workbench.tui.app import WorkbenchApp
    from workbench.tui.state import state_file

    app = WorkbenchApp(db, mode, thresholds, state_file())
    collect_at_rest()
    app.run()
    with contextlib.suppress(StoreError):  # a writer is at work, or the file is gone: nothing is lost
        Store(db, lock_seconds=LOCK_SECONDS).settle()
    if app.return_code:
        raise WorkbenchError("the terminal application broke", "what it printed above says where; please report it")


def check_file(db: Path) -> None:
    """Refuse what can never become a study.

    Raises:
        StoreError: If the file is there, but corrupt, no study's, or too new.
    """
    try:
        Store.open(db, lock_seconds=LOCK_SECONDS)
    except (StoreMissing, StoreLocked):
        return


def _has_terminal() -> bool:
    return bool(sys.__stdin__ and sys.__stdin__.isatty() and sys.__stdout__ and sys.__stdout__.isatty())
