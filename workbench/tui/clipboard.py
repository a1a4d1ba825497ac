"""Copying, and saying how."""

import os
import shutil
import subprocess

from textual.app import App

LOCAL = (("WAYLAND_DISPLAY", ("wl-copy",)), ("DISPLAY", ("xclip", "-selection", "clipboard")), ("", ("pbcopy",)))
"""Programs that reach the clipboard of this machine's own screen, and what says that there is one."""


def local_command() -> list[str] | None:
    """The program that copies on this machine; None: there is none, or the person sits at another."""
    if os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"):
        return None
    for variable, command in LOCAL:
        if (not variable or os.environ.get(variable)) and shutil.which(command[0]):
            return list(command)
    return None


def copy(app: App[object], text: str) -> str:
    """Copy text.

    Returns:
        How: by which program, or through the terminal or the browser, which may not allow it.
    """
    app.copy_to_clipboard(text)
    if app.is_web:
        return "through the browser (OSC 52)"
    command, quiet = local_command(), subprocess.DEVNULL  # xclip stays behind and would keep a pipe open
    if command is not None:
        try:
            subprocess.run(command, input=text.encode(), timeout=2, check=True, stdout=quiet, stderr=quiet)
            return f"by {command[0]}"
        except (OSError, subprocess.SubprocessError):
            pass
    return "through the terminal (OSC 52)"
