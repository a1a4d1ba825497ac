"""How often titles occur in captions."""

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.covariates import automaton, scanning
from ingest.covariates.automaton import Automaton
from ingest.covariates.captions import open_captions
from ingest.covariates.folding import LIMIT, fold, folded_characters
from ingest.covariates.matching import Matcher, Wording
from workbench.errors import IngestError
from workbench.store import Store

CAPTIONS = [
    "The Scream, painting by Edvard Munch",
    "THE  SCREAM!!! (poster)",
    "the-scream mug",
    "He heard the screams of the crowd",  # no whole word
    "Home",
    "Home sweet home",
    "Home is where the film by Ursula Meier begins",
    "homely",
    "Las Meñinas by Velazquez",
    "Las Meninas — Velázquez, oil on canvas",
    "Straße und Strasse",
    None,
    "",
    "The Scream Home Las Meninas",  # titles that share their spaces
    "the scream\x1e the scream",
]
COUNTS = {"Q1": (5, 1), "Q2": (4, 1), "Q3": (3, 2), "Q4": (1, 0), "Q5": (0, 0)}
ROWS = (
    "Q1,The Scream,static,painting,Edvard Munch",
    "Q2,Home,dynamic,film,Ursula Meier",
    "Q3,Las Meninas,static,painting,Diego Velázquez",
    "Q4,STRASSE,static,,",
    "Q5,Fargo,dynamic,film,",
    "Q6,…!,static,,",
)


@pytest.fixture
def refs(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    assert wb("ingest", "--from", csv_file("qid,label,kind,type,creator", *ROWS)).code == 0


def write(path: Path, captions: list[str | None]) -> Path:
    """A file of captions in the format that its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.table({"URL": ["u"] * len(captions), "TEXT": captions}), path)
        return path
    if ".jsonl" in path.name:
        text = "".join(json.dumps({"TEXT": c, "url": "u"}) + "\n" for c in captions)
    else:
        sep = "\t" if ".tsv" in path.name else ","
        quoted = ('"' + (c or "").replace('"', '""') + '"' for c in captions)
        text = f"url{sep}TEXT\n" + "".join(f"u{sep}{c}\n" for c in quoted)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def counts(db: Path) -> dict[str, tuple[float, float]]:
    rows = Store.open(db).sql(
        "SELECT qid, max(value) FILTER (WHERE NOT ends_with(method, 'corroborated')) AS n,"
        " max(value) FILTER (WHERE ends_with(method, 'corroborated')) AS c"
        " FROM covariates WHERE name = 'training_frequency' GROUP BY qid ORDER BY qid"
    )
    return {qid: (n, c) for qid, n, c in rows.rows()}


@pytest.mark.usefixtures("refs")
@pytest.mark.parametrize("name", ["c.parquet", "c.csv", "c.tsv", "c.jsonl", "c.csv.gz", "c.jsonl.gz"])
def test_every_format_gives_the_same_counts(wb: Callable[..., Any], db: Path, tmp_path: Path, name: str) -> None:
    outcome = wb("ingest", "frequency", "--captions", write(tmp_path / name, CAPTIONS))
    assert outcome.code == 0, outcome.err
    assert counts(db) == COUNTS
    assert "skipped 1 titles, neither letters nor digits: Q6" in outcome.err
    share = Store.open(db).sql("SELECT qid, method, round(value, 2) FROM covariates WHERE name = 'corroborated_share'")
    assert dict((q, v) for q, _, v in share.rows()) == {"Q1": 0.2, "Q2": 0.25, "Q3": 0.67, "Q4": 0.0}
    assert set(share["method"]) == {"captions:c"}
    status = {row["item"]: row for row in Store.open(db).frame("status").to_dicts()}["corroborated_share (captions:c)"]
    assert (status["have"], status["expected"], status["note"]) == (4, 4, "of the titles in captions")


@pytest.mark.usefixtures("refs")
def test_files_are_counted_once(
    wb: Callable[..., Any], db: Path, tmp_path: Path, dump: Callable[[], object], csv_file: Callable[..., Path]
) -> None:
    folder = tmp_path / "laion"
    write(folder / "0.parquet", CAPTIONS)
    write(folder / "1.parquet", ["The Scream", *CAPTIONS])
    command = ("ingest", "frequency", "--captions", f"{folder}/*.parquet")
    assert "2 counted" in wb(*command).err
    assert counts(db)["Q1"] == (11, 2)
    before = dump()
    assert "2 counted before" in wb(*command).err
    assert dump() == before
    write(folder / "2.parquet", ["Fargo, the movie"])
    again = wb(*command)
    assert "caption files: 1 counted, 2 counted before" in again.err.replace(
        "2 counted before, 1 counted", "1 counted, 2 counted before"
    )
    assert counts(db)["Q5"] == (1, 1)
    history = Store.open(db).sql("SELECT value FROM covariate_history WHERE qid = 'Q5' AND method = 'captions:laion'")
    assert history["value"].to_list() == [0]
    wb("ingest", "--from", csv_file("qid,label,kind,type,creator", "Q5,Mug,dynamic,film,"))
    wb(*command)
    assert counts(db)["Q5"] == (2, 0)


@pytest.mark.usefixtures("refs")
def test_ordinary_words_are_told(wb: Callable[..., Any], tmp_path: Path) -> None:
    outcome = wb("ingest", "frequency", "--captions", write(tmp_path / "c.csv", ["Home again"] * 20 + CAPTIONS))
    assert "1 ambiguous titles, mostly captions without creator or type (under 10%)" in outcome.err
    assert ": Home" in outcome.err


@pytest.mark.usefixtures("refs")
def test_a_damaged_file_stops_no_other(wb: Callable[..., Any], db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "laion"
    whole = write(folder / "0.parquet", CAPTIONS).read_bytes()
    (folder / "1.parquet").write_bytes(whole[: len(whole) // 2])
    (folder / "2.parquet").write_bytes(b"<html>404</html>")
    write(folder / "3.jsonl", CAPTIONS)
    (folder / "4.jsonl").write_text('{"TEXT": "The Scream"}\n{"TEXT": "Th')
    (folder / "5.csv").write_text("url,words\nu,The Scream\n")
    outcome = wb("ingest", "frequency", "--captions", folder)
    assert outcome.code == 4
    assert counts(db) == {qid: (2 * n, 2 * c) for qid, (n, c) in COUNTS.items()}
    for name in ("1.parquet", "2.parquet", "4.jsonl"):
        assert f"{name} cannot be read" in outcome.err
    assert "5.csv has no column of captions" in outcome.err and "url, words" in outcome.err
    assert "wb: 4 items could not be taken" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--captions", "no/*.parquet"), "no caption files at no/*.parquet"),
        (("--captions", "{file}", "--column", "Words"), "has no column 'Words'"),
    ],
)
@pytest.mark.usefixtures("refs")
def test_what_is_no_corpus(wb: Callable[..., Any], tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    file = write(tmp_path / "c.csv", CAPTIONS)
    outcome = wb("ingest", "frequency", *(a.format(file=file) for a in arguments))
    assert outcome.code in (1, 4)
    assert message in outcome.err and "Traceback" not in outcome.err


def test_text_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(b"TEXT\nThe Scream \xff\xfe\n")
    tally = Matcher([Wording(qid="Q1", phrases=["the scream"])])
    (batch,) = open_captions(tmp_path / "c.csv").batches()
    assert tally.count(batch).matches["Q1"] == 1


def test_a_column_of_numbers_is_no_captions(tmp_path: Path) -> None:
    pq.write_table(pa.table({"TEXT": [1, 2]}), tmp_path / "c.parquet")
    with pytest.raises(IngestError, match="int64, not text"):
        list(open_captions(tmp_path / "c.parquet").batches())


def found_in(captions: list[str | None], phrases: list[str]) -> set[tuple[int, int]]:
    hits = Automaton(phrases).find(pa.array(captions, pa.string()))
    return set(zip(hits.rows.tolist(), hits.phrases.tolist(), strict=True))


TEXTS = st.text(st.one_of(st.sampled_from("ab ,é’…™ßİｱ가😀𝐀𠮷"), st.characters(codec="utf-8")), max_size=12)


@given(captions=st.lists(TEXTS, max_size=9), titles=st.lists(TEXTS, max_size=4))
def test_the_automaton_agrees_with_looking_word_by_word(captions: list[str], titles: list[str]) -> None:
    phrases = list(dict.fromkeys(fold(title) for title in titles if fold(title)))
    expected = {
        (row, number)
        for row, caption in enumerate(captions)
        for number, phrase in enumerate(phrases)
        if f" {phrase} " in f" {fold(caption)} "
    }
    assert found_in([*captions, None], phrases) == expected


@given(TEXTS)
def test_a_text_is_folded_character_by_character(text: str) -> None:
    known = folded_characters()
    alone = (known[ord(c)] if ord(c) < LIMIT else fold(c) or " " for c in text)
    assert " ".join("".join(alone).split()) == fold(text)


def test_many_phrases_are_looked_for_in_several_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "_ENTRIES", 1 << 9)
    phrases = [f"word {n}" for n in range(50)]
    assert len(Automaton(phrases)._parts) > 5
    assert found_in(["a word 7, word 49", "word  3"], phrases) == {(0, 7), (0, 49), (1, 3)}


def test_slices_large_strings_and_broken_bytes(tmp_path: Path) -> None:
    texts = pa.array(["x", "the scream", None, "", "the  Scream é"], pa.large_string())
    hits = Automaton(["the scream"]).find(texts.slice(1))
    assert hits.rows.tolist() == [0, 3]
    broken = pa.array([b"the scream \xff\xe9", b"\xf0\x9f the scream"]).view(pa.string())
    assert Automaton(["the scream"]).find(broken).rows.tolist() == [0, 1]


@pytest.mark.usefixtures("refs")
def test_without_numba_it_is_said(wb: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    scanning.compiled.cache_clear()
    outcome = wb("ingest", "frequency", "--captions", write(tmp_path / "c.csv", CAPTIONS))
    scanning.compiled.cache_clear()
    assert outcome.code == 1
    assert "numba, which counts captions, is not installed" in outcome.err and "[captions]" in outcome.err
