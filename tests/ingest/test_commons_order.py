"""The pictures that an item names, in its order, and what becomes of them when it names others."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.commons import commons, jpeg
from tests.ingest.drawing import save
from tests.ingest.oxigraph import PREFIXES, Oxigraph, serving_statements
from tests.ingest.servers import Answer, LocalServer
from workbench.records import ReferenceImage
from workbench.store import Store

FILES: dict[str, bytes | Answer] = {f"{name}.jpg": jpeg(n) for n, name in enumerate("ABCDE")}
Ingest = Callable[..., list[str]]


def item(*pictures: str) -> str:
    """A painting that names pictures: ``A`` of normal, ``A+`` of preferred, ``A-`` of deprecated rank."""
    about = 'wd:Q1 wdt:P31 wd:Q3305213 ; wikibase:sitelinks 50 ; rdfs:label "Work"@en'
    for picture in pictures:
        rank = {"+": "Preferred", "-": "Deprecated"}.get(picture[1:], "Normal")
        file = f"<http://commons.wikimedia.org/wiki/Special:FilePath/{picture[0]}.jpg>"
        about += f" ; p:P18 [ wikibase:rank wikibase:{rank}Rank ; ps:P18 {file} ]"
    return f"{PREFIXES}{about} ."


@pytest.fixture(scope="module")
def statements() -> Iterator[Oxigraph]:
    with serving_statements() as found:
        yield found


@pytest.fixture(scope="module")
def pictures() -> Iterator[LocalServer]:
    with commons(FILES) as server:
        yield server


@pytest.fixture
def ingest(wb: Callable[..., Any], db: Path, statements: Oxigraph, pictures: LocalServer) -> Ingest:
    """Ingests an item with these pictures, and them; gives the names of all that are there, by rank."""

    def run(*named: str, server: LocalServer = pictures) -> list[str]:
        statements.load(item(*named))
        refresh = ["--refresh"] if db.exists() else []
        assert wb("ingest", "references", "--endpoint", statements.url, *refresh).code == 0
        wb("ingest", "images", "--service", server.url)
        return names(db)

    return run


def names(db: Path) -> list[str]:
    """The pictures that are there, in the order of their ranks."""
    images = Store.open(db).rows("ref_images_of", ReferenceImage)
    assert [image.rank for image in images] == list(range(1, len(images) + 1))
    assert all(Store.open(db).images.path(image.path).is_file() for image in images)
    return [
        (image.source_url or "").rpartition("/")[2].removeprefix("File%3A").removesuffix(".jpg") for image in images
    ]


def reference_set(db: Path) -> str:
    return str(Store.open(db).sql("SELECT reference_set FROM reference_sets").item())


def test_all_of_them_by_rank_then_by_name(ingest: Ingest, db: Path, pictures: LocalServer) -> None:
    asked = len(pictures.asked)
    assert ingest("C", "B+", "A-", "D", "E+") == ["B", "E", "C", "D"]
    assert not any(request.path.endswith("A.jpg") for request in pictures.asked[asked:])
    assert Store.open(db).sql("SELECT place FROM downloads ORDER BY place")["place"].to_list() == [1, 2, 3, 4]


def test_when_an_item_names_another_picture_that_one_becomes_the_first(
    ingest: Ingest, db: Path, wb: Callable[..., Any], pictures: LocalServer, dump: Callable[[], object]
) -> None:
    assert ingest("A") == ["A"]
    first = reference_set(db)
    assert ingest("B") == ["B", "A"]
    assert reference_set(db) != first, "what was scored against A is not taken for scored against B"
    asked, before = len(pictures.asked), dump()
    assert wb("ingest", "images", "--service", pictures.url).code == 0
    assert (len(pictures.asked), dump()) == (asked, before)
    assert ingest("A", "B") == ["A", "B"]
    assert reference_set(db) == first, "what was scored against A counts again"
    assert len(pictures.asked) == asked


def test_it_is_told(ingest: Ingest, wb: Callable[..., Any], statements: Oxigraph, pictures: LocalServer) -> None:
    ingest("A")
    statements.load(item("C"))
    wb("ingest", "references", "--endpoint", statements.url, "--refresh")
    assert "first reference images: 1 replaced" in wb("ingest", "images", "--service", pictures.url).err


def test_a_picture_that_cannot_be_had_replaces_none(ingest: Ingest, db: Path) -> None:
    ingest("A")
    with commons({**FILES, "B.jpg": b"<html>"}) as server:
        assert ingest("B", "C", server=server) == ["C", "A"]
    assert ingest("D-") == ["C", "A"], "an item without pictures changes nothing"


@pytest.mark.usefixtures("soon")
def test_one_that_comes_late_takes_its_place(ingest: Ingest) -> None:
    with commons({**FILES, "A.jpg": Answer(status=503)}) as server:
        assert ingest("A", "B", server=server) == ["B"]
    assert ingest("A", "B") == ["A", "B"]


def test_pictures_of_ones_own_keep_their_ranks(
    ingest: Ingest, db: Path, wb: Callable[..., Any], tmp_path: Path
) -> None:
    ingest("A")
    save(tmp_path / "own", "Q1.jpg", jpeg(9))
    save(tmp_path / "own", "Q1_2.jpg", jpeg(10))
    wb("ingest", "images", "--from", tmp_path / "own")
    assert ingest("B") == ["B", "Q1", "Q1_2", "A"]
    index = tmp_path / "own" / "index.csv"
    index.write_text("qid,file,rank\nQ1,Q1.jpg,1\n")
    wb("ingest", "images", "--from", index)
    assert ingest("B") == ["Q1", "B", "Q1_2", "A"], "nothing has changed that the item names"
    assert ingest("C") == ["Q1", "C", "Q1_2", "B", "A"]


def test_an_order_that_a_person_made_stays_until_the_item_names_others(
    ingest: Ingest, db: Path, wb: Callable[..., Any], tmp_path: Path
) -> None:
    assert ingest("A", "B") == ["A", "B"]
    second = Store.open(db).rows("ref_images_of", ReferenceImage)[1]
    save(tmp_path / "own", "b.jpg", Store.open(db).images.path(second.path).read_bytes())
    (tmp_path / "own" / "index.csv").write_text(f"qid,file,rank,source_url\nQ1,b.jpg,1,{second.source_url}\n")
    wb("ingest", "images", "--from", tmp_path / "own")
    assert names(db) == ["B", "A"]
    assert ingest("A", "B") == ["B", "A"]
    assert ingest("A", "B", "C") == ["A", "B", "C"]
