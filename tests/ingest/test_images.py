"""Reference images from folders and indexes."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageEnhance

from tests.ingest.conftest import dump_of
from tests.ingest.drawing import drawing, encoded, save
from workbench.records import Reference, ReferenceImage
from workbench.store import Store

QIDS = ("Q1", "Q2", "Q3")


@pytest.fixture
def refs(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    """Three references."""
    assert wb("ingest", "--from", csv_file("qid,label,kind", *(f"{q},Title {q},static" for q in QIDS))).code == 0


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


def _images(db: Path) -> list[ReferenceImage]:
    return Store.open(db).rows("ref_images_of", ReferenceImage)


@pytest.mark.usefixtures("refs")
def test_original_bytes_are_kept(wb: Callable[..., Any], db: Path, pictures: Path) -> None:
    content = encoded(drawing(1), "JPEG", quality=50)
    save(pictures, "Q1.jpeg", content)
    outcome = wb("ingest", "--images", pictures)
    assert outcome.code == 0, outcome.err
    assert "reference images: 1 found, 1 new, 0 changed, 0 unchanged" in outcome.err
    (image,) = _images(db)
    assert Store.open(db).images.path(image.path).read_bytes() == content
    assert image.sha256 == hashlib.sha256(content).hexdigest()
    assert (image.width, image.height, image.rank, image.source_url) == (96, 64, 1, "Q1.jpeg")
    assert image.path.endswith(".jpg")


@pytest.mark.usefixtures("refs")
def test_duplicates(wb: Callable[..., Any], db: Path, pictures: Path) -> None:
    first = drawing(1, (300, 200))
    save(pictures, "Q1.png", encoded(first))
    save(pictures, "Q1_2.png", encoded(first))
    save(pictures, "Q1_3.jpg", encoded(ImageEnhance.Brightness(first).enhance(0.9).resize((150, 100)), "JPEG"))
    save(pictures, "Q1_4.png", encoded(drawing(2, (300, 200))))
    save(pictures, "Q2.png", encoded(first))
    outcome = wb("ingest", "--images", pictures)
    assert outcome.code == 0
    assert "5 found, 1 repeated, 4 new, 0 changed, 0 unchanged, 1 near duplicates" in outcome.err
    one = [i for i in _images(db) if i.qid == "Q1"]
    assert [i.rank for i in one] == [1, 2, 3]
    assert [i.duplicate_of for i in one] == [None, one[0].sha256, None]
    assert [i.duplicate_of for i in _images(db) if i.qid == "Q2"] == [None]


@pytest.mark.usefixtures("refs")
def test_another_distance_marks_anew(wb: Callable[..., Any], db: Path, pictures: Path) -> None:
    for n in range(3):
        save(pictures, f"Q1_{n}.png", encoded(drawing(n)))
    wb("ingest", "--images", pictures)
    assert [i.duplicate_of is None for i in _images(db)] == [True, True, True]
    outcome = wb("ingest", "--images", pictures, "--phash-distance", 64)
    assert "0 new, 2 changed, 1 unchanged, 2 near duplicates" in outcome.err
    assert [i.duplicate_of is None for i in _images(db)] == [True, False, False]
    arguments = Store.open(db).sql("SELECT arguments ->> 'phash_distance' AS d FROM runs ORDER BY started_utc").rows()
    assert arguments == [(None,), ("10",), ("64",)]


BAD = {
    "Q2_1.jpg": (b"<html>429</html>", "HTML, not a picture"),
    "Q2_2.png": (encoded(drawing(5, (400, 300)))[:300], "truncated"),
    "Q2_3.jpg": (b"", "an empty file"),
    "Q2_4.svg": (b"<svg/>", "SVG, not a picture"),
}


@pytest.mark.usefixtures("refs")
def test_unreadable_images_are_named_and_leave_no_file(wb: Callable[..., Any], db: Path, pictures: Path) -> None:
    save(pictures, "Q1.png", encoded(drawing(1)))
    for name, (content, _) in BAD.items():
        save(pictures, name, content)
    outcome = wb("ingest", "--images", pictures)
    assert outcome.code == 4
    for name, (_, reason) in BAD.items():
        assert any(name in line and reason in line for line in outcome.err.splitlines())
    assert "wb: 4 items could not be taken" in outcome.err
    assert [i.qid for i in _images(db)] == ["Q1"]
    assert len([p for p in Store.open(db).images.folder.rglob("*") if p.is_file()]) == 1
    assert Store.open(db).sql("SELECT done, failed FROM runs ORDER BY started_utc").rows()[-1] == (1, 4)


@pytest.mark.usefixtures("refs")
def test_an_index_that_names_a_missing_file(wb: Callable[..., Any], db: Path, pictures: Path) -> None:
    save(pictures, "a.png", encoded(drawing(1)))
    save(pictures, "index.csv", b"qid,file\nQ1,a.png\nQ2,missing.png\nQ3,.\n")
    outcome = wb("ingest", "--images", pictures)
    assert outcome.code == 4
    assert "index.csv:3: missing.png: no such file" in outcome.err
    assert "index.csv:4: .: not a regular file" in outcome.err
    assert [i.qid for i in _images(db)] == ["Q1"]


@pytest.mark.usefixtures("refs")
def test_ranks_of_an_index(wb: Callable[..., Any], db: Path, pictures: Path) -> None:
    for n in range(4):
        save(pictures, f"{n}.png", encoded(drawing(n)))
    index = pictures / "index.csv"
    index.write_text("qid,file,rank,author\nQ1,0.png,,A\nQ1,1.png,2,\nQ1,2.png,1,\nQ1,3.png,,\n")
    wb("ingest", "--images", index)
    assert [(i.source_url, i.rank) for i in _images(db)] == [("2.png", 1), ("1.png", 2), ("0.png", 3), ("3.png", 4)]
    index.write_text("qid,file,rank,licence\nQ1,0.png,1,CC0\nQ1,2.png,7,\n")
    outcome = wb("ingest", "--images", index)
    assert "0 new, 2 changed, 2 unchanged" in outcome.err
    assert [(i.source_url, i.rank) for i in _images(db)] == [("0.png", 1), ("1.png", 2), ("3.png", 4), ("2.png", 7)]
    assert (_images(db)[0].author, _images(db)[0].licence) == ("A", "CC0")


@pytest.mark.usefixtures("refs")
def test_a_lost_file_is_put_back(wb: Callable[..., Any], db: Path, pictures: Path) -> None:
    save(pictures, "Q1.png", encoded(drawing(1)))
    wb("ingest", "--images", pictures)
    path = Store.open(db).images.path(_images(db)[0].path)
    path.unlink()
    wb("ingest", "--images", pictures)
    assert path.is_file()


@pytest.mark.usefixtures("refs")
def test_pictures_of_strangers(wb: Callable[..., Any], db: Path, pictures: Path) -> None:
    save(pictures, "a.png", encoded(drawing(1)))
    save(pictures, "index.csv", "qid,file,label,artist\nQ1,a.png,,\nQ70,a.png,Ü̈nknown,A; B\nQ71,a.png,,\n".encode())
    outcome = wb("ingest", "--images", pictures)
    assert outcome.code == 0
    assert "skipped 2 QIDs with pictures, not references of this study: Q70, Q71" in outcome.err
    assert "hint: --add-missing" in outcome.err
    assert len(_images(db)) == 1
    outcome = wb("ingest", "--images", pictures, "--add-missing", "--kind", "dynamic")
    assert outcome.code == 0
    assert "skipped 1 QIDs with pictures, not references of this study: Q71" in outcome.err
    (added,) = (r for r in Store.open(db).rows("all_refs", Reference) if r.qid == "Q70")
    assert (added.label, added.kind, list(added.creators), added.source) == (
        "Ü̈nknown",
        "dynamic",
        ["A", "B"],
        "index.csv",
    )
    assert Store.open(db).sql("SELECT text FROM prompts WHERE qid = 'Q70'").rows() == [("Ü̈nknown",)]
    assert {i.qid for i in _images(db)} == {"Q1", "Q70"}


@pytest.mark.usefixtures("refs")
def test_add_missing_leaves_what_is_there_alone(wb: Callable[..., Any], db: Path, pictures: Path) -> None:
    save(pictures, "a.png", encoded(drawing(1)))
    save(pictures, "index.csv", b"qid,file,title\nQ1,a.png,Another Title\n")
    before = dump_of(db)
    wb("ingest", "--images", pictures, "--add-missing")
    after = dump_of(db)
    assert (after["refs"], after["prompts"]) == (before["refs"], before["prompts"])


@pytest.mark.usefixtures("refs")
def test_twice_is_once(wb: Callable[..., Any], dump: Callable[[], object], pictures: Path) -> None:
    for n in range(12):
        save(pictures, f"Q{n % 4}_{n}.png", encoded(drawing(n // 2)))
    wb("ingest", "--images", pictures)
    before = dump()
    wb("ingest", "--images", pictures)
    assert dump() == before


def test_references_and_their_images_at_once(
    wb: Callable[..., Any], db: Path, pictures: Path, csv_file: Callable[..., Path]
) -> None:
    save(pictures, "Q1.png", encoded(drawing(1)))
    file = csv_file("qid,label,kind", "Q1,One,static", "Q2,Two,dynamic")
    assert wb("ingest", "--from", file, "--images", pictures).code == 0
    assert [i.qid for i in _images(db)] == ["Q1"]
    assert Store.open(db).sql("SELECT count(*) FROM runs").item() == 1


def test_an_unusable_folder_stops_before_the_references(
    wb: Callable[..., Any], db: Path, pictures: Path, csv_file: Callable[..., Path]
) -> None:
    outcome = wb("ingest", "--from", csv_file("qid,label,kind", "Q1,One,static"), "--images", pictures)
    assert outcome.code == 1
    assert not db.exists()


def test_killed_and_run_again_it_goes_on(tmp_path: Path, csv_file: Callable[..., Path], pictures: Path) -> None:
    refs = csv_file("qid,label,kind", *(f"Q{n},Title {n},static" for n in range(1, 201)))
    for n in range(1, 201):
        save(pictures, f"Q{n}.png", encoded(drawing(n, (240, 160))))
    killed, whole = tmp_path / "killed.duckdb", tmp_path / "whole.duckdb"
    command = [str(Path(sys.executable).parent / "wb"), "ingest", "--from", str(refs), "--images", str(pictures)]
    process = subprocess.Popen([*command, "--db", str(killed)], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        if killed.exists() and len(list(tmp_path.glob("killed.images/*/*"))) > 60:
            process.kill()
            break
        time.sleep(0.005)
    process.wait()
    assert process.returncode < 0, "it was too fast to be killed"
    there = len(_images(killed))
    assert there < 200
    for db in (killed, whole):
        assert subprocess.run([*command, "--db", str(db)], stderr=subprocess.DEVNULL).returncode == 0
    assert [(i.qid, i.sha256, i.rank) for i in _images(killed)] == [(i.qid, i.sha256, i.rank) for i in _images(whole)]
    files = [{p.name for p in tmp_path.glob(f"{name}.images/*/*")} for name in ("killed", "whole")]
    assert files[1] == files[0] - {name for name in files[0] if name.startswith(".part-")}
