"""Counting titles in a million captions, against a compiled regular expression and against only reading the column."""

import re
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.covariates.captions import open_captions
from ingest.covariates.folding import fold
from ingest.covariates.matching import Matcher, Tally, Wording
from ingest.references_csv import read_references

ROWS, SAMPLE, TITLES = 1_000_000, 5_000, 767


@pytest.fixture(scope="module")
def captions(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real captions, repeated; no dictionary, which would hold each of them once."""
    real = pq.read_table(shared_data / "captions.parquet", columns=["TEXT"])["TEXT"].to_pylist()
    path = tmp_path_factory.mktemp("captions") / "captions.parquet"
    with pq.ParquetWriter(path, pa.schema([("TEXT", pa.string())]), use_dictionary=False) as writer:
        for _ in range(ROWS // len(real) + 1):
            writer.write_table(pa.table({"TEXT": real}))
    return path


@pytest.fixture(scope="module")
def wordings(shared_data: Path) -> list[Wording]:
    found = read_references(shared_data / "references.csv").found
    folded = {f.reference.qid: fold(f.reference.label) for f in found}
    return [Wording(qid=qid, phrases=[text]) for qid, text in folded.items() if text][:TITLES]


def seconds(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return time.process_time() - began


def test_one_pass_beats_a_regular_expression(captions: Path, wordings: list[Wording]) -> None:
    file = open_captions(captions)
    matcher = Matcher(wordings)
    tally = Tally()

    def count() -> None:
        for batch in file.batches():
            tally.add(matcher.count(batch))

    def read() -> None:
        for _ in file.batches():
            pass

    matcher.count(next(file.batches()))  # compiles
    read()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pairs = [(seconds(read), seconds(count)) for _ in range(5)]
    decoded, counted = (min(times) for times in zip(*pairs, strict=True))
    tally.captions //= len(pairs)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024
    sample = next(iter(_texts(file.batches())))
    pattern = re.compile("|".join(rf"\b{re.escape(w.phrases[0])}\b" for w in wordings))
    regex = seconds(lambda: sum(len(pattern.findall(fold(text))) for text in sample)) * tally.captions / len(sample)
    print(
        f"\n{tally.captions:,} captions, {len(wordings)} titles: {regex / counted:.0f}x a compiled regular expression, "
        f"{decoded / counted:.2f} of the speed of only reading the column, {grown:.0f} MiB more than reading"
    )
    assert regex > 10 * counted
    assert decoded >= 0.5 * counted
    assert grown < 200


def _texts(batches: Iterator[pa.Array]) -> Iterator[list[str]]:
    for batch in batches:
        yield [text for text in batch.to_pylist()[:SAMPLE] if text]
