"""An index names files inside its folder, and nothing else."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.image_sources import find_images
from tests.ingest.drawing import drawing, encoded, save


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of pictures, beside a picture that is none of its own."""
    save(tmp_path, "secret.png", encoded(drawing(9)))
    folder = tmp_path / "pictures"
    save(folder, "sub/a.png", encoded(drawing(1)))
    (folder / "way-out.png").symlink_to(tmp_path / "secret.png")
    (folder / "within.png").symlink_to(folder / "sub" / "a.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    os.mkfifo(folder / "fifo.png")
    return folder


def _index(folder: Path, *files: str) -> Path:
    rows = (f"Q{n},{file}" for n, file in enumerate(files, 1))
    return save(folder, "index.csv", "\n".join(("qid,file", *rows)).encode())


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("../secret.png", "outside the folder of the index"),
        ("sub/../../secret.png", "outside the folder of the index"),
        ("{}/secret.png", "outside the folder of the index"),
        ("way-out.png", "outside the folder of the index"),
        ("fifo.png", "not a regular file"),
        ("sub", "not a regular file"),
        (".", "not a regular file"),
        ("missing.png", "no such file"),
        ("sub/a.png/b.png", "no such file"),
        ("loop.png", "cannot be read"),
        ("long" * 200 + ".png", "cannot be read"),
    ],
)
def test_what_an_index_may_not_name(folder: Path, file: str, reason: str) -> None:
    source = find_images(_index(folder, file.format(folder.parent), "sub/a.png"))
    assert [e.qid for e in source.entries] == ["Q2"]
    (problem,) = source.problems
    assert problem.where == "index.csv:2"
    assert reason in problem.reason
    assert file.format(folder.parent)[:40] in problem.reason


def test_what_it_may_name(folder: Path) -> None:
    files = ("sub/a.png", "sub/../sub/a.png", "within.png", f"{folder}/sub/a.png")
    source = find_images(_index(folder, *files))
    assert not source.problems
    assert [e.file.resolve() for e in source.entries] == [folder / "sub" / "a.png"] * len(files)


def test_the_folder_itself_may_be_reached_by_a_link(folder: Path, tmp_path: Path) -> None:
    _index(folder, "sub/a.png")
    (tmp_path / "link").symlink_to(folder)
    assert not find_images(tmp_path / "link").problems


def test_the_command_names_them_and_ends_in_four(
    wb: Callable[..., Any], folder: Path, csv_file: Callable[..., Path]
) -> None:
    wb("ingest", "--from", csv_file("qid,label,kind", "Q1,One,static", "Q2,Two,static"))
    outcome = wb("ingest", "--images", _index(folder, "../secret.png", "sub/a.png"))
    assert outcome.code == 4
    assert "index.csv:2: ../secret.png lies outside the folder of the index" in outcome.err
    assert "reference images: 1 found, 1 new" in outcome.err


def test_a_photographer_is_no_creator(tmp_path: Path) -> None:
    save(tmp_path, "a.png", encoded(drawing(1)))
    rows = "qid,file,title,artist,author\nQ1,a.png,One,,A Photographer\nQ2,a.png,Two,An Artist,A Photographer\n"
    one, two = find_images(save(tmp_path, "index.csv", rows.encode())).entries
    assert (list(one.creators), one.author) == ([], "A Photographer")
    assert (list(two.creators), two.author) == (["An Artist"], "A Photographer")
