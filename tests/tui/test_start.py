"""From the shell: exit codes, a real pseudo-terminal, no torch."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Outcome
from workbench.store import Store

PROGRAM = [sys.executable, "-c", "from workbench.cli import main; main()"]
Wb = Callable[..., Outcome]


def test_without_a_terminal_it_says_so(wb: Wb, study: Store) -> None:
    outcome = wb("tui")
    assert outcome.code == 2
    assert outcome.err.splitlines()[0] == "wb: wb tui needs a terminal"


def test_a_corrupt_file_is_refused_before_it_starts(wb: Wb, db: Path) -> None:
    db.write_bytes(b"no database at all" * 1000)
    outcome = wb("tui")
    assert outcome.code == 3
    assert "is not a readable DuckDB file" in outcome.err
    assert len(outcome.err.splitlines()) == 2


def test_a_file_of_something_else_is_refused(wb: Wb, db: Path) -> None:
    with duckdb.connect(db) as con:
        con.execute("CREATE TABLE mine (i INTEGER)")
    outcome = wb("tui")
    assert outcome.code == 3
    assert "not a study" in outcome.err


def test_a_file_from_the_future_is_refused(wb: Wb, study: Store) -> None:
    with duckdb.connect(study.path) as con:
        con.execute("INSERT INTO _migrations VALUES (999, 'future', now()::TIMESTAMP, '99')")
    outcome = wb("tui")
    assert outcome.code == 3
    assert "schema 999" in outcome.err


class Terminal:
    """``wb tui`` on a pseudo-terminal.

    Args:
        columns: its width; 0: it does not tell.
    """

    def __init__(self, db: Path, mode: str, columns: int) -> None:
        self._master, slave = pty.openpty()
        if columns:
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 480, columns * 8))
        environment = {k: v for k, v in os.environ.items() if k not in ("TMUX", "STY")}
        environment |= {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "30"}
        command = [*PROGRAM, "tui", "--db", str(db), "--image-mode", mode]
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment)
        os.close(slave)
        self.seen = b""

    def read_until(self, text: bytes, seconds: float = 60) -> None:
        """Read until a text comes, or the end."""
        end = time.monotonic() + seconds
        while text not in self.seen and time.monotonic() < end:
            if select.select([self._master], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self._master, 65536)
                except OSError:  # the other side is closed
                    return

    def press(self, key: bytes) -> None:
        os.write(self._master, key)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)


@pytest.mark.parametrize(("mode", "columns"), [("auto", 120), ("none", 120), ("halfcell", 120), ("auto", 0)])
def test_it_runs_in_a_terminal_and_leaves_it_clean(study: Store, mode: str, columns: int) -> None:
    terminal = Terminal(study.path, mode, columns)
    try:
        terminal.read_until(b"Discobolus")
        assert b"Discobolus" in terminal.seen
        terminal.press(b"q")
        terminal.read_until(b"\x00never", seconds=20)
        assert terminal.process.wait(20) == 0
    finally:
        terminal.close()
    assert b"\x1b[?1049l" in terminal.seen  # back from the alternate screen
    assert b"Traceback" not in terminal.seen and b"leaked" not in terminal.seen


def test_it_loads_no_torch(study: Store) -> None:
    program = (
        "import sys; import workbench.commands.tui, workbench.commands.analyze, workbench.tui.app, workbench.tui.start;"
        "print([m for m in ('torch', 'diffusers', 'transformers', 'timm', 'open_clip') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_imports_no_textual() -> None:
    program = "import sys; from workbench.cli import run; run(['tui', '--help']); print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
