"""Reference images from a list of URLs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.downloads import Fetcher, Wanted, missing
from ingest.report import Problem, Report
from ingest.tables import Row, read_table
from ingest.text import parse_integer, parse_qid
from ingest.web import Web
from workbench.records import Reference
from workbench.store import RunLog, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlList:
    """What a file lists."""

    wanted: Sequence[Wanted]
    problems: Sequence[Problem]


def read_urls(path: Path) -> UrlList:
    """Read a CSV or TSV file with the columns ``qid`` and ``url``.

    It may have ``rank``, ``author``, ``licence`` and ``page_url``.

    Raises:
        IngestError: If it is not such a file.
    """
    table = read_table(path, ("qid", "url"))
    wanted: dict[tuple[str, str], Wanted] = {}
    problems = list(table.problems)
    for row in table.rows:
        try:
            found = _wanted(row)
        except ValueError as error:
            problems.append(table.problem(row, str(error)))
        else:
            wanted.setdefault((found.qid, found.url), found)
    return UrlList(wanted=list(wanted.values()), problems=problems)


def _wanted(row: Row) -> Wanted:
    url = row.cell("url")
    if not url:
        raise ValueError("no URL")
    rank = parse_integer(row.cell("rank"), "rank") if row.cell("rank") else None
    if rank is not None and not 1 <= rank <= 1_000_000:
        raise ValueError(f"rank {rank} is not a number from 1")
    return Wanted(
        qid=parse_qid(row.cell("qid")),
        source=url,
        name=url,
        url=url,
        rank=rank,
        page_url=row.cell("page_url", "source_url") or None,
        author=row.cell("author", "artist") or None,
        licence=row.cell("licence", "license") or None,
    )


def fetch_urls(store: Store, run: RunLog, report: Report, web: Web, urls: UrlList, limit: int, *, again: bool) -> None:
    """Fetch the pictures of a list.

    Raises:
        IngestError: If several servers in a row do not answer; what was fetched before stays.
    """
    report.fail(urls.problems)
    known = {reference.qid for reference in store.rows("all_refs", Reference)}
    strangers = list(dict.fromkeys(w.qid for w in urls.wanted if w.qid not in known))
    report.skip("QIDs with URLs", strangers, "not references of this study")
    sources: dict[str, list[str]] = {}
    for wanted in urls.wanted:
        sources.setdefault(wanted.qid, []).append(wanted.source)
    todo = missing(store, report, sources, again=again)
    run.planned += len(todo)
    fetcher = Fetcher(store, run, report, web, limit)
    fetcher.fetch([w for w in urls.wanted if w.qid in known and (w.qid, w.source) in todo])
