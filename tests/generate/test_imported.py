"""Pictures that other programs made are measured like images of our own."""

from pathlib import Path

import pytest

from tests.fixtures.studies import add_references, drawn
from workbench.store import Store


def test_import_then_score(wb, store: Store, tmp_path: Path) -> None:
    add_references(store, count=2)
    for title, picture in (("picture_1", drawn("Q1 1")), ("picture_2", drawn("something else"))):
        (tmp_path / "made" / title).mkdir(parents=True)
        picture.save(tmp_path / "made" / title / "3.png")
    assert wb("import", tmp_path / "made", "--layout", "slug", "--model", "theirs").code == 0
    assert wb("score", "--device", "cpu").code == 0
    copy, other = store.sql("SELECT s, vr, seed, model_id FROM image_scores() ORDER BY label").rows()
    assert copy == (pytest.approx(1, abs=1e-4), 1.0, 3, "theirs")
    assert other[0] < 0.95
    assert "theirs / title" in wb("status").out
