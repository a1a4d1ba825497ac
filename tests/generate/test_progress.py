"""Progress in a log: a line now and then, the end, and the first failures by name."""

import pytest

from generate.progress import LISTED, Progress


def test_a_log_gets_a_line_now_and_then_and_one_at_the_end(capsys: pytest.CaptureFixture[str]):
    with Progress("images", 4, line_seconds=0) as progress:
        for _ in range(3):
            progress.advance()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("1 of 4 images, ")
    assert lines[0].endswith(" left")
    assert "/s" in lines[0]


def test_a_minute_passes_between_lines(capsys: pytest.CaptureFixture[str]):
    with Progress("images", 500) as progress:
        for _ in range(500):
            progress.advance()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("500 of 500 images, ")


def test_the_first_failures_are_named_and_the_rest_counted(capsys: pytest.CaptureFixture[str]):
    with Progress("images", 99) as progress:
        for k in range(LISTED + 5):
            progress.complain(f"image {k}", "bad\x1b[31m luck")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "failed: image 0: bad [31m luck"
    assert sum(line.startswith("failed: ") for line in lines) == LISTED
    assert lines[-1] == "… and 5 more failures"


def test_a_gauge_is_read_for_every_line(capsys: pytest.CaptureFixture[str]):
    readings = iter(["1 GB", "2 GB", "3 GB"])
    with Progress("images", 9, line_seconds=0, gauge=lambda: next(readings)) as progress:
        progress.advance(3)
        progress.advance(3)
    assert [line.split(", ")[2] for line in capsys.readouterr().err.splitlines()] == ["1 GB", "2 GB", "3 GB"]


def test_on_a_terminal_a_bar_says_the_same(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "150")
    with Progress("images", 8, gauge=lambda: "31.2 of 80.0 GB on the GPU") as progress:
        progress.complain("image 1", "bad luck")
        progress.advance(2)
    said = capfd.readouterr().err
    assert "failed: image 1: bad luck" in said
    for part in ("2/8", "/s, 1 failed, 31.2 of 80.0 GB on the GPU"):
        assert part in said, said
