"""References from Wikidata's statements: which items, and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.queries import bind
from ingest.sparql import Endpoint, Solution, bad_answer, count_of, text_of
from ingest.text import parse_qid

ENTITY = "http://www.wikidata.org/entity/"
BATCH = 50
"""Items a request for facts: each is answered within a second or so, and written on its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkClass:
    """A class of works that is asked for, with its subclasses."""

    qid: str
    type: str
    kind: str


CLASSES = (
    WorkClass(qid="Q3305213", type="painting", kind="static"),
    WorkClass(qid="Q860861", type="sculpture", kind="static"),
    WorkClass(qid="Q125191", type="photograph", kind="static"),
    WorkClass(qid="Q11060274", type="print", kind="static"),
    WorkClass(qid="Q11424", type="film", kind="dynamic"),
    WorkClass(qid="Q5398426", type="television series", kind="dynamic"),
)
"""What is asked for; an item of several classes is of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item that is to be a reference."""

    qid: str
    sitelinks: int
    work: WorkClass


def find_items(endpoint: Endpoint, kind: str | None, limit: int, min_sitelinks: int) -> list[Item]:
    """The items with the most sitelinks, over all classes of a kind.

    Args:
        endpoint: to ask.
        kind: ``static``, ``dynamic`` or None for both.
        limit: how many at most.
        min_sitelinks: how many sitelinks each has at least.

    Raises:
        IngestError: If the endpoint gives no answer.
    """
    found: dict[str, Item] = {}
    for work in CLASSES:
        if kind in (None, work.kind):
            query = bind("items", work=work.qid, minimum=min_sitelinks, limit=limit)
            for row in endpoint.select(query):
                item = Item(qid=entity(row), sitelinks=count_of(row, "sitelinks"), work=work)
                found.setdefault(item.qid, item)
    # The order of each class's own answer, so that the limit cuts ties at the same place every time.
    return sorted(found.values(), key=lambda item: (-item.sitelinks, item.qid))[:limit]


def fetch_facts(endpoint: Endpoint, items: Sequence[Item]) -> list[Solution]:
    """All that is stated of some items, one fact a row.

    Raises:
        IngestError: If the endpoint gives no answer.
    """
    return endpoint.select(bind("facts", items=[item.qid for item in items]))


def entity(row: Solution) -> str:
    """The id of the item that a row is about.

    Raises:
        IngestError: If it is none of Wikidata's.
    """
    iri = text_of(row, "item")
    try:
        return parse_qid(iri.removeprefix(ENTITY))
    except ValueError as error:
        raise bad_answer(f"has ?item {iri[:80]!r}, which is no item of Wikidata") from error
