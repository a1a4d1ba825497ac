"""The first real input: 1,514 references and 60 paintings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.records import Reference, ReferenceImage
from workbench.store import Store


def test_real_references_and_paintings(
    wb: Callable[..., Any], db: Path, shared_data: Path, dump: Callable[[], object]
) -> None:
    outcome = wb("ingest", "--from", shared_data / "references.csv", "--images", shared_data / "paintings")
    assert outcome.code == 0, outcome.err
    store = Store.open(db)
    references = {r.qid: r for r in store.rows("all_refs", Reference)}
    assert len(references) == 1514
    assert (references["Q205259"].creation_year, references["Q205259"].creation_date) == (-459, "-0459")
    assert references["Q12418"].image_file == "Mona Lisa, by Leonardo da Vinci, from C2RMF retouched.jpg"
    assert store.sql("SELECT count(*) FROM covariates").item() == 2 * 1514
    assert len(store.rows("ref_images_of", ReferenceImage)) == 43
    assert "skipped 17 QIDs with pictures" in outcome.err

    before = dump()
    wb("ingest", "--from", shared_data / "references.csv", "--images", shared_data / "paintings")
    assert dump() == before

    outcome = wb("ingest", "--images", shared_data / "paintings", "--add-missing")
    assert "references: 17 found, 17 new" in outcome.err
    images = store.rows("ref_images_of", ReferenceImage)
    assert len({i.qid for i in images}) == 60
    assert not any(i.duplicate_of for i in images)
    assert store.sql("SELECT count(*) FROM prompts WHERE perturbation = 'title' AND active").item() == 1531
    before = dump()
    wb("ingest", "--images", shared_data / "paintings", "--add-missing")
    assert dump() == before


def test_the_other_real_files(wb: Callable[..., Any], db: Path, shared_data: Path) -> None:
    assert wb("ingest", "--from", shared_data / "silent_films.csv").code == 0
    outcome = wb("ingest", "--from", shared_data / "modernism.csv")
    assert outcome.code == 4
    assert "modernism.csv:57: year '1894-1895' is neither an integer" in outcome.err
    assert outcome.err.count("modernism.csv:") == 6
    assert "references: 375 found, 375 new" in outcome.err
