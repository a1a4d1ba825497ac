"""``wb ingest``: its options."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "a.csv", "--endpoint", "wikidata"), "two sources of references"),
        (("--from", "a.csv", "--limit", 5), "--limit and --min-sitelinks are for an endpoint"),
        (("--images", "a", "--min-sitelinks", 0), "--limit and --min-sitelinks are for an endpoint"),
        (("--from", "a.csv", "--kind", "static"), "--kind is for an endpoint"),
        (("--from", "a.csv", "--add-missing"), "are for images"),
        (("--endpoint", "wikidata", "--phash-distance", 0), "are for images"),
        (("--endpoint", "wikidat"), "did you mean wikidata"),
        (("--endpoint", "ftp://x.org"), "is not the http(s) URL"),
        (("--from", "a.csv", "prompts", "--perturbation", "title"), "options of wb ingest prompts go after prompts"),
        (("prompts",), "wants --perturbation or --from"),
        (("prompts", "--perturbation", "title", "--from", "a.csv"), "of one --perturbation, never title"),
        (("prompts", "--perturbation", "with-creater"), "did you mean with-creator"),
        (("--limit", 0), "--limit"),
        (("--phash-distance", 65), "--phash-distance"),
        (("--kind", "moving"), "--kind"),
    ],
)
def test_options_that_make_no_sense(wb: Callable[..., Any], db: Path, arguments: tuple[Any, ...], message: str) -> None:
    outcome = wb("ingest", *arguments)
    assert outcome.code == 2
    assert message in outcome.err
    assert not db.exists()


def test_no_study_to_make_prompts_for(wb: Callable[..., Any], db: Path) -> None:
    outcome = wb("ingest", "prompts", "--perturbation", "title")
    assert outcome.code == 3
    assert not db.exists()


def test_no_references_to_make_prompts_for(wb: Callable[..., Any], store: object) -> None:
    outcome = wb("ingest", "prompts", "--perturbation", "title")
    assert outcome.code == 0
    assert "there are no references yet" in outcome.err


@pytest.mark.parametrize("command", [("ingest",), ("ingest", "prompts")])
def test_help_has_examples_and_explains_columns(wb: Callable[..., Any], command: tuple[str, ...]) -> None:
    outcome = wb(*command, "--help")
    assert outcome.code == 0
    assert "\n  Examples:\n    wb ingest" in outcome.out
    assert "\n  Columns of FILE: qid, " in outcome.out


@pytest.mark.parametrize(
    "name", ["references", "images", "popularity", "frequency", "uniqueness", "prompts", "answers"]
)
def test_every_sub_command_is_listed_with_help_and_an_example(wb: Callable[..., Any], name: str) -> None:
    assert f"  {name} " in wb("ingest", "--help").out
    outcome = wb("ingest", name, "--help")
    assert outcome.code == 0
    assert f"wb ingest {name} " in outcome.out.partition("Example")[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("popularity", "--since", "2025"), "'2025' is no month"),
        (("popularity", "--language", "EN"), "is not the code of a language"),
        (("popularity", "--endpoint", "wikidat"), "did you mean wikidata"),
        (("images", "--add-missing"), "--add-missing makes references of an index"),
        (("images", "--width", 1000), "--width"),
        (("frequency",), "--captions"),
    ],
)
def test_options_of_sub_commands_that_make_no_sense(
    wb: Callable[..., Any], db: Path, arguments: tuple[Any, ...], message: str
) -> None:
    outcome = wb("ingest", *arguments)
    assert outcome.code == 2
    assert message in outcome.err
    assert not db.exists()


def test_a_study_that_is_none(wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path]) -> None:
    db.write_bytes(b"not a database, but long enough to be looked at" * 100)
    before = db.read_bytes()
    outcome = wb("ingest", "--from", csv_file("qid,label,kind", "Q1,One,static"))
    assert outcome.code == 3
    assert db.read_bytes() == before
