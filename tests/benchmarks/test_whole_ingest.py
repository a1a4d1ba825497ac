"""A whole ``wb ingest`` of 300 items, killed three times on the way: nothing is missing, nothing is doubled.

No ratio, but minutes long; it prints the table that proves it.
"""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from tests.ingest.commons import commons, jpeg
from tests.ingest.conftest import dump_of
from tests.ingest.oxigraph import PREFIXES, serving_statements
from tests.ingest.servers import Answer, Asked, LocalServer, forward, serving
from workbench.options import write_frame
from workbench.store import Store

N, UNLABELLED, PICTURELESS, BROKEN, UNREAD = 300, 6, 20, 12, 40
REFERENCES = N - UNLABELLED
WB = Path(sys.executable).parent / "wb"
KEYS = {
    "refs": "qid",
    "reference_labels": "(qid, language)",
    "ref_images": "(qid, sha256)",
    "downloads": "(qid, source)",
    "covariates": "(qid, name, method)",
    "covariate_history": "(qid, name, method, replaced_by)",
    "prompts": "(qid, perturbation, variant)",
    "endpoint_answers": "answer_id",
    "lost_items": "qid",
}


def item(n: int) -> str:
    """The statements of the nth item: every second one is a film."""
    kind = ("Q3305213", "Q11424")[n % 2]
    date = (
        f'wikibase:timeValue "{1000 + 3 * n}-01-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 9 ; '
        "wikibase:timeCalendarModel wd:Q1985727"
    )
    facts = [
        f"wdt:P31 wd:{kind}",
        f"wikibase:sitelinks {400 - n}",
        'schema:dateModified "2026-05-01T00:00:00Z"^^xsd:dateTime',
        f'rdfs:label "Titre {n}"@fr ; skos:altLabel "Other {n}"@en',
        f"p:P571 [ wikibase:rank wikibase:NormalRank ; psv:P571 [ {date} ] ]",
        f"p:P170 [ wikibase:rank wikibase:NormalRank ; ps:P170 wd:Q{900 + n % 7} ]",
    ]
    if n >= UNLABELLED:
        facts.append(f'rdfs:label "Title {n}"@en')
    if not UNLABELLED <= n < UNLABELLED + PICTURELESS:
        file = f"<http://commons.wikimedia.org/wiki/Special:FilePath/{n}.jpg>"
        facts.append(f"p:P18 [ wikibase:rank wikibase:NormalRank ; ps:P18 {file} ]")
    about = f"wd:Q{1000 + n} {' ; '.join(facts)} ."
    if n < N - UNREAD:
        page = f"<https://en.wikipedia.org/wiki/T{n}> schema:about wd:Q{1000 + n}"
        about += f'\n{page} ; schema:isPartOf <https://en.wikipedia.org/> ; schema:name "T{n}"@en .'
    return about


def picture(n: int) -> bytes:
    return b"<html>not a picture</html>" if n >= N - BROKEN else jpeg(n)


@dataclass(frozen=True)
class Servers:
    """What ``wb ingest`` asks, and counts of what it was asked."""

    endpoint: LocalServer
    commons: LocalServer
    pageviews: LocalServer

    def command(self, db: Path) -> list[str]:
        """The whole of ``wb ingest``."""
        services = ["--endpoint", self.endpoint.url, "--commons", self.commons.url, "--pageviews", self.pageviews.url]
        return [str(WB), "ingest", "--db", str(db), *services, "--without", "uniqueness"]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    people = [f'wd:Q{900 + n} rdfs:label "Maker {n}"@en .' for n in range(7)]
    with ExitStack() as stack:
        oxigraph = stack.enter_context(serving_statements("\n".join((PREFIXES, *people, *map(item, range(N))))))
        endpoint = stack.enter_context(serving(lambda _, request: forward(oxigraph.url, request)))
        pictures = stack.enter_context(commons({f"{n}.jpg": picture(n) for n in range(N)}))
        views = stack.enter_context(serving(lambda _, request: Answer(body=_views(request))))
        yield Servers(endpoint, pictures, views)


def _views(request: Asked) -> bytes:
    return b'{"items": [{"views": %d}]}' % len(request.path)


def killed(command: Sequence[str], due: Callable[[], bool]) -> None:
    """Run a command, and kill it without a warning once it is due."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not due():
        assert process.poll() is None, "it ended before it was killed"
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def finished(command: Sequence[str]) -> None:
    """Run a command to its end: some pictures are none, so it says that some items failed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 4), done.stderr


def rows(dump: dict[str, list[str]], table: str) -> Counter[str]:
    """The rows of a table, without the run that wrote them."""
    frame = pl.DataFrame({"line": dump[table]}, schema={"line": pl.String})
    without = pl.col("line").str.replace_all(r'"(run_id|first_utc)":"[^"]*"', "")
    return Counter(frame.select(without)["line"].to_list())


def test_killed_three_times_nothing_is_missing_and_nothing_doubled(servers: Servers, tmp_path: Path) -> None:
    straight, broken = tmp_path / "straight.duckdb", tmp_path / "killed.duckdb"
    finished(servers.command(straight))
    pictures = Counter(request.path for request in servers.commons.asked if "api.php" not in request.path)
    begun = {name: len(getattr(servers, name).asked) for name in ("endpoint", "commons", "pageviews")}
    for name, requests in (("endpoint", 13), ("commons", 130), ("pageviews", 70)):
        asked = getattr(servers, name).asked
        killed(servers.command(broken), lambda asked=asked, due=begun[name] + requests: len(asked) >= due)
    finished(servers.command(broken))
    again = Counter(request.path for request in servers.commons.asked if "api.php" not in request.path) - pictures

    before, after = dump_of(straight), dump_of(broken)
    store = Store.open(broken)
    lines = []
    for table, key in KEYS.items():
        whole, found = rows(before, table), rows(after, table)
        n, keys = store.sql(f"SELECT count(*), count(DISTINCT {key}) FROM {table}").row(0)
        missing, extra = (whole - found).total(), (found - whole).total()
        lines.append((table, whole.total(), n, missing, extra, n - keys))
    columns = ["table", "uninterrupted", "killed 3 times", "missing", "not expected", "doubled keys"]
    print(f"\n{N} items, {REFERENCES} with an English label; wb ingest killed after 13 SPARQL requests,")
    print("130 requests for pictures, 70 for page views, then run to its end:")
    write_frame(pl.DataFrame(lines, schema=columns, orient="row"), "table")
    files = [path for path in store.images.folder.rglob("*") if path.is_file()]
    named = {path.stem for path in files if hashlib.sha256(path.read_bytes()).hexdigest() == path.stem}
    kept = set(store.sql("SELECT sha256 FROM ref_images")["sha256"])
    print(f"picture files: {len(files)}, of them with the bytes that their name says: {len(named)}")
    print(f"pictures asked for more than once after three kills: {sum(n > 1 for n in again.values())} of {len(again)}")
    outcomes = store.sql("SELECT outcome, count(*) AS n FROM runs GROUP BY outcome ORDER BY outcome").rows()
    print(f"runs: {', '.join(f'{n} {outcome}' for outcome, n in outcomes)}")

    assert all(missing == extra == doubled == 0 for *_, missing, extra, doubled in lines)
    assert {table: n for table, n, *_ in lines}["refs"] == REFERENCES
    assert len(kept) == REFERENCES - PICTURELESS - BROKEN and kept <= named
    assert dict(outcomes)["running"] == 3, "a killed run stays as it was"
