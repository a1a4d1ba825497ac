"""A study may be named by a symbolic link: what belongs beside its file lies beside the file, not beside the link."""

from pathlib import Path

import pytest

from tests.store.measured import reference
from tests.store.test_rollback import abort
from workbench.store import Store, Write, rollback


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """A link in a folder of its own to where a study is, or will be."""
    link = tmp_path / "links" / "study.duckdb"
    for folder in (link.parent, tmp_path / "disk"):
        folder.mkdir()
    link.symlink_to(tmp_path / "disk" / "real.duckdb")
    return link


def writes(qid: str) -> list[Write]:
    return reference(qid, images=0)[:1]


def test_pictures_lie_beside_the_file(link: Path) -> None:
    store = Store.create(link)
    stored = store.images.put(b"bytes", ".png")
    store.write(*writes("Q1"))
    real = link.parent.parent / "disk" / "real.duckdb"
    assert Store.open(real).images.folder / stored.path == real.with_suffix(".images") / stored.path
    assert (real.with_suffix(".images") / stored.path).read_bytes() == b"bytes"
    assert [path.name for path in link.parent.iterdir()] == ["study.duckdb"]
    assert Store.open(real).sql("SELECT qid FROM refs")["qid"].to_list() == ["Q1"]


def test_a_killed_checkpoint_is_taken_back_in_the_file_and_leaves_the_link(link: Path) -> None:
    store = Store.create(link)
    store.write(*writes("Q1"))
    abort(store.path, "before_header")
    assert rollback.left_behind(store.path)
    assert Store.open(link).sql("SELECT qid FROM refs ORDER BY qid")["qid"].to_list() == ["Q1", "Q2"]
    assert link.is_symlink()
    assert not rollback.left_behind(store.path)
    assert [path.name for path in link.parent.iterdir()] == ["study.duckdb"]
