"""Counting in one file of captions: what a worker does, wherever it is. Nothing here knows the study."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.covariates.captions import open_captions
from ingest.covariates.matching import Matcher, Tally, Wording
from ingest.covariates.scanning import compiled, scan_plain
from workbench.errors import IngestError

Measures = Mapping[str, Mapping[str, Wording]]
"""What to look for, by measure of ``caption_counts`` and qid; all of them in one reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTask:
    """A file that is to be counted."""

    path: Path
    """The same on every machine that counts."""
    column: str
    file_id: str
    missing: Mapping[str, Sequence[str]]
    """By measure the references that are not counted in it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCount:
    """What came of a file."""

    task: FileTask
    captions: int = 0
    tallies: Mapping[str, Tally]
    """By measure."""
    problem: str | None = None
    """Why it could not be counted."""


class FileCounter:
    """Counts what it is made for, file by file.

    Args:
        measures: what to look for.

    Raises:
        IngestError: If the package that counts is missing.
    """

    def __init__(self, measures: Measures) -> None:
        compiled(scan_plain)  # fails before the first file, not at each
        self._measures = measures
        self._matchers: dict[str, tuple[Sequence[str], Matcher]] = {}

    def count(self, task: FileTask) -> FileCount:
        """Count in a file; one that cannot be read says why."""
        try:
            file = open_captions(task.path, task.column)
            if file.file_id != task.file_id:
                raise IngestError(f"{task.path.name} is another file there", "let all machines see the same folder")
            matchers = {measure: self._matcher(measure, qids) for measure, qids in task.missing.items()}
            tallies = {measure: Tally() for measure in matchers}
            for batch in file.batches():
                for measure, matcher in matchers.items():
                    tallies[measure].add(matcher.count(batch))
        except IngestError as error:
            return lost_file(task, f"{error.message}; {error.hint}")
        return FileCount(task=task, captions=max(tally.captions for tally in tallies.values()), tallies=tallies)

    def _matcher(self, measure: str, qids: Sequence[str]) -> Matcher:
        """The last one is kept: mostly the same is missing in all files."""
        known = self._matchers.get(measure)
        if known is None or known[0] != qids:
            wordings = [self._measures[measure][qid] for qid in qids]
            known = self._matchers[measure] = (qids, Matcher(wordings, each=measure == "ngrams"))
        return known[1]


def count_files(
    counter: FileCounter, tasks: Iterable[FileTask], note: Callable[[str], None]
) -> Generator[FileCount, None, None]:
    """Count files one after the other; there is nothing to note."""
    for task in tasks:
        yield counter.count(task)


def lost_file(task: FileTask, why: str) -> FileCount:
    """What comes of a file that nothing could be made of."""
    return FileCount(task=task, tallies={}, problem=why)
