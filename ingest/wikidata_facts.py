"""From facts of items to references."""

import urllib.parse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingest.dates import DAY, CreationDate, RankedDate, best_date, parse_date
from ingest.references import UNWRITTEN, FoundReference
from ingest.sparql import Solution, count_of, text_of
from ingest.text import clean_text
from ingest.wikidata import ENTITY, Item, english, entity, item_id
from workbench.records import Covariate, Reference

_JULIAN = ENTITY + "Q1985786"
_PREFERRED = "http://wikiba.se/ontology#PreferredRank"
_NOBODY = frozenset({ENTITY + "Q4233718"})
"""Items that stand for a maker of whom nothing is known: "anonymous" is no name to prompt with."""
_FILE = "/Special:FilePath/"
_FIRST_MAKERS = {"film": ("director", "creator")}
"""Whose names come first; elsewhere creators before directors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsRead:
    """What a batch of facts comes to."""

    found: Sequence[FoundReference]
    unlabelled: Sequence[str]
    """Items without an English label: nothing to prompt."""
    unreadable_dates: Sequence[str]
    """Items with a date that is none, or out of range; it is left out."""
    redirects: Mapping[str, str]
    """Items that were merged, and into which."""
    unknown: Sequence[str]
    """Items of which nothing at all is stated: they were deleted."""


def read_facts(items: Sequence[Item], rows: Sequence[Solution], source: str) -> FactsRead:
    """Make a reference of each item that is there and has a label."""
    by_item: dict[str, dict[str, list[Solution]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_item[entity(row)][text_of(row, "fact")].append(row)
    redirects = {qid: target for qid, facts in by_item.items() if (target := _target(facts["redirect"]))}
    there = [item for item in items if item.qid in by_item and item.qid not in redirects]
    labels = {item.qid: english(by_item[item.qid]["label"]) or item.label for item in there}
    dates = {item.qid: [_ranked_date(row) for row in by_item[item.qid]["date"]] for item in there if labels[item.qid]}
    return FactsRead(
        found=[
            _found(item, labels[item.qid], best_date(filter(None, dates[item.qid])), by_item[item.qid], source)
            for item in there
            if labels[item.qid]
        ],
        unlabelled=[item.qid for item in there if not labels[item.qid]],
        unreadable_dates=[qid for qid, found in dates.items() if None in found],
        redirects=redirects,
        unknown=[item.qid for item in items if item.qid not in by_item],
    )


def _target(rows: Sequence[Solution]) -> str | None:
    return min((item_id(text_of(row, "value"), "value") for row in rows), default=None)


def _ranked_date(row: Solution) -> RankedDate | None:
    """The date of a statement; None where it cannot be read.

    Wikibase gives a Julian date of day precision in RDF as a Gregorian one, and leaves less precise ones Julian.
    """
    try:
        precision = int(text_of(row, "precision"))
        julian = text_of(row, "calendar") == _JULIAN and precision < DAY
        date_ = parse_date(text_of(row, "value"), precision, "julian" if julian else "gregorian")
    except ValueError:
        return None
    date_ = replace(date_, circa="circa" in row)
    return RankedDate(date=date_, preferred=text_of(row, "rank") == _PREFERRED)


def _makers(item: Item, facts: dict[str, list[Solution]]) -> tuple[str, ...]:
    """Names of creators and directors, each once: preferred rank first, then as numbered, then by item number."""

    def order(row: Solution) -> tuple[bool, int, int]:
        item = text_of(row, "person").rpartition("Q")[2]
        return text_of(row, "rank") != _PREFERRED, _number(row.get("ordinal", ""), 1_000_000), _number(item, 0)

    names: dict[str, str] = {}
    for role in _FIRST_MAKERS.get(item.work.type or "", ("creator", "director")):
        for row in sorted(facts[role], key=order):
            same = [r for r in facts[role] if text_of(r, "person") == text_of(row, "person")]
            names.setdefault(text_of(row, "person"), english(same))
    return tuple(dict.fromkeys(name for person, name in names.items() if name and person not in _NOBODY))


def _number(digits: str, otherwise: int) -> int:
    return int(digits) if digits.isdecimal() and len(digits) <= 15 else otherwise


def _found(
    item: Item, label: str, created: CreationDate | None, facts: dict[str, list[Solution]], source: str
) -> FoundReference:
    images = _images(facts["image"])
    reference = Reference(
        qid=item.qid,
        label=label,
        kind=item.work.kind,
        type=item.work.type,
        creators=_makers(item, facts),
        creation_date=created.value if created else None,
        creation_year=created.year if created else None,
        creation_precision=created.precision if created else None,
        creation_calendar=created.calendar if created else None,
        creation_circa=created is not None and created.circa,
        more_image_files=images[1:],
        description=min((clean_text(text_of(row, "value")) for row in facts["description"]), default="") or None,
        image_file=next(iter(images), None),
        source=source,
        run_id=UNWRITTEN,
    )
    return FoundReference(reference=reference, covariates=tuple(_sitelinks(item, facts, source)))


def _sitelinks(item: Item, facts: dict[str, list[Solution]], source: str) -> Iterator[Covariate]:
    counted = max((count_of(row, "value") for row in facts["sitelinks"]), default=item.sitelinks)
    if counted is not None:
        yield Covariate(
            qid=item.qid,
            name="popularity",
            method="sitelinks",
            value=float(counted),
            unit="sitelinks",
            as_of=_last_edit(facts["modified"]),
            provenance=source,
            run_id=UNWRITTEN,
        )


def _images(rows: Sequence[Solution]) -> tuple[str, ...]:
    """Names of pictures, each once: preferred rank first, then in their own order."""
    named = [(_commons_file(text_of(row, "value")), text_of(row, "rank") != _PREFERRED) for row in rows]
    ordered = sorted(named, key=lambda found: (found[1], found[0]))
    return tuple(dict.fromkeys(name for name, _ in ordered if name))


def _commons_file(iri: str) -> str:
    """Its name; "" where there is a picture that nobody knows."""
    if _FILE not in iri:
        return ""
    return clean_text(urllib.parse.unquote(iri.rpartition("/")[2]).replace("_", " "))


def _last_edit(rows: Sequence[Solution]) -> date | None:
    """Day of the item's last edit: since then its sitelinks are these, however old the endpoint's copy is."""
    try:
        return max((date.fromisoformat(text_of(row, "value")[:10]) for row in rows), default=None)
    except ValueError:
        return None
