"""Counting captions file by file: each file is written whole, and never counted twice for the same texts."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ingest.covariates.captions import open_captions
from ingest.covariates.filecounts import FileCount, FileTask, Measures
from ingest.covariates.matching import Tally, Wording
from ingest.covariates.sharing import Sharing
from ingest.report import Problem, Report, progress
from workbench.errors import IngestError
from workbench.records import CaptionCount, CaptionFile, CaptionSum
from workbench.store import RunLog, Store, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What is counted, of which files."""

    paths: Sequence[Path]
    column: str | None
    """That holds the captions; None: the first that is called like one."""
    measures: Measures
    sharing: Sharing = field(default_factory=Sharing)


def count_captions(store: Store, run: RunLog, report: Report, asked: Counting) -> dict[str, list[CaptionSum]]:
    """Count what is not counted yet; a file that cannot be read is named and left out.

    Returns:
        By measure and per reference, the sums over the files that could be read.

    Raises:
        IngestError: If the package that counts is missing.
        ModelError: If a cluster is to count and cannot.
    """
    counted = _Driver(store, run, report, asked).count()
    sums = {
        measure: store.rows("caption_sums", CaptionSum, file_ids=counted, measure=measure) for measure in asked.measures
    }
    return {measure: [s for s in found if s.qid in asked.measures[measure]] for measure, found in sums.items()}


class _Driver:
    """Hands files out and writes what comes back, whoever counts."""

    def __init__(self, store: Store, run: RunLog, report: Report, asked: Counting) -> None:
        self._store = store
        self._run = run
        self._report = report
        self._asked = asked
        self._counted: dict[str, None] = {}
        """Ids of files that are counted whole."""

    def count(self) -> list[str]:
        """Count; the ids of the files that could be read."""
        with progress("captions", len(self._asked.paths)) as advance:
            tasks = self._tasks(advance)
            first = next(tasks, None)
            if first is not None:  # else there is no need of anyone who counts
                waiting = itertools.chain([first], tasks)
                with closing(self._asked.sharing.count(self._asked.measures, waiting, self._report.note)) as counted:
                    for found in counted:
                        self._take(found)
                        advance(1)
        return list(self._counted)

    def _tasks(self, advance: Callable[[int], None]) -> Iterator[FileTask]:
        """The files that are not counted yet."""
        given: set[str] = set()
        for path in self._asked.paths:
            try:
                file = open_captions(path, self._asked.column)
            except IngestError as error:
                self._fail(path, f"{error.message}; {error.hint}")
                advance(1)
                continue
            missing = self._missing(file.file_id)
            if missing and file.file_id not in given:
                given.add(file.file_id)
                yield FileTask(path=path.absolute(), column=file.column, file_id=file.file_id, missing=missing)
                continue
            if file.file_id in given:
                self._report.add("caption files", repeated=1)
            else:
                self._counted[file.file_id] = None
                self._report.add("caption files", counted_before=1)
            advance(1)

    def _missing(self, file_id: str) -> dict[str, list[str]]:
        """By measure the references that are not counted in a file yet."""
        found = {measure: self._uncounted(file_id, measure, w) for measure, w in self._asked.measures.items()}
        return {measure: qids for measure, qids in found.items() if qids}

    def _uncounted(self, file_id: str, measure: str, wordings: Mapping[str, Wording]) -> list[str]:
        there = self._store.rows("caption_counts_of", CaptionCount, file_id=file_id, measure=measure)
        known = {count.qid: count.wording for count in there}
        return [qid for qid, wording in wordings.items() if known.get(qid) != wording.wording_id]

    def _take(self, found: FileCount) -> None:
        """Write what came of a file, whole."""
        if found.problem is not None:
            self._fail(found.task.path, found.problem)
            return
        task = found.task
        row = CaptionFile(
            file_id=task.file_id,
            path=str(task.path),
            text_column=task.column,
            captions=found.captions,
            run_id=self._run.run_id,
        )
        counts = [
            _count(task, measure, self._asked.measures[measure][qid], found.tallies[measure], self._run.run_id)
            for measure, qids in task.missing.items()
            for qid in qids
        ]
        self._store.write(
            Write(query="insert_caption_files", table="caption_files", records=[row]),
            Write(query="upsert_caption_counts", table="caption_counts", records=counts),
        )
        self._counted[task.file_id] = None
        self._report.add("caption files", counted=1)
        self._report.add("captions", read=found.captions)

    def _fail(self, path: Path, reason: str) -> None:
        self._report.fail([Problem(where=str(path), reason=reason)])


def _count(task: FileTask, measure: str, wording: Wording, tally: Tally, run_id: str) -> CaptionCount:
    return CaptionCount(
        file_id=task.file_id,
        qid=wording.qid,
        measure=measure,
        wording=wording.wording_id,
        matches=tally.matches[wording.qid],
        corroborated=tally.corroborated[wording.qid],
        run_id=run_id,
    )
