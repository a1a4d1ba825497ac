"""Which items of Wikidata are references: the best known of some classes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ingest.answers import Answered, ask
from ingest.queries import Parameter
from ingest.question import CLASSES, Question, Share, WorkClass
from ingest.sparql import Endpoint, Solution, TooMuch, bad_answer, count_of, text_of
from ingest.text import clean_text, parse_qid
from workbench.errors import IngestError

ENTITY = "http://www.wikidata.org/entity/"
BATCH = 50
"""Items a request for facts: each is answered within a second or so, and written on its own."""
_UNHEARD_OF = 1_000_000
"""More sitelinks than any item has."""
_FAMOUS = 500
"""Hardly any item has more sitelinks: a question for these only is not divided any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item that is to be a reference, or is one."""

    qid: str
    sitelinks: int | None
    """None: not known yet."""
    work: WorkClass
    label: str = ""
    """What it is called where it has no English label: the reference that is there has one."""


class Finder:
    """Finds the items that are asked for.

    Args:
        endpoint: to ask.
        keep: is given every answer.
        tell: is told of what is divided.
    """

    def __init__(self, endpoint: Endpoint, keep: Callable[[Answered], None], tell: Callable[[str], None]) -> None:
        self._endpoint = endpoint
        self._keep = keep
        self._tell = tell

    def find(self, question: Question) -> list[Item]:
        """The items with the most sitelinks, over all classes of the kinds that are asked for.

        Raises:
            IngestError: If the endpoint gives no answer, or does not know a class.
        """
        known = {work.qid for work in CLASSES}
        classes = [*CLASSES, *self._named([work for work in question.added_classes() if work.qid not in known])]
        found: dict[str, Item] = {}
        for share in question.shares():
            for item in self._share(classes, share, question.min_sitelinks):
                found.setdefault(item.qid, item)
        return list(found.values())

    def _named(self, classes: Sequence[WorkClass]) -> list[WorkClass]:
        """Classes with their types: what the endpoint calls them in English."""
        if not classes:
            return []
        answered = ask(self._endpoint, "work_class", items=[work.qid for work in classes])
        self._keep(answered)
        names = {work.qid: english([row for row in answered.rows if entity(row) == work.qid]) for work in classes}
        if unknown := [qid for qid, name in names.items() if not name]:
            message = f"the endpoint knows no class {', '.join(unknown)}, or no English name of it"
            raise IngestError(message, "--class wants the item of a class of works, such as Q93184 (drawing)")
        return [replace(work, type=names[work.qid]) for work in classes]

    def _share(self, classes: Sequence[WorkClass], share: Share, minimum: int) -> list[Item]:
        found: dict[str, Item] = {}
        for work in classes:
            if share.kind in (None, work.kind):
                for item in self._best_known(work, share.limit, minimum, _UNHEARD_OF):
                    found.setdefault(item.qid, item)
        # The order of each class's own answer, so that the limit cuts ties at the same place every time.
        return sorted(found.values(), key=_fame)[: share.limit]

    def _best_known(self, work: WorkClass, limit: int, low: int, below: int) -> list[Item]:
        """The items of a class by sitelinks; where that is too much at once, first those with more of them."""
        middle = 2 * low + 10 if below == _UNHEARD_OF else (low + below) // 2
        divisible = low < middle < below and middle <= 2 * _FAMOUS
        asked: dict[str, Parameter] = {"work": work.qid, "minimum": low, "below": below, "limit": limit}
        try:
            answered = ask(self._endpoint, "items", divisible=divisible, **asked)
        except TooMuch as error:
            if not divisible:
                raise
            self._tell(f"{error.message}: asking for each {work.type} with {middle}+ sitelinks first")
            famous = self._best_known(work, limit, middle, below)
            if len(famous) >= limit:
                return famous
            return famous + self._best_known(work, limit - len(famous), low, middle)
        self._keep(answered)
        return [Item(qid=entity(row), sitelinks=count_of(row, "sitelinks"), work=work) for row in answered.rows]


def _fame(item: Item) -> tuple[int, str]:
    return -(item.sitelinks or 0), item.qid


def entity(row: Solution) -> str:
    """The id of the item that a row is about.

    Raises:
        IngestError: If it is none of Wikidata's.
    """
    return item_id(text_of(row, "item"), "item")


def item_id(iri: str, variable: str) -> str:
    """The id of an item by its IRI.

    Raises:
        IngestError: If it is none of Wikidata's; variable is where it was met.
    """
    try:
        return parse_qid(iri.removeprefix(ENTITY))
    except ValueError as error:
        raise bad_answer(f"has ?{variable} {iri[:80]!r}, which is no item of Wikidata") from error


def english(rows: Sequence[Solution]) -> str:
    """The English label, else the one for all languages; of several the first in the alphabet; "" without one."""
    texts = [(text_of(row, "language") != "en", clean_text(text_of(row, "value"))) for row in rows]
    return min((text for text in texts if text[1]), default=(True, ""))[1]
