"""Which image of a reference is its first, when several claim to be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.drawing import drawing, encoded, save
from workbench.store import Store

Ingest = Callable[..., Any]


@pytest.fixture
def ingest(wb: Callable[..., Any], csv_file: Callable[..., Path], tmp_path: Path) -> Ingest:
    """Ingests an index of pictures of one static reference: ``file,rank`` each."""
    assert wb("ingest", "--from", csv_file("qid,label,kind", "Q1,One,static")).code == 0
    folder = tmp_path / "pictures"
    for n in range(6):
        save(folder, f"{n}.png", encoded(drawing(n)))

    def rows(*lines: str) -> Any:
        save(folder, "index.csv", "\n".join(("qid,file,rank", *(f"Q1,{line}" for line in lines))).encode())
        return wb("ingest", "--images", folder)

    return rows


def _ranks(db: Path) -> list[tuple[str, int]]:
    return Store.open(db).sql("SELECT source_url, rank FROM ref_images ORDER BY rank, sha256").rows()


def _scored_against(db: Path) -> str:
    query = "SELECT i.source_url FROM reference_sets AS s JOIN ref_images AS i ON list_contains(s.sha256s, i.sha256)"
    return str(Store.open(db).sql(query).item())


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_newest_first_image_is_the_first(ingest: Ingest, db: Path, order: tuple[int, ...]) -> None:
    for n in order:
        ingest(f"{n}.png,1")
        assert _scored_against(db) == f"{n}.png"
    assert _ranks(db) == [(f"{n}.png", rank) for rank, n in enumerate(reversed(order), 1)]


def test_the_others_move_down_in_their_order(ingest: Ingest, db: Path) -> None:
    ingest("0.png,1", "1.png,2", "2.png,5")
    outcome = ingest("3.png,1", "4.png,")
    assert "2 new, 2 changed, 1 unchanged" in outcome.err
    assert _ranks(db) == [("3.png", 1), ("0.png", 2), ("1.png", 3), ("2.png", 5), ("4.png", 6)]


def test_an_image_that_is_there_may_become_the_first(ingest: Ingest, db: Path) -> None:
    ingest("0.png,1", "1.png,2")
    ingest("1.png,1")
    assert _ranks(db) == [("1.png", 1), ("0.png", 2)]
    assert _scored_against(db) == "1.png"


def test_two_of_one_index_stand_in_its_order(ingest: Ingest, db: Path, dump: Callable[[], object]) -> None:
    for order in ((0, 1, 2, 3), (3, 2, 1, 0)):
        ingest(*(f"{n}.png,1" for n in order))
        assert _ranks(db) == [(f"{n}.png", rank) for rank, n in enumerate(order, 1)]
        before = dump()
        ingest(*(f"{n}.png,1" for n in order))
        assert dump() == before
