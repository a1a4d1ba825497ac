"""Prompts that describe the reference image, by a tiny captioner of the real class."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ingest.literal import leaks, telling_words
from tests.fixtures import captioners
from workbench.records import Reference
from workbench.store import Store

ROWS = (
    "Q1,Village under Stars,static,Jan Blue",
    "Q2,Fargo,dynamic,",
    "Q3,No Picture,static,",
    f"Q4,{' '.join(captioners.WORDS)},static,",
)
LITERAL = "SELECT qid, method, text, changes FROM prompts WHERE perturbation = 'literal' AND active ORDER BY qid"


@pytest.fixture(scope="session")
def blip(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"blip:{captioners.blip(Path(tmp_path_factory.mktemp('captioner')) / 'tiny')}"


@pytest.fixture
def refs(wb: Callable[..., Any], csv_file: Callable[..., Path], tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for n, qid in enumerate(("Q1", "Q2", "Q4")):
        Image.linear_gradient("L").rotate(90 * n).convert("RGB").save(pictures / f"{qid}.png")
    outcome = wb("ingest", "--from", csv_file("qid,label,kind,creator", *ROWS), "--images", pictures)
    assert outcome.code == 0, outcome.err


def reference(label: str, *creators: str) -> Reference:
    return Reference(qid="Q1", label=label, kind="static", creators=creators, source="", run_id="")


@pytest.mark.parametrize(
    ("text", "leaking"),
    [
        ("a painting of a girl with an earring", True),
        ("Girls in a row", True),  # in another number
        ("a woman wearing PEARLS, after VERMÉER", True),
        ("a painting of the man with a blue scarf", False),
        ("", False),
    ],
)
def test_words_of_title_and_creator_give_a_work_away(text: str, leaking: bool) -> None:
    telling = telling_words(reference("The Girl with a Pearl Earring", "Johannes Vermeer"))
    assert telling == {"girl", "pearl", "earring", "johannes", "vermeer"}
    assert leaks(text, telling) is leaking


@pytest.mark.usefixtures("refs")
def test_pictures_are_described_without_naming_them(
    wb: Callable[..., Any], db: Path, blip: str, dump: Callable[[], object]
) -> None:
    command = ("ingest", "prompts", "--perturbation", "literal", "--captioner", blip, "--device", "cpu")
    outcome = wb(*command)
    assert outcome.code == 0, outcome.err
    assert "skipped 1 literal prompts, there is no reference image: Q3" in outcome.err
    assert "skipped 1 references, every caption names the title or a creator: Q4" in outcome.err
    store = Store.open(db)
    found = {row["qid"]: row for row in store.sql(LITERAL).to_dicts()}
    assert set(found) == {"Q1", "Q2"}
    assert not leaks(found["Q1"]["text"], telling_words(reference("Village under Stars", "Jan Blue")))
    changes = {qid: json.loads(row["changes"]) for qid, row in found.items()}
    first = store.sql("SELECT sha256 FROM ref_images WHERE qid = 'Q1'").item()
    assert changes["Q1"]["image"] == first
    assert changes["Q1"]["rejected"] > 0 and changes["Q1"]["seed"] == changes["Q1"]["rejected"] - 1
    assert changes["Q2"] == {"image": changes["Q2"]["image"], "seed": None, "rejected": 0}
    assert found["Q1"]["method"].startswith("blip:tiny#")
    drawn = sum(c["rejected"] + 1 for c in changes.values()) + 11
    assert f"captions: {drawn} drawn, {drawn - 2} rejected" in outcome.err
    before = dump()
    again = wb(*command)
    assert "literal prompts: 0 new, 2 unchanged" in again.err
    assert dump() == before


@pytest.mark.usefixtures("refs")
def test_a_corrected_title_asks_for_another_caption(
    wb: Callable[..., Any], db: Path, blip: str, csv_file: Callable[..., Path]
) -> None:
    command = ("ingest", "prompts", "--perturbation", "literal", "--captioner", blip, "--device", "cpu")
    wb(*command)
    said = Store.open(db).sql(LITERAL).filter(qid="Q2")["text"].item()
    word = next(word for word in said.split() if len(word) > 3)
    wb("ingest", "--from", csv_file("qid,label,kind", f"Q2,The {word},dynamic"))
    wb(*command)
    now = Store.open(db).sql(LITERAL).filter(qid="Q2")["text"].to_list()
    assert now != [said] and all(word not in text for text in now)


@pytest.mark.usefixtures("refs")
def test_a_picture_that_is_gone_stops_no_other(wb: Callable[..., Any], db: Path, blip: str) -> None:
    store = Store.open(db)
    path = store.sql("SELECT path FROM ref_images WHERE qid = 'Q1'").item()
    store.images.path(path).unlink()
    outcome = wb("ingest", "prompts", "--perturbation", "literal", "--captioner", blip, "--draws", "0")
    assert outcome.code == 4
    assert f"Q1 {path}: the file is missing" in outcome.err
    assert store.sql(LITERAL)["qid"].to_list() == ["Q2"]


@pytest.mark.usefixtures("refs")
def test_captions_of_people(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    file = csv_file("qid,text", 'Q1,"houses, at night"', "Q2,snow", name="people.csv")
    outcome = wb("ingest", "prompts", "--perturbation", "literal", "--from-csv", file)
    assert outcome.code == 0, outcome.err
    assert [(q, m, t) for q, m, t, _ in Store.open(db).sql(LITERAL).rows()] == [
        ("Q1", "csv", "houses, at night"),
        ("Q2", "csv", "snow"),
    ]
    assert "no column perturbation" in wb("ingest", "prompts", "--from", file).err


@pytest.mark.usefixtures("refs")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--captioner", "blop"), "did you mean blip"),
        (("--captioner", "blip:no-such-folder/x"), "no-such-folder/x is not in the local cache"),
        (("--captioner", "blip:no-such-folder/x"), "hint: "),
        (("--device", "cuda:99", "--captioner", "blip:x"), "cuda:99"),
    ],
)
def test_what_cannot_be_asked(wb: Callable[..., Any], arguments: tuple[str, ...], message: str) -> None:
    outcome = wb("ingest", "prompts", "--perturbation", "literal", *arguments)
    assert outcome.code in (1, 2)
    assert message in outcome.err and "Traceback" not in outcome.err
