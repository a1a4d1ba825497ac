"""``wb ingest`` alone: every step, over a real SPARQL server and local ones that play Commons and the page views."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.commons import commons, jpeg
from tests.ingest.servers import Answer, Asked, LocalServer, script, serving
from workbench.store import Store

Wb = Callable[..., Any]
FILES = {
    "Mona Lisa, by Leonardo da Vinci.jpg": jpeg(1),
    "Starry Night.jpg": jpeg(2),
    "The Night Watch - HD.jpg": b"<html>no picture</html>",
}
LIMITED = ("--kind", "static", "--limit", 20, "--without", "uniqueness")
"""What is asked for: nineteen references, as one item has no English label."""


def views(_: int, __: Asked) -> Answer:
    return Answer(body=json.dumps({"items": [{"timestamp": "2025010100", "views": 100}]}).encode())


@dataclass(frozen=True)
class Services:
    """What ``wb ingest`` asks."""

    asked: tuple[object, ...]
    commons: LocalServer
    pageviews: LocalServer


@pytest.fixture
def services(oxigraph: str) -> Iterator[Services]:
    with ExitStack() as stack:
        pictures = stack.enter_context(commons(FILES))
        read = stack.enter_context(serving(views))
        asked = ("ingest", "--endpoint", oxigraph, "--commons", pictures.url, "--pageviews", read.url)
        yield Services(asked, pictures, read)


def told(out: str, step: str, item: str) -> tuple[str, str]:
    """How many, and the note, of a line of the printed table."""
    (found,) = re.findall(rf"^{step} +{item} +([0-9,–]+)  (.*)$", out, flags=re.MULTILINE)
    return found[0], found[1]


def test_every_step_and_what_came_of_it(wb: Wb, db: Path, services: Services, csv_file: Callable[..., Path]) -> None:
    captions = csv_file("TEXT", "mona lisa poster", "the starry night by van gogh", "a cat", name="captions.csv")
    outcome = wb(*services.asked, *LIMITED, "--captions", captions)
    assert outcome.code == 4
    assert "wb: some items could not be taken: images" in outcome.err
    out = outcome.out
    assert told(out, "references", "references") == ("19", "19 found, 19 new, 0 changed, 0 unchanged")
    assert told(out, "references", "items skipped") == ("1", "no English label to prompt with: Q3001")
    assert told(out, "images", "reference images")[0] == "2"
    assert told(out, "images", "references skipped")[1].startswith("their item names no picture: ")
    n, why = told(out, "images", "could not be taken")
    assert n == "9" and ": not on Commons; " in why and why.endswith(" and 4 more")
    assert told(out, "popularity", "covariates") == ("23", "4 new, 0 changed, 19 unchanged")
    assert told(out, "popularity", "page views skipped")[0] == "15"
    assert told(out, "frequency", "caption files") == ("1", "1 counted")
    assert told(out, "uniqueness", "uniqueness left out") == ("–", "--without uniqueness")
    assert told(out, "prompts", "with-creator prompts") == ("17", "17 new, 0 unchanged")
    assert told(out, "prompts", "with-creator prompts skipped") == ("2", "no creator is known: Q151952, Q500242")
    store = Store.open(db)
    assert store.sql("SELECT status, count(*) FROM downloads GROUP BY ALL ORDER BY ALL").rows() == [
        ("ok", 2),
        ("refused", 9),
    ]
    outcomes = store.sql("SELECT outcome FROM runs ORDER BY started_utc")["outcome"].to_list()
    assert outcomes == ["done", "some failed", "done", "done", "done"]


def test_twice_is_once(wb: Wb, services: Services, dump: Callable[[], object]) -> None:
    wb(*services.asked, *LIMITED)
    before, asked = dump(), len(services.commons.asked)
    again = wb(*services.asked, *LIMITED)
    assert again.code == 0 and dump() == before
    assert len(services.commons.asked) == asked, "what is there or was refused is not asked for again"
    assert told(again.out, "images", "pictures skipped")[1].startswith("refused before")


@pytest.mark.usefixtures("soon")
def test_a_step_that_fails_stops_no_other(wb: Wb, db: Path, services: Services) -> None:
    with serving(script(Answer(body=b"<html>"))) as broken:
        outcome = wb(*services.asked, *LIMITED, "--commons", broken.url)
    assert outcome.code == 1
    assert "wb: 1 of 6 steps did not go through: images" in outcome.err and "Traceback" not in outcome.err
    assert "an answer that is not whole JSON" in told(outcome.out, "images", "not finished")[1]
    assert told(outcome.out, "prompts", "with-creator prompts")[0] == "17"
    assert wb(*services.asked, *LIMITED).code == 4
    assert Store.open(db).sql("SELECT count(*) FROM ref_images").item() == 2


@pytest.mark.usefixtures("hasty")
def test_without_references_there_is_nothing_to_do(wb: Wb, services: Services) -> None:
    with serving(script(Answer(status=404))) as broken:
        outcome = wb(*services.asked, "--endpoint", broken.url)
    assert outcome.code == 1
    assert told(outcome.out, "references", "failed")[1].endswith("is that the URL of a SPARQL endpoint?")
    assert told(outcome.out, "prompts", "prompts left out") == ("–", "there are no references")


def test_captions_that_are_not_there_are_said_before_anything_is_asked(wb: Wb, db: Path, services: Services) -> None:
    outcome = wb(*services.asked, "--captions", "no/*.parquet")
    assert outcome.code == 1 and "no/*.parquet" in outcome.err
    assert not db.exists() and not services.commons.asked


def test_steps_can_be_left_out(wb: Wb, db: Path, services: Services) -> None:
    without = [word for step in ("images", "popularity", "uniqueness", "prompts") for word in ("--without", step)]
    assert wb(*services.asked, *without).code == 0
    assert not services.commons.asked and not services.pageviews.asked
    assert Store.open(db).sql("SELECT count(*) FROM runs").item() == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "a.csv", "--captions", "b.csv"), "are for wb ingest as a whole"),
        (("--images", "a", "--without", "images"), "are for wb ingest as a whole"),
        (("--without", "walking"), "--without"),
        (("--preset", "paper", "--limit", 5), "--preset paper is 767 references"),
        (("--endpoint", "qlevr"), "did you mean qlever"),
        (("--add-missing",), "are for images"),
    ],
)
def test_options_that_make_no_sense(wb: Wb, db: Path, arguments: tuple[object, ...], message: str) -> None:
    outcome = wb("ingest", *arguments)
    assert outcome.code == 2
    assert message in outcome.err
    assert not db.exists()


def test_status_says_how_much_of_each_covariate_is_there(wb: Wb, db: Path, services: Services) -> None:
    wb(*services.asked, *LIMITED, "--without", "images")
    rows = {(row["area"], row["item"]): row for row in json.loads(wb("status", "--format", "json").out)}
    assert (rows["covariates", "creation date"]["have"], rows["covariates", "creation date"]["expected"]) == (18, 19)
    assert rows["covariates", "creation date"]["note"] == "3 of them no more precise than a decade"
    assert rows["covariates", "popularity (sitelinks)"]["have"] == 19
    views = rows["covariates", "popularity (pageviews, 12 months)"]
    assert (views["have"], views["expected"]) == (4, 19)
    missing = rows["covariates", "training_frequency"]
    assert (missing["have"], missing["expected"]) == (0, 19)
    assert missing["note"] == "not measured yet: wb ingest frequency --captions FILES"
    assert rows["covariates", "textual_uniqueness"]["note"] == "not measured yet: wb ingest uniqueness"
    assert ("covariates", "popularity, pageviews") not in rows
    assert (rows["labels", "fr"]["have"], rows["labels", "en"]["have"]) == (1, 18)
