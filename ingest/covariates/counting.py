"""Counting captions file by file: each file is written whole, and never counted twice for the same texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.covariates.captions import Captions, open_captions
from ingest.covariates.matching import Matcher, Tally, Wording
from ingest.covariates.scanning import compiled, scan_plain
from ingest.report import Problem, Report, tracked
from workbench.errors import IngestError
from workbench.records import CaptionCount, CaptionFile, CaptionSum
from workbench.store import RunLog, Store, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What is counted, of which files."""

    paths: Sequence[Path]
    column: str | None
    """That holds the captions; None: the first that is called like one."""
    measures: Mapping[str, Mapping[str, Wording]]
    """What to look for, by measure of ``caption_counts`` and qid; all of them in one reading."""


def count_captions(store: Store, run: RunLog, report: Report, asked: Counting) -> dict[str, list[CaptionSum]]:
    """Count what is not counted yet; a file that cannot be read is named and left out.

    Returns:
        By measure and per reference, the sums over the files that could be read.

    Raises:
        IngestError: If the package that counts is missing.
    """
    compiled(scan_plain)  # fails before the first file, not at each
    counted: dict[str, None] = {}
    for path in tracked(asked.paths, "captions"):
        try:
            file = open_captions(path, asked.column)
            _count_file(store, run, report, file, asked.measures)
        except IngestError as error:
            report.fail([Problem(where=str(path), reason=f"{error.message}; {error.hint}")])
        else:
            counted[file.file_id] = None
    sums = {
        measure: store.rows("caption_sums", CaptionSum, file_ids=list(counted), measure=measure)
        for measure in asked.measures
    }
    return {measure: [s for s in found if s.qid in asked.measures[measure]] for measure, found in sums.items()}


def _count_file(
    store: Store, run: RunLog, report: Report, file: Captions, measures: Mapping[str, Mapping[str, Wording]]
) -> None:
    missing = {measure: _missing(store, file, measure, wordings) for measure, wordings in measures.items()}
    matchers = {m: Matcher(found, each=m == "ngrams") for m, found in missing.items() if found}
    if not matchers:
        report.add("caption files", counted_before=1)
        return
    tallies = {measure: Tally() for measure in matchers}
    for batch in file.batches():
        for measure, matcher in matchers.items():
            tallies[measure].add(matcher.count(batch))
    captions = max(tally.captions for tally in tallies.values())
    row = CaptionFile(
        file_id=file.file_id,
        path=str(file.path.absolute()),
        text_column=file.column,
        captions=captions,
        run_id=run.run_id,
    )
    counts = [_count(file, m, w, tallies[m], run.run_id) for m in matchers for w in missing[m]]
    store.write(
        Write(query="insert_caption_files", table="caption_files", records=[row]),
        Write(query="upsert_caption_counts", table="caption_counts", records=counts),
    )
    report.add("caption files", counted=1)
    report.add("captions", read=captions)


def _missing(store: Store, file: Captions, measure: str, wordings: Mapping[str, Wording]) -> list[Wording]:
    there = store.rows("caption_counts_of", CaptionCount, file_id=file.file_id, measure=measure)
    known = {count.qid: count.wording for count in there}
    return [wording for wording in wordings.values() if known.get(wording.qid) != wording.wording_id]


def _count(file: Captions, measure: str, wording: Wording, tally: Tally, run_id: str) -> CaptionCount:
    return CaptionCount(
        file_id=file.file_id,
        qid=wording.qid,
        measure=measure,
        wording=wording.wording_id,
        matches=tally.matches[wording.qid],
        corroborated=tally.corroborated[wording.qid],
        run_id=run_id,
    )
