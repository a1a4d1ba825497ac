"""Image files that are no longer what was written, or cannot be written."""

import contextlib
import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.drawing import drawing, encoded, save
from workbench.errors import StoreError
from workbench.imagefiles import ImageFiles
from workbench.store import Store


@pytest.mark.parametrize("kept", [0, 10])
def test_a_truncated_file_is_written_again(
    wb: Callable[..., Any], db: Path, tmp_path: Path, csv_file: Callable[..., Path], kept: int
) -> None:
    content = encoded(drawing(1))
    save(tmp_path / "pictures", "Q1.png", content)
    command = ("ingest", "--from", csv_file("qid,label,kind", "Q1,One,static"), "--images", tmp_path / "pictures")
    assert wb(*command).code == 0
    (stored,) = (path for path in Store.open(db).images.folder.rglob("*") if path.is_file())
    stored.write_bytes(content[:kept])
    assert wb(*command).code == 0
    assert stored.read_bytes() == content


def test_a_whole_file_is_left_alone(tmp_path: Path) -> None:
    files = ImageFiles(tmp_path)
    path = files.path(files.put(b"content", ".png").path)
    before = path.stat()
    files.put(b"content", ".png")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@contextlib.contextmanager
def narrow() -> Iterator[None]:
    """No file may grow beyond 1,000 bytes, as on a disk that is full: not even the one that takes the tests' output."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot write"), narrow():
        ImageFiles(tmp_path / "images").put(b"x" * 5000, ".png")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_killed_writer_has_left_is_swept_once_it_is_old(tmp_path: Path) -> None:
    files = ImageFiles(tmp_path)
    whole = files.path(files.put(b"content", ".png").path)
    old, new = (whole.parent / f".part-{name}" for name in ("old", "new"))
    for part in (old, new):
        part.write_bytes(b"half")
    for file in (old, whole):
        os.utime(file, (0, 0))
    assert files.sweep() == 1
    assert sorted(whole.parent.iterdir()) == sorted([new, whole])
    assert ImageFiles(tmp_path / "absent").sweep() == 0
