"""The tables that ship are sound, and the lot of repetition counts is fair."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from generate.mini.frequency import Candidate, correlation, counts, draw_lot
from generate.mini.pictures import all_pictures
from generate.mini.references import FREQUENCY, all_references, write_reference_images
from generate.mini.vocabulary import caption_words, words
from generate.mini.words import ALTERNATIVES, COLOURS, NUMBERS
from workbench.seed import seed_data

LITTLE = words("a ad an and above de dr i ii in of off on s the to viii with")
"""Words that every title may share with a caption."""


def rows(name: str) -> list[dict[str, str]]:
    with seed_data(f"mini/{name}").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REFERENCES = rows("references.csv")
PROMPTS = rows("prompts.csv")
TITLES = {row["qid"]: row["label"] for row in REFERENCES}


def candidates() -> list[Candidate]:
    return [
        Candidate(
            qid=row["qid"],
            dynamic=row["kind"] == "dynamic",
            popularity=float(row["sitelinks"]) if row["sitelinks"] else None,
            year=float(row["year"]),
            complexity=float(np.mean([len(p.paths) for p in all_pictures()[row["qid"]]])),
        )
        for row in REFERENCES
    ]


def test_every_reference_has_a_qid_a_label_and_pictures() -> None:
    assert len(TITLES) == len(REFERENCES) == 48
    assert len(set(TITLES.values())) == 48
    assert all(re.fullmatch(r"Q[1-9]\d*", qid) for qid in TITLES)
    assert list(TITLES) == list(all_pictures())
    for row in REFERENCES:
        assert (row["kind"] == "dynamic") == (len(all_pictures()[row["qid"]]) > 1)
        assert -3000 < int(row["year"]) <= 2026
        assert not row["sitelinks"] or int(row["sitelinks"]) > 0


def test_a_third_was_never_trained_and_the_rest_1_to_256_times() -> None:
    repetitions = sorted(int(row[FREQUENCY]) for row in REFERENCES)
    assert repetitions == list(counts(48))
    assert repetitions[:16] == [0] * 16
    assert repetitions[16] == 1
    assert repetitions[-1] == 256


def test_the_counts_are_those_of_the_lot() -> None:
    assert draw_lot(candidates()) == {row["qid"]: int(row[FREQUENCY]) for row in REFERENCES}


def test_the_counts_have_nothing_to_do_with_popularity_year_or_complexity() -> None:
    lot = [float(row[FREQUENCY]) for row in REFERENCES]
    everyone = candidates()
    for column in ([c.popularity for c in everyone], [c.year for c in everyone], [c.complexity for c in everyone]):
        assert abs(correlation(lot, column)) <= 0.1


def test_facts_are_those_of_the_sources(shared_data: Path) -> None:
    sources: dict[str, list[dict[str, str]]] = {}
    for name in ("references.csv", "modernism.csv", "silent_films.csv"):
        with (shared_data / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                sources.setdefault(row["qid"], []).append(row)
    known = [row for row in REFERENCES if row["qid"] in sources]
    assert len(known) >= 40
    for row in known:
        assert row["year"] in {source["year"] for source in sources[row["qid"]]}
        assert row["sitelinks"] in {source["sitelinks"] for source in sources[row["qid"]]}


def test_every_reference_has_one_synonym_and_one_literal_prompt() -> None:
    assert len(PROMPTS) == 96
    for perturbation in ("synonym", "literal"):
        assert {row["qid"] for row in PROMPTS if row["perturbation"] == perturbation} == set(TITLES)


@pytest.mark.parametrize(
    "row", [row for row in PROMPTS if row["perturbation"] == "synonym"], ids=lambda row: row["text"]
)
def test_a_synonym_prompt_is_the_title_with_what_it_says_changed(row: dict[str, str]) -> None:
    changes: dict[str, str] = json.loads(row["changes"])
    assert 1 <= len(changes) <= 3
    text = TITLES[row["qid"]]
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    assert text == row["text"]


@pytest.mark.parametrize(
    "row", [row for row in PROMPTS if row["perturbation"] == "literal"], ids=lambda row: row["text"]
)
def test_a_literal_prompt_names_neither_title_nor_creator_and_uses_known_words(row: dict[str, str]) -> None:
    creator = next(reference["creator"] for reference in REFERENCES if reference["qid"] == row["qid"])
    said = words(row["text"])
    assert not said & (words(TITLES[row["qid"]]) - LITTLE)
    assert not said & (words(creator) - LITTLE)
    assert said <= caption_words()


def test_captions_share_no_word_with_titles_but_colours_and_numbers() -> None:
    titles = set().union(*map(words, TITLES.values())) - LITTLE
    assert caption_words() & titles <= {*COLOURS, *NUMBERS}
    assert not set(ALTERNATIVES.values()) & titles


def test_reference_images_are_written_with_an_index(tmp_path: Path) -> None:
    index = write_reference_images(tmp_path / "images", size=64)
    with index.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert {row["qid"] for row in listed} == set(TITLES)
    assert len(listed) == sum(len(reference.pictures) for reference in all_references())
    assert all((index.parent / row["file"]).is_file() for row in listed)
