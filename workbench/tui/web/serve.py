"""From the command to the running server."""

import os
import shlex
import sys
from pathlib import Path

from workbench.errors import ConfigError
from workbench.options import say
from workbench.records import Thresholds
from workbench.tui.start import check_file

INSTALL = "pip install 'multimodal-iconicity-workbench[web]'"
DRAWN = {"auto": "halfcell", "halfcell": "halfcell", "none": "none"}
"""What a browser draws."""


def serve(db: Path, image_mode: str, thresholds: Thresholds | None, host: str, port: int) -> None:
    """Serve the terminal application until it is interrupted.

    Args:
        db: the database file.
        image_mode: one of ``imagemode.MODES``.
        thresholds: to start with; None: those of the last time.
        host: to listen on.
        port: to listen on.

    Raises:
        StoreError: If the file is there, but corrupt, no study's, or too new.
        ConfigError: If textual-serve is not installed, a browser cannot draw so, or the port cannot be had.
    """
    check_file(db)
    command = shell_command(db, image_mode, thresholds)
    try:
        from workbench.tui.web.server import WebServer, is_loopback
    except ModuleNotFoundError as error:
        raise ConfigError("textual-serve is not installed", INSTALL) from error
    if not is_loopback(host):
        say(f"warning: whoever reaches {host}:{port} can read the study and label its images: there is no password")
    try:
        WebServer(command, host, port).serve()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error
        raise ConfigError(f"cannot listen on {host}:{port}: {reason}", "--port and --host choose others") from error


def shell_command(db: Path, image_mode: str, thresholds: Thresholds | None) -> str:
    """What a shell runs for each page: nothing in it is taken for more than a word.

    Raises:
        ConfigError: If a browser cannot draw pictures so.
    """
    if image_mode not in DRAWN:
        raise ConfigError(
            f"a browser cannot draw pictures by {image_mode}", "leave --image-mode out: it takes halfcell"
        )
    program = [sys.executable, "-c", "from workbench.cli import main; main()"]
    names = ("tau_static", "tau_dynamic", "tau_reuse") if thresholds else ()
    taus = {name: getattr(thresholds, name) for name in names}
    options = [f"--{name.replace('_', '-')}={value!r}" for name, value in taus.items()]
    return shlex.join([*program, "tui", f"--db={db.absolute()}", f"--image-mode={DRAWN[image_mode]}", *options])
