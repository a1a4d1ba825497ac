"""Counting captions file by file: each file is written whole, and never counted twice for the same texts."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ingest.covariates.captions import Captions, open_captions
from ingest.covariates.matching import Matcher, Tally, Wording
from ingest.covariates.scanning import compiled, scan_plain
from ingest.report import Problem, Report, tracked
from workbench.errors import IngestError
from workbench.records import CaptionCount, CaptionFile, CaptionSum
from workbench.store import RunLog, Store, Write


def count_captions(
    store: Store,
    run: RunLog,
    report: Report,
    paths: Sequence[Path],
    column: str | None,
    measure: str,
    wordings: Mapping[str, Wording],
) -> list[CaptionSum]:
    """Count what is not counted yet; a file that cannot be read is named and left out.

    Args:
        store: the study.
        run: counts files that fail.
        report: tells it.
        paths: of the files.
        column: that holds the captions; None: the first that is called like one.
        measure: of ``caption_counts``.
        wordings: what to look for, by qid.

    Returns:
        Per reference the sums over the files that could be read.

    Raises:
        IngestError: If the package that counts is missing.
    """
    compiled(scan_plain)  # fails before the first file, not at each
    counted: list[str] = []
    for path in tracked(paths, "captions"):
        try:
            file = open_captions(path, column)
            _count_file(store, run, report, file, measure, wordings)
        except IngestError as error:
            report.fail([Problem(where=str(path), reason=f"{error.message}; {error.hint}")])
        else:
            counted.append(file.file_id)
    sums = store.rows("caption_sums", CaptionSum, file_ids=list(dict.fromkeys(counted)), measure=measure)
    return [found for found in sums if found.qid in wordings]


def _count_file(
    store: Store, run: RunLog, report: Report, file: Captions, measure: str, wordings: Mapping[str, Wording]
) -> None:
    there = store.rows("caption_counts_of", CaptionCount, file_id=file.file_id, measure=measure)
    known = {count.qid: count.wording for count in there}
    missing = [w for w in wordings.values() if known.get(w.qid) != w.wording_id]
    if not missing:
        report.add("caption files", counted_before=1)
        return
    matcher = Matcher(missing, each=measure == "ngrams")
    tally = Tally()
    for batch in file.batches():
        tally.add(matcher.count(batch))
    counts = [
        CaptionCount(
            file_id=file.file_id,
            qid=wording.qid,
            measure=measure,
            wording=wording.wording_id,
            matches=tally.matches[wording.qid],
            corroborated=tally.corroborated[wording.qid],
            run_id=run.run_id,
        )
        for wording in missing
    ]
    row = CaptionFile(
        file_id=file.file_id,
        path=str(file.path.absolute()),
        text_column=file.column,
        captions=tally.captions,
        run_id=run.run_id,
    )
    store.write(
        Write(query="insert_caption_files", table="caption_files", records=[row]),
        Write(query="upsert_caption_counts", table="caption_counts", records=counts),
    )
    report.add("caption files", counted=1)
    report.add("captions", read=tally.captions)
