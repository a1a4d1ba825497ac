"""Reference images over the network: from Commons, or from a list of URLs; what came of each is a row."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ingest.image_sources import ImageEntry
from ingest.images import grouped, write_images
from ingest.pictures import read_picture
from ingest.report import Problem, Report
from ingest.web import Refused, Unreachable, Web
from workbench.errors import IngestError, reason
from workbench.records import Download, ReferenceImage
from workbench.store import RunLog, Store, Write

PARALLEL = 2
"""Pictures that are fetched at a time: what Wikimedia asks of its visitors."""
_BATCH = 10
"""Pictures a transaction: an interruption loses no more than these."""
_TOO_OFTEN = 3
"""Pictures in a row that get no answer: the server is away, and is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A picture that is to be fetched."""

    qid: str
    source: str
    """Its key among ``downloads``."""
    name: str
    """As it is told."""
    url: str
    rank: int | None = None
    page_url: str | None = None
    author: str | None = None
    credit: str | None = None
    licence: str | None = None
    licence_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    wanted: Wanted
    content: bytes = b""
    error: IngestError | None = None


def missing(store: Store, report: Report, sources: Mapping[str, Sequence[str]], *, again: bool) -> set[tuple[str, str]]:
    """The (qid, source) that are to be fetched: those that never were, failed, or have lost their file.

    Args:
        store: the study.
        report: is told what was refused before.
        sources: by qid the keys of its pictures.
        again: try what was refused before, too.
    """
    images = {(i.qid, i.sha256): i.path for i in store.rows("ref_images_of", ReferenceImage)}
    done: set[tuple[str, str]] = set()
    refused: list[str] = []
    for row in store.rows("downloads", Download):
        path = images.get((row.qid, row.sha256 or ""))
        if row.status == "ok" and path and store.images.path(path).is_file():
            done.add((row.qid, row.source))
        elif row.status == "refused" and not again and row.source in sources.get(row.qid, ()):
            done.add((row.qid, row.source))
            refused.append(row.qid)
    report.skip("pictures", refused, "refused before (table downloads says why)", "--again tries them once more")
    return {(qid, source) for qid, keys in sources.items() for source in keys} - done


class Fetcher:
    """Fetches pictures, two at a time, and writes them.

    Args:
        store: the study.
        run: counts what is written.
        report: tells it.
        web: that is asked.
        limit: pHash distance, of 64 bits, up to which two are one picture.
    """

    def __init__(self, store: Store, run: RunLog, report: Report, web: Web, limit: int) -> None:
        self._store = store
        self._run = run
        self._report = report
        self._web = web
        self._limit = limit
        self._unanswered = 0

    def refuse(self, refused: Mapping[tuple[str, str, str], IngestError]) -> None:
        """Write and tell pictures that are none, by qid, source and name."""
        rows = [_failure(qid, source, error, self._run.run_id) for (qid, source, _), error in refused.items()]
        for (qid, _, name), error in refused.items():
            self._report.fail([Problem(where=f"{qid} {name}", reason=error.message)])
        if rows:
            self._store.write(Write(query="upsert_downloads", table="downloads", records=rows))

    def fetch(self, wanted: Sequence[Wanted]) -> None:
        """Fetch pictures and write them, a few at a time; one that cannot be had stops no other.

        Raises:
            IngestError: If several in a row got no answer; those before are written.
        """
        for start in range(0, len(wanted), _BATCH):
            self._fetch_batch(wanted[start : start + _BATCH])

    def _fetch_batch(self, wanted: Sequence[Wanted]) -> None:
        entries: list[ImageEntry] = []
        rows: list[Download] = []
        try:
            for fetched in self._fetched(wanted):
                if fetched.error:
                    self.refuse({(fetched.wanted.qid, fetched.wanted.source, fetched.wanted.name): fetched.error})
                    self._count(fetched.error)
                    continue
                self._unanswered = 0
                entry = _entry(fetched)
                entries.append(entry)
                rows.append(_success(fetched, self._run.run_id))
        finally:
            if entries:
                beside = Write(query="upsert_downloads", table="downloads", records=rows)
                write_images(self._store, self._run, self._report, grouped(entries), self._limit, beside)

    def _fetched(self, wanted: Sequence[Wanted]) -> Iterator[_Fetched]:
        with ThreadPoolExecutor(PARALLEL) as pool:
            for start in range(0, len(wanted), PARALLEL):
                yield from pool.map(self._fetch, wanted[start : start + PARALLEL])

    def _fetch(self, wanted: Wanted) -> _Fetched:
        try:
            content = self._web.get(wanted.url).content
        except IngestError as error:
            return _Fetched(wanted=wanted, error=error)
        try:
            read_picture(content)
        except Exception as error:  # a damaged file makes Pillow raise nearly anything
            return _Fetched(wanted=wanted, error=Refused(reason(error)))
        return _Fetched(wanted=wanted, content=content)

    def _count(self, error: IngestError) -> None:
        self._unanswered = self._unanswered + 1 if isinstance(error, Unreachable) else 0
        if self._unanswered >= _TOO_OFTEN:
            raise error


def _failure(qid: str, source: str, error: IngestError, run_id: str) -> Download:
    status = "failed" if isinstance(error, Unreachable) else "refused"
    return Download(qid=qid, source=source, status=status, reason=error.message, run_id=run_id)


def _success(fetched: _Fetched, run_id: str) -> Download:
    wanted = fetched.wanted
    return Download(
        qid=wanted.qid,
        source=wanted.source,
        status="ok",
        sha256=hashlib.sha256(fetched.content).hexdigest(),
        page_url=wanted.page_url,
        credit=wanted.credit,
        licence_url=wanted.licence_url,
        run_id=run_id,
    )


def _entry(fetched: _Fetched) -> ImageEntry:
    wanted = fetched.wanted
    return ImageEntry(
        qid=wanted.qid,
        file=Path(wanted.name),
        content=fetched.content,
        rank=wanted.rank,
        source_url=wanted.page_url or wanted.url,
        author=wanted.author,
        licence=wanted.licence,
    )
