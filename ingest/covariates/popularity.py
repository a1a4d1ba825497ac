"""Popularity: in how many Wikipedias an item has an article, and how often one of these is read."""

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest import wikidata
from ingest.answers import Answered, ask_about, keep
from ingest.covariates.pageviews import SERVICE, Span, span_of, views_of
from ingest.covariates.writing import write_covariates
from ingest.portions import Portion, in_portions
from ingest.queries import Language
from ingest.references import UNWRITTEN
from ingest.report import Problem, Report, progress
from ingest.sparql import Endpoint, Solution, bad_answer, count_of, endpoint_url, text_of
from ingest.web import MANNERS, Manners, Unreachable, Web
from ingest.wikidata import entity
from workbench.errors import ConfigError, IngestError
from workbench.records import Covariate, Reference
from workbench.store import RunLog, Store

METHODS = ("sitelinks", "pageviews")
PARALLEL = 2
"""Articles that are asked for at a time."""
_TOO_OFTEN = 3
"""Articles in a row that get no answer: the service is away, and is left alone."""
_PACKAGES = ("SPARQLWrapper",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Popularity:
    """What is asked, and of whom."""

    methods: Sequence[str] = METHODS
    endpoint: str = "wikidata"
    service: str = SERVICE
    language: str = "en"
    """Of the Wikipedia whose views are counted."""
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    sitelinks: int | None
    as_of: date | None
    article: str | None


def measure_popularity(db: Path, asked: Popularity, today: date | None = None) -> None:
    """Ask for sitelinks and page views of all references.

    Args:
        db: the study.
        asked: what, and of whom.
        today: None: today.

    Raises:
        ConfigError: If an option makes no sense.
        IngestError: If a service gives no answer; what was fetched before stays.
        SomeItemsFailed: If single articles could not be asked for.
    """
    span = span_of(asked.since, asked.until, today or date.today())
    endpoint = Endpoint(endpoint_url(asked.endpoint))
    try:
        Language(code=asked.language)
    except ValueError as error:
        raise ConfigError(str(error), "--language en") from error
    store = Store.open(db)
    arguments = {"source": "popularity", "methods": asked.methods, "endpoint": asked.endpoint, "span": str(span)}
    with RunLog(store, "ingest", arguments, packages=_PACKAGES) as run, Report(run) as report:
        qids = [reference.qid for reference in store.rows("all_refs", Reference)]
        there = _counted(store, asked, span)
        wanted = qids if "sitelinks" in asked.methods else [qid for qid in qids if qid not in there]
        fetch = functools.partial(_fetch, endpoint, Language(code=asked.language))
        reader = _ViewReader(asked, span)
        with progress("popularity", len(wanted)) as advance:
            for portion in in_portions(wanted, wikidata.BATCH, fetch, report.note):
                store.write(keep(run, [portion.answer]))
                known = _known(report, portion)
                if "sitelinks" in asked.methods:
                    write_covariates(store, run, report, list(_sitelinks(known, asked)))
                if "pageviews" in asked.methods:
                    reader.read(store, run, report, _articles(report, known, asked, there))
                advance(len(portion.items))


def _fetch(endpoint: Endpoint, language: Language, qids: Sequence[str]) -> Answered:
    answered = ask_about(endpoint, "popularity", qids, language=language)
    if not answered.rows:
        # As a client that is blocked gets it: of an item of which nothing is stated there is a row, too.
        raise bad_answer(f"says nothing of {len(qids)} items, {', '.join(qids[:3])} …")
    return answered


def _known(report: Report, portion: Portion[str, Answered]) -> dict[str, _Item]:
    """The items of which the endpoint says something."""
    items = _items(portion.items, portion.answer.rows)
    report.skip("items", [q for q in portion.items if items[q].sitelinks is None], "the endpoint knows nothing of them")
    return {qid: items[qid] for qid in portion.items if items[qid].sitelinks is not None}


def _articles(report: Report, items: Mapping[str, _Item], asked: Popularity, there: Collection[str]) -> dict[str, str]:
    """The articles whose views are not counted yet."""
    without = [qid for qid, item in items.items() if not item.article]
    report.skip("page views", without, f"no article in {asked.language}.wikipedia.org")
    return {qid: item.article for qid, item in items.items() if item.article and qid not in there}


def _counted(store: Store, asked: Popularity, span: Span) -> set[str]:
    rows = store.rows("covariates_of", Covariate, name="popularity", method=_method(asked, span))
    return {row.qid for row in rows if row.as_of == span.last}


def _method(asked: Popularity, span: Span) -> str:
    language = "" if asked.language == "en" else f" {asked.language}"
    return f"pageviews{language}, {span.months} months"


def _items(qids: Sequence[str], rows: Sequence[Solution]) -> dict[str, _Item]:
    by_qid: dict[str, list[Solution]] = {qid: [] for qid in qids}
    for row in rows:
        by_qid.setdefault(entity(row), []).append(row)
    return {qid: _item(found) for qid, found in by_qid.items()}


def _item(rows: Sequence[Solution]) -> _Item:
    edits = (text_of(row, "modified")[:10] for row in rows if "modified" in row)
    try:
        as_of = max(map(date.fromisoformat, edits), default=None)
    except ValueError:
        as_of = None
    return _Item(
        sitelinks=max((count_of(row, "sitelinks") for row in rows if "sitelinks" in row), default=None),
        as_of=as_of,
        article=min((row["article"] for row in rows if "article" in row), default=None),
    )


def _sitelinks(items: dict[str, _Item], asked: Popularity) -> Iterator[Covariate]:
    for qid, item in items.items():
        if item.sitelinks is not None:
            yield Covariate(
                qid=qid,
                name="popularity",
                method="sitelinks",
                value=float(item.sitelinks),
                unit="sitelinks",
                as_of=item.as_of,
                provenance=asked.endpoint,
                run_id=UNWRITTEN,
            )


class _ViewReader:
    """Asks for views, two articles at a time, until the service is away."""

    def __init__(self, asked: Popularity, span: Span) -> None:
        self._asked = asked
        self._span = span
        self._web = Web(MANNERS if asked.service == SERVICE else Manners(allow_private=True))
        self._unanswered = 0

    def read(self, store: Store, run: RunLog, report: Report, articles: Mapping[str, str]) -> None:
        """Ask for the views of articles, by qid, and write them.

        Raises:
            Unreachable: If several in a row got no answer; those before are written.
        """
        found: list[Covariate] = []
        unread: list[str] = []
        pairs = list(articles.items())
        with ThreadPoolExecutor(PARALLEL) as pool:
            try:
                for start in range(0, len(pairs), PARALLEL):
                    asked = pairs[start : start + PARALLEL]
                    answers = pool.map(self._ask, (article for _, article in asked))
                    for (qid, article), answer in zip(asked, answers, strict=True):
                        if isinstance(answer, IngestError):
                            self._count(answer)
                            report.fail([Problem(where=f"{qid} {article}", reason=answer.message)])
                        elif answer is None:
                            unread.append(qid)
                        else:
                            self._unanswered = 0
                            found.append(_views(qid, article, answer, self._asked, self._span))
            finally:
                write_covariates(store, run, report, found)
                report.skip("page views", unread, "none is recorded")

    def _ask(self, article: str) -> int | IngestError | None:
        try:
            return views_of(self._web, self._asked.service, self._asked.language, article, self._span)
        except IngestError as error:
            return error

    def _count(self, error: IngestError) -> None:
        self._unanswered = self._unanswered + 1 if isinstance(error, Unreachable) else 0
        if self._unanswered >= _TOO_OFTEN:
            raise error


def _views(qid: str, article: str, views: int, asked: Popularity, span: Span) -> Covariate:
    return Covariate(
        qid=qid,
        name="popularity",
        method=_method(asked, span),
        value=float(views),
        unit="views",
        as_of=span.last,
        provenance=f"{asked.language}.wikipedia.org/wiki/{article.replace(' ', '_')}, {span}, people on all devices",
        run_id=UNWRITTEN,
    )
