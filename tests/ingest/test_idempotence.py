"""Whatever is known of items: ``wb ingest`` twice is once, and broken off anywhere and run again is once, too."""

import json
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest import wikidata
from ingest.job import Sources
from ingest.whole import Whole, ingest_whole
from tests.ingest.commons import commons, jpeg
from tests.ingest.conftest import dump_of
from tests.ingest.oxigraph import PREFIXES, Oxigraph, serving_statements
from tests.ingest.servers import Answer, Asked, forward, serving

FILES = {f"{n}.jpg": jpeg(n) for n in range(6)} | {"broken.jpg": b"<html>", "none.jpg": Answer(status=404)}
CLASSES = ("Q3305213", "Q860861", "Q11424", "Q5398426")
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking: an example takes a second."""
MAKERS = ("Q1001", "Q1002", "Q1003")


def text(value: str, language: str) -> str:
    return f"{json.dumps(value, ensure_ascii=False)}@{language}"


def escaped(name: str) -> str:
    return f"<http://commons.wikimedia.org/wiki/Special:FilePath/{urllib.parse.quote(name)}>"


@st.composite
def dates(draw: st.DrawFn) -> str:
    year = draw(st.integers(-3000, 2020))
    moment = f"{'-' if year < 0 else ''}{abs(year):04d}-{draw(st.integers(1, 12)):02d}-{draw(st.integers(1, 28)):02d}"
    prop = draw(st.sampled_from(("P571", "P577", "P580")))
    rank = draw(st.sampled_from(("Normal", "Preferred", "Deprecated")))
    value = (
        f'wikibase:timeValue "{moment}T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision {draw(st.integers(6, 11))} ; '
        f"wikibase:timeCalendarModel wd:{draw(st.sampled_from(('Q1985727', 'Q1985786')))}"
    )
    return f"p:{prop} [ wikibase:rank wikibase:{rank}Rank ; psv:{prop} [ {value} ] ]"


@st.composite
def items(draw: st.DrawFn, n: int) -> str:
    """The statements of an item."""
    names = st.text(
        st.characters(codec="utf-8", exclude_characters='"\\', exclude_categories=("Cs", "Cc")), max_size=12
    )
    languages = draw(st.lists(st.sampled_from(("en", "mul", "fr", "de", "zh")), unique=True, max_size=4))
    facts = [f"wdt:P31 wd:{draw(st.sampled_from(CLASSES))}", f"wikibase:sitelinks {draw(st.integers(8, 60))}"]
    facts += [f"rdfs:label {text(draw(names), language)}" for language in languages]
    facts += [f"skos:altLabel {text(draw(names), draw(st.sampled_from(('en', 'fr'))))}"] * draw(st.integers(0, 1))
    facts += draw(st.lists(dates(), max_size=2))
    for name in draw(st.lists(st.sampled_from(sorted(FILES)), max_size=3)):
        rank = draw(st.sampled_from(("Normal", "Preferred", "Deprecated")))
        facts.append(f"p:P18 [ wikibase:rank wikibase:{rank}Rank ; ps:P18 {escaped(name)} ]")
    for maker in draw(st.lists(st.sampled_from(MAKERS), max_size=2)):
        prop = draw(st.sampled_from(("P170", "P57")))
        facts.append(f"p:{prop} [ wikibase:rank wikibase:NormalRank ; ps:{prop} wd:{maker} ]")
    about = f"wd:Q{n} {' ; '.join(facts)} ."
    if draw(st.booleans()):
        about += (
            f"\n<https://en.wikipedia.org/wiki/A{n}> schema:about wd:Q{n} ;"
            f' schema:isPartOf <https://en.wikipedia.org/> ; schema:name "Article {n}"@en .'
        )
    return about


@st.composite
def worlds(draw: st.DrawFn) -> str:
    """What an endpoint holds."""
    people = "\n".join(f'wd:{maker} rdfs:label "Maker {maker}"@en .' for maker in MAKERS)
    found = [draw(items(n)) for n in range(1, draw(st.integers(6, 12)))]
    return "\n".join((PREFIXES, people, *found))


@dataclass(frozen=True)
class Services:
    """Servers that are asked."""

    oxigraph: Oxigraph
    whole: Whole


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with ExitStack() as stack:
        oxigraph = stack.enter_context(serving_statements())
        pictures = stack.enter_context(commons(FILES))
        views = stack.enter_context(serving(lambda _, __: Answer(body=b'{"items": [{"views": 7}]}')))
        sources = Sources(endpoint=oxigraph.url)
        without = ("uniqueness", "frequency")
        yield Services(oxigraph, Whole(sources=sources, commons=pictures.url, pageviews=views.url, without=without))


def ingested(db: Path, whole: Whole) -> dict[str, list[str]]:
    """What is in a study after ``wb ingest``."""
    ingest_whole(db, whole)
    return dump_of(db)


@pytest.mark.usefixtures("soon", "small_batches")
@settings(max_examples=3, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), good=st.integers(0, 20))
def test_twice_is_once_and_broken_off_is_once(services: Services, world: str, good: int) -> None:
    services.oxigraph.load(world)

    def answer(n: int, request: Asked) -> Answer:
        return forward(services.oxigraph.url, request) if n < good else Answer(status=400)

    with TemporaryDirectory() as folder:
        once, broken = Path(folder) / "once.duckdb", Path(folder) / "broken.duckdb"
        first = ingested(once, services.whole)
        assert ingested(once, services.whole) == first
        with serving(answer) as server:
            ingest_whole(broken, replace(services.whole, sources=Sources(endpoint=server.url)))
        again = ingested(broken, services.whole)
    assert without_runs(again) == without_runs(first)


def without_runs(study: dict[str, list[str]]) -> dict[str, list[dict[str, object]]]:
    """The rows, without the run that wrote them, and what was asked of the endpoint that broke."""
    rows = {name: [json.loads(line) for line in lines] for name, lines in study.items() if name != "endpoint_answers"}
    return {name: sorted([bare(row) for row in found], key=json.dumps) for name, found in rows.items()}


def bare(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in ("run_id", "source", "provenance")}


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikidata, "BATCH", 3)
