"""The command line itself: help, errors, exit codes."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from tests.conftest import Outcome
from workbench.cli import COMMANDS, root

WB = Path(sys.executable).parent / "wb"


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Every command and sub-command, with its full name."""

    def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        if isinstance(command, click.Group):
            with click.Context(command, info_name=name) as context:
                for child in command.list_commands(context):
                    found = command.get_command(context, child)
                    assert found is not None
                    yield from walk(f"{name} {child}", found)

    yield from walk("wb", root)


@pytest.mark.parametrize(
    ("name", "command"), every_command(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_has_help_with_an_example(name: str, command: click.Command) -> None:
    assert command.help
    assert "Example" in command.help
    assert name in command.help
    undescribed = [p.name for p in command.params if isinstance(p, click.Option) and not p.help and p.name != "format_"]
    assert not undescribed, f"{name}: options without help: {undescribed}"


def ranges() -> Iterator[tuple[str, click.ParamType[object]]]:
    """Every option of every command that takes a number within bounds."""
    for name, command in every_command():
        for parameter in command.params:
            if isinstance(parameter.type, click.FloatRange):
                yield f"{name} {parameter.opts[0]}", parameter.type


@pytest.mark.parametrize(("name", "type_"), ranges(), ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_no_number_is_in_no_range(name: str, type_: click.ParamType[object]) -> None:
    for word in ("nan", "-nan", "inf", "-inf"):
        with pytest.raises(click.BadParameter):
            type_.convert(word, None, None)
    assert type_.convert("0.5", None, None) == 0.5


def test_lines_of_the_root_help_are_those_of_the_commands(wb: Callable[..., Outcome]) -> None:
    shown = wb("--help")
    assert shown.code == 0
    for name, (_, line) in COMMANDS.items():
        assert f"{name} " in shown.out
        assert line in shown.out


@pytest.mark.parametrize(
    ("arguments", "complaint", "hint"),
    [
        (["statsu"], "No such command 'statsu'", "wb --help"),
        (["status", "--nope"], "No such option '--nope'", "wb status --help"),
        (["sql"], "Missing argument 'QUERY'", "wb sql --help"),
        (
            ["import", "pictures", "--model", "x"],
            "Missing option '--layout'. Choose from: slug, geneval, csv",
            "wb import --help",
        ),
    ],
)
def test_wrong_use_is_two_lines_and_exit_2(
    wb: Callable[..., Outcome], arguments: list[str], complaint: str, hint: str
) -> None:
    done = wb(*arguments)
    assert (done.code, done.out) == (2, "")
    first, second = done.err.splitlines()
    assert first.startswith(f"wb: {complaint}")
    assert second == f"hint: {hint}"


def test_missing_file_is_two_lines_and_exit_3(wb: Callable[..., Outcome]) -> None:
    done = wb("status")
    assert (done.code, done.out) == (3, "")
    assert [line.split()[0] for line in done.err.splitlines()] == ["wb:", "hint:"]


def test_debug_shows_the_traceback(wb: Callable[..., Outcome]) -> None:
    assert "Traceback" in wb("--debug", "status").err
    assert "Traceback" not in wb("status").err


def test_version_is_the_packages() -> None:
    done = subprocess.run([WB, "--version"], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith("wb, version ")


def test_a_closed_pipe_is_no_error(db: Path) -> None:
    from workbench.store import Store

    Store.create(db)
    many = f"{WB} sql 'SELECT * FROM range(300000)' --db '{db}' --format csv | head -1"
    done = subprocess.run(many, shell=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("range\n", "")


def wait_for_threads(pid: int, more_than: int) -> None:
    """Wait until a process computes: DuckDB has its threads then."""
    for _ in range(600):
        if len(list(Path(f"/proc/{pid}/task").iterdir())) > more_than:
            time.sleep(0.5)
            return
        time.sleep(0.1)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads through /proc")
@pytest.mark.parametrize("name", ["terminate", "interrupt"])
def test_an_interruption_says_so_and_exits_130(db: Path, name: str) -> None:
    import signal

    from workbench.store import Store

    Store.create(db)
    endless = "SELECT count(*) FROM range(10000000) a, range(10000000) b"
    process = subprocess.Popen([WB, "sql", endless, "--db", db], stderr=subprocess.PIPE, text=True)
    try:
        wait_for_threads(process.pid, 4)
        process.send_signal(signal.SIGTERM if name == "terminate" else signal.SIGINT)
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "\nwb: interrupted\n" in err
