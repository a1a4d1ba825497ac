"""Which pictures a folder or an index offers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.image_sources import find_images
from workbench.errors import IngestError


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_names_in_a_folder(tmp_path: Path) -> None:
    _touch(tmp_path, "Q2_10.jpg", "Q2_2.png", "Q2.jpg", "q1-1.JPG", "Q3/b.webp", "Q3/a 10.jpg", "Q3/a 9.jpg", "Q4.heic")
    _touch(tmp_path, "Q5.txt", ".Q6.jpg", "readme.md", "Q3/licence.txt", "other/Q7.jpg", "Mona Lisa.jpg", "Q8x.png")
    source = find_images(tmp_path)
    assert [(e.qid, e.file.name) for e in source.entries] == [
        ("Q1", "q1-1.JPG"),
        ("Q2", "Q2.jpg"),
        ("Q2", "Q2_2.png"),
        ("Q2", "Q2_10.jpg"),
        ("Q3", "a 9.jpg"),
        ("Q3", "a 10.jpg"),
        ("Q3", "b.webp"),
        ("Q4", "Q4.heic"),
    ]
    assert [path.name for path in source.nameless] == ["Mona Lisa.jpg", "Q7.jpg", "Q8x.png"]


def test_an_index(tmp_path: Path, csv_file: Callable[..., Path]) -> None:
    header = "qid,file,rank,title,artist,source_url,licence"
    row = "q1,a/b  c.jpg,2,The Title,Some|Body,https://x.org/1,CC0"
    bad = ("Q2,,1,,,,", "x,a.jpg,,,,,", "Q3,a.jpg,first,,,,", "Q3,a.jpg,0,,,,")
    _touch(tmp_path, "a/b  c.jpg", "a.jpg", "d.jpg")
    path = csv_file(header, row, "Q1,d.jpg,,,,,", *bad, name="index.csv")
    for source in (find_images(path), find_images(tmp_path)):
        first, second = source.entries
        assert first.file == tmp_path / "a" / "b  c.jpg"
        assert (first.qid, first.rank, first.title, list(first.creators)) == ("Q1", 2, "The Title", ["Some", "Body"])
        assert (first.source_url, first.author, first.licence) == ("https://x.org/1", "Some|Body", "CC0")
        assert (second.rank, second.title, second.author) == (None, None, None)
        assert [p.where for p in source.problems] == [f"index.csv:{n}" for n in (4, 5, 6, 7)]


@pytest.mark.parametrize("names", [(), ("Q1.txt",)])
def test_a_folder_without_a_qid(tmp_path: Path, names: tuple[str, ...]) -> None:
    _touch(tmp_path, *names)
    with pytest.raises(IngestError, match="no pictures with a QID") as caught:
        find_images(tmp_path)
    assert "Q123.jpg" in caught.value.hint


def test_what_is_no_source(tmp_path: Path, csv_file: Callable[..., Path]) -> None:
    _touch(tmp_path, "Q1.jpg")
    with pytest.raises(IngestError, match="neither a folder nor a CSV file"):
        find_images(tmp_path / "Q1.jpg")
    with pytest.raises(IngestError, match="no file"):
        find_images(tmp_path / "none")
    with pytest.raises(IngestError, match="no column qid") as caught:
        find_images(csv_file("id,file", "Q1,Q1.jpg"))
    assert "did you mean 'id'" in caught.value.hint
