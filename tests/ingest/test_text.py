"""Cells of other people's files."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import clean_text, parse_count, parse_integer, parse_qid, split_people


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  The Scream \n", "The Scream"),
        ("The\tStarry\r\nNight", "The Starry Night"),
        ("a\x00b\x07c\x1b[31md\x9b", "abc[31md"),
        ("\ufeffMona Lisa", "Mona Lisa"),
        ("half \ud800 pair", "half pair"),
        ("風神雷神図", "風神雷神図"),
        ("می‌خواهم", "می‌خواهم"),
        ("Two  spaces", "Two spaces"),
        ("\x00\x1b", ""),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text(st.characters()))
def test_clean_text_is_clean(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert clean == clean.strip()
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in clean)
    clean.encode()


ADDRESSES = (
    "http://www.wikidata.org/entity/Q42",
    "https://www.wikidata.org/wiki/Q42",
    "HTTP://wikidata.org/entity/q42",
)


@pytest.mark.parametrize(
    ("text", "qid"), [("Q42", "Q42"), ("q42", "Q42"), (" Q42 ", "Q42"), *((address, "Q42") for address in ADDRESSES)]
)
def test_qids(text: str, qid: str) -> None:
    assert parse_qid(text) == qid


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "Q",
        "Q0",
        "Q042",
        "Q4 2",
        "P31",
        "Q4x",
        "Q٤٢",
        "http://x/Q42",
        "http://www.wikidata.org/entity/P31",
        "Q" + "9" * 20,
    ],
)
def test_what_is_no_qid(text: str) -> None:
    with pytest.raises(ValueError, match="QID"):
        parse_qid(text)


def test_numbers() -> None:
    assert parse_integer("156.0", "n") == 156
    assert parse_count("0", "n") == 0
    for text in ("1,234", "1.5", "", "x", "1e5", "--1"):
        with pytest.raises(ValueError, match="is not an integer"):
            parse_integer(text, "n")
    with pytest.raises(ValueError, match="is negative"):
        parse_count("-1", "n")


def test_people() -> None:
    assert split_people("Joel Coen | Ethan Coen;Joel Coen; ") == ("Joel Coen", "Ethan Coen")
    assert split_people("") == ()
