"""Titles with words replaced by synonyms of WordNet."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.synonyms.inflection import ING, PLURAL, article, bases, with_ing, with_s
from ingest.synonyms.parts import read_title, words_of
from ingest.synonyms.substitution import replaced, substitutes, variants
from ingest.synonyms.wordnet import wordnet
from workbench.store import Store

ROWS = (
    "Q1,The Storm on the Sea of Galilee,static,Rembrandt",
    "Q2,Fantastic Beasts: The Captive of Grindelwald,dynamic,",
    "Q3,Fargo,dynamic,",
    "Q4,Frank's Story,dynamic,Story Frank",
)


def options(title: str, names: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    found = substitutes(title, wordnet(), names)
    return {several[0].original: [s.replacement for s in several] for several in found.values()}


def parts(title: str) -> dict[str, str]:
    return {word.text: word.part for word in read_title(title, wordnet()) if word.base}


def test_nouns_verbs_and_adjectives_have_synonyms_of_their_own_kind() -> None:
    assert parts("The Hidden City") == {"Hidden": "a", "City": "n"}
    assert parts("The Help").get("Help") != "v"
    assert parts("Fear the Walking Dead")["Fear"] == "v"
    assert parts("A Fear of Heights")["Fear"] == "n"
    assert "Mean" not in options("Mean Girls") or "Entail" not in options("Mean Girls")["Mean"]
    assert options("When Will You Marry?") == {"Marry": ["Wed"]}
    assert options("The Birth of a Nation")["Nation"][0] == "Country"


@pytest.mark.parametrize(
    "title",
    [
        "Fargo",
        "King Kong",
        "Captain America",
        "Saving Private Ryan",
        "La Grande Jatte",  # no English
        "Black Widow",  # a phrase of its own
        "Frank",  # an adjective, and a name
        "Doctor Zhivago",
        "China",
        "The Birth of Venus",
        "12",
        "…",
        "",
    ],
)
def test_names_and_fixed_phrases_stay(title: str) -> None:
    assert options(title) == {}


@pytest.mark.parametrize("title", ["Conversion on the Way to Damascus", "Thor: The Dark World", "Cold Case"])
def test_a_word_of_many_meanings_stays(title: str) -> None:
    assert options(title) == {}


@pytest.mark.parametrize("title", ["Battle of Grunwald", "Black Circle", "The Young Pope"])
def test_a_synonym_that_mostly_means_something_else_is_none(title: str) -> None:
    """An engagement is to be married first of all, a band plays, and what is immature is not only young."""
    assert options(title) == {}


def test_words_of_the_creators_are_names() -> None:
    assert "Story" in options("A Story")
    assert options("A Story", frozenset({"story"})) == {}


def test_a_form_is_kept() -> None:
    assert options("Killers of the Flower Moon") == {"Killers": ["Slayers"]}
    assert options("STATUE OF UNITY")["UNITY"][0].isupper()
    assert options("the triumph of death") == {"triumph": ["victory"]}
    assert "Warfares" not in options("Wars of the Roses").get("Wars", [])


@pytest.mark.parametrize(
    ("singular", "plural"),
    [("wolf", "wolves"), ("child", "children"), ("city", "cities"), ("day", "days"), ("box", "boxes")],
)
def test_plurals(singular: str, plural: str) -> None:
    assert with_s(singular) == plural
    assert (singular, PLURAL) in bases(plural)


@pytest.mark.parametrize(
    ("base", "form"),
    [("run", "running"), ("dance", "dancing"), ("lie", "lying"), ("see", "seeing"), ("begin", None), ("open", None)],
)
def test_participles(base: str, form: str | None) -> None:
    assert with_ing(base) == form
    assert form is None or (base, ING) in bases(form)


def test_articles_follow_the_word() -> None:
    found = substitutes("Sonny with a Chance", wordnet())
    assert replaced("Sonny with a Chance", [found[4][0]]) == "Sonny with an Opportunity"
    assert [article("An", word) for word in ("Hour", "Union", "island", "Castle")] == ["An", "A", "An", "A"]
    assert article("the", "hour") == "the"


def test_one_two_and_three_words_are_replaced() -> None:
    title = "Fantastic Beasts and the Captive of the Kingdom"
    found = substitutes(title, wordnet())
    made = variants(title, found, most=3, each=2, seed="0")
    assert [len(m.changes) for m in made] == [1, 1, 2, 2, 3, 3]
    assert len({m.text for m in made}) == 6
    assert made == variants(title, found, most=3, each=2, seed="0")
    assert made != variants(title, found, most=3, each=2, seed="1")
    assert {len(m.changes) for m in variants(title, found, most=1, each=50, seed="0")} == {1}


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = substitutes(text, wordnet())
    for made in variants(text, found, most=3, each=1, seed=""):
        assert made.text != text
        assert len(words_of(made.text)) >= len(made.changes)
    assert replaced(text, []) == text


@pytest.fixture
def refs(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    assert wb("ingest", "--from", csv_file("qid,label,kind,creator", *ROWS)).code == 0


SYNONYMS = "SELECT * FROM prompts WHERE perturbation = 'synonym' AND active ORDER BY qid, variant"


@pytest.mark.usefixtures("refs")
def test_the_command_records_every_word(wb: Callable[..., Any], db: Path, dump: Callable[[], object]) -> None:
    command = ("ingest", "prompts", "--perturbation", "synonym")
    outcome = wb(*command)
    assert outcome.code == 0, outcome.err
    assert "skipped 2 synonym prompts, no word of the title has a synonym that would do: Q3, Q4" in outcome.err
    store = Store.open(db)
    one, *two = store.sql(SYNONYMS).to_dicts()
    assert one["text"] == "The Tempest on the Sea of Galilee"
    assert json.loads(one["changes"]) == {"Storm": "Tempest"}
    assert [len(json.loads(p["changes"])) for p in two] == [1, 2, 3]
    changes = store.sql("FROM prompt_changes WHERE prompt_id = $id", {"id": one["prompt_id"]}).to_dicts()
    assert changes == [
        {
            "prompt_id": one["prompt_id"],
            "position": 2,
            "original": "Storm",
            "replacement": "Tempest",
            "part_of_speech": "noun",
            "synset": changes[0]["synset"],
        }
    ]
    before = dump()
    assert "synonym prompts: 0 new, 4 unchanged" in wb(*command).err
    assert dump() == before


@pytest.mark.usefixtures("refs")
def test_fewer_words_retire_the_others(wb: Callable[..., Any], db: Path) -> None:
    wb("ingest", "prompts", "--perturbation", "synonym")
    outcome = wb("ingest", "prompts", "--perturbation", "synonym", "--substitutions", "1")
    assert "synonym prompts: 0 new, 2 unchanged, 2 retired" in outcome.err
    assert Store.open(db).sql(SYNONYMS).height == 2


@pytest.mark.usefixtures("refs")
def test_a_title_without_synonyms_loses_those_of_the_old_one(
    wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]
) -> None:
    wb("ingest", "prompts", "--perturbation", "synonym")
    wb("ingest", "--from", csv_file("qid,label,kind", "Q1,Galilee,static"))
    outcome = wb("ingest", "prompts", "--perturbation", "synonym")
    assert "1 retired" in outcome.err
    assert set(Store.open(db).sql(SYNONYMS)["qid"]) == {"Q2"}
