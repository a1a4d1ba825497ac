"""``wb ingest references``: what can be asked for, and what is kept of the answers."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.job import Sources
from ingest.question import CLASSES, Share
from ingest.sparql import parse_answer
from tests.ingest.servers import Answer, Asked, forward, serving
from workbench.records import EndpointAnswer, Reference, ReferenceLabel
from workbench.store import Store

Wb = Callable[..., Any]


def types(db: Path) -> dict[str, tuple[str | None, str]]:
    return {r.qid: (r.type, r.kind) for r in Store.open(db).rows("all_refs", Reference)}


def test_classes_are_added_by_their_items(wb: Wb, db: Path, oxigraph: str) -> None:
    asked = ("ingest", "references", "--endpoint", oxigraph, "--min-sitelinks", 60)
    assert wb(*asked).code == 0
    assert not {"Q215486", "Q3121"} & types(db).keys()
    assert wb(*asked, "--class", "Q93184", "--class", "q24856:dynamic", "--class", "Q3305213").code == 0
    assert types(db)["Q215486"] == ("drawing", "static")
    assert types(db)["Q3121"] == ("film series", "dynamic")
    assert types(db)["Q12418"] == ("painting", "static")


def test_an_added_class_is_of_the_kind_that_is_asked_for(wb: Wb, db: Path, oxigraph: str) -> None:
    asked = ("ingest", "references", "--endpoint", oxigraph, "--limit", 50, "--kind", "dynamic", "--min-sitelinks", 61)
    assert wb(*asked, "--class", "Q24856", "--class", "Q93184:static").code == 0
    assert types(db)["Q3121"] == ("film series", "dynamic")
    assert "Q215486" not in types(db)


@pytest.mark.parametrize("name", ["Q3120", "Q999999"])
def test_a_class_that_the_endpoint_cannot_name(wb: Wb, oxigraph: str, name: str) -> None:
    outcome = wb("ingest", "references", "--endpoint", oxigraph, "--class", name)
    assert outcome.code == 1
    assert f"the endpoint knows no class {name}, or no English name of it" in outcome.err


def test_the_papers_preset(wb: Wb, db: Path, oxigraph: str) -> None:
    assert Sources(preset="paper").question().shares() == [
        Share(kind="static", limit=384),
        Share(kind="dynamic", limit=383),
    ]
    outcome = wb("ingest", "references", "--preset", "paper", "--endpoint", oxigraph)
    assert outcome.code == 0
    assert "767 references, half of them static and half dynamic; the study's own list is not published" in outcome.err
    kinds = [kind for _, kind in types(db).values()]
    assert (kinds.count("static"), kinds.count("dynamic")) == (53, 15)


def test_labels_in_the_wanted_languages(wb: Wb, db: Path, oxigraph: str) -> None:
    asked = ("ingest", "references", "--endpoint", oxigraph)
    wb(*asked)
    wb(*asked, "--language", "zh-hant", "--language", "nl")
    rows = Store.open(db).rows("reference_labels_of", ReferenceLabel, qids=["Q167605"])
    assert {r.language: r.label for r in rows} == {
        "ar": "صانعة اللبن",
        "de": "Dienstmagd mit Milchkrug",
        "en": "The Milkmaid",
        "fr": "La Laitière",
        "ja": "牛乳を注ぐ女",
        "nl": "Het melkmeisje",
        "ru": "Молочница",
        "zh-hant": "倒牛奶的女僕",
    }
    by_language = {r.language: r for r in rows}
    assert list(by_language["en"].aliases) == ["Milk Maid", "The Kitchen Maid"]
    assert by_language["fr"].description == "tableau de Johannes Vermeer"
    assert list(by_language["nl"].aliases) == [] and by_language["nl"].description == "schilderij"
    (scream,) = Store.open(db).rows("reference_labels_of", ReferenceLabel, qids=["Q471379"])
    assert (scream.language, scream.label) == ("mul", "The Scream")
    unlabelled = Store.open(db).sql("SELECT count(*) FROM reference_labels WHERE qid NOT IN (SELECT qid FROM refs)")
    assert unlabelled.item() == 0


def test_queries_and_raw_answers_are_kept_and_come_out_again(wb: Wb, db: Path, oxigraph: str, tmp_path: Path) -> None:
    sent: dict[bytes, bytes] = {}

    def answer(_: int, request: Asked) -> Any:
        whole = forward(oxigraph, request)
        sent[request.body] = whole.body
        return whole

    with serving(answer) as server:
        wb("ingest", "references", "--endpoint", server.url)
        folder = tmp_path / "answers"
        assert wb("ingest", "answers", "--to", folder).code == 0
    listed = json.loads(wb("ingest", "answers", "--format", "json").out)
    assert {row["question"] for row in listed} == {"items", "facts", "labels"}
    assert len(listed) == len(sent) == len(CLASSES) + 2 * 2
    assert {path.read_bytes() for path in folder.glob("*.json")} == set(sent.values())
    for row in listed:
        (kept,) = Store.open(db).rows("endpoint_answer", EndpointAnswer, answer_id=row["answer_id"])
        assert gzip.decompress(kept.answer) == (folder / f"{kept.answer_id}.json").read_bytes()
        assert kept.query == (folder / f"{kept.answer_id}.rq").read_text()
        assert kept.endpoint == server.url and kept.size == len(gzip.decompress(kept.answer))
        assert kept.result_rows == len(parse_answer(gzip.decompress(kept.answer)))
    assert wb("ingest", "answers", "--to", db).code == 2


def test_answers_before_a_failure_are_kept(wb: Wb, db: Path, oxigraph: str) -> None:
    with serving(lambda n, request: forward(oxigraph, request) if n < 3 else Answer(status=400)) as server:
        assert wb("ingest", "references", "--endpoint", server.url).code == 1
    assert Store.open(db).sql("SELECT count(*), any_value(question) FROM endpoint_answers").rows() == [(3, "items")]


def test_the_same_rows_in_another_order_are_the_same_answer(wb: Wb, db: Path, oxigraph: str) -> None:
    def answer(_: int, request: Asked) -> Answer:
        whole = json.loads(forward(oxigraph, request).body)
        whole["results"]["bindings"].sort(key=json.dumps, reverse=bool(again))
        return Answer(body=json.dumps(whole).encode())

    again: list[bool] = []
    with serving(answer) as server:
        wb("ingest", "references", "--kind", "dynamic", "--endpoint", server.url)
        before = Store.open(db).sql("SELECT count(*) FROM endpoint_answers").item()
        again.append(True)
        wb("ingest", "references", "--kind", "dynamic", "--endpoint", server.url)
    kept = Store.open(db).sql("SELECT count(*), count(*) FILTER (last_utc > first_utc) FROM endpoint_answers").rows()
    assert kept == [(before, before)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--class", "painting"), "'painting' is no class of works"),
        (("--class", "Q1:moving"), "'Q1:moving' is no class of works"),
        (("--class", "Q0"), "'Q0' is no class of works"),
        (("--language", "English"), "'English' is not the code of a language"),
        (("--language", 'fr" }'), "is not the code of a language"),
        (("--preset", "paper", "--limit", 5), "--preset paper is 767 references"),
        (("--preset", "paper", "--kind", "static"), "--preset paper is 767 references"),
        (("--preset", "papers"), "--preset"),
        (("--refresh", "--limit", 5), "--refresh asks about the references that are there"),
        (("--refresh", "--class", "Q1"), "--refresh asks about the references that are there"),
        (("--from", "a.csv", "--refresh"), "--class, --language, --preset and --refresh are for an endpoint"),
        (("--from", "a.csv", "--preset", "paper"), "--class, --language, --preset and --refresh are for an endpoint"),
        (("--from", "a.csv", "--endpoint", "qlever"), "two sources of references"),
        (("--endpoint", "qlevr"), "did you mean qlever"),
    ],
)
def test_options_that_make_no_sense(wb: Wb, db: Path, arguments: tuple[Any, ...], message: str) -> None:
    outcome = wb("ingest", "references", *arguments)
    assert outcome.code == 2
    assert message in outcome.err
    assert not db.exists()
