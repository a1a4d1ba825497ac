"""References from a SPARQL endpoint: ids first, then facts and labels batch by batch, each written when it is there."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest import sparql, wikidata
from ingest.answers import Answered, ask_about, keep
from ingest.item_labels import label_writes, read_labels
from ingest.portions import Portion, in_portions
from ingest.question import PRESETS, UNPUBLISHED, Question, WorkClass
from ingest.references import FoundReference, write_batch
from ingest.report import Report, progress
from ingest.sparql import Endpoint, bad_answer, endpoint_url
from ingest.wikidata import Item
from ingest.wikidata_facts import FactsRead, read_facts
from workbench.records import LostItem, Reference
from workbench.store import RunLog, Store, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    facts: Answered
    labels: Answered


def ingest_endpoint(store: Store, run: RunLog, report: Report, question: Question) -> None:
    """Add the references that an endpoint knows, or ask it about those that are there.

    Raises:
        IngestError: If it gives no answer; what was fetched before stays.
    """
    endpoint = Endpoint(endpoint_url(question.endpoint))
    there = {reference.qid: reference for reference in store.rows("all_refs", Reference)}
    if question.refresh:
        items = [_item(reference) for reference in there.values() if question.kind in (None, reference.kind)]
        report.note(f"asking {endpoint.url} about {len(items):,} references")
    else:
        items = _find(store, run, report, endpoint, question)
    run.planned += len(items)
    fetch = functools.partial(_fetch, endpoint, question)
    writer = _Writer(store, run, report, question, there)
    with progress("facts", len(items)) as advance:
        for portion in in_portions(items, wikidata.BATCH, fetch, report.note):
            writer.write(portion)
            advance(len(portion.items))


def _find(store: Store, run: RunLog, report: Report, endpoint: Endpoint, question: Question) -> list[Item]:
    if question.preset:
        report.note(f"preset {question.preset}: {PRESETS[question.preset]}; {UNPUBLISHED}")
    for share in question.shares():
        kind = f"{share.kind} items" if share.kind else "items"
        least = question.min_sitelinks
        report.note(f"asking {endpoint.url} for up to {share.limit:,} {kind} with {least}+ sitelinks")

    def kept(answered: Answered) -> None:
        store.write(keep(run, [answered]))

    items = wikidata.Finder(endpoint, kept, report.note).find(question)
    if not items:
        report.note("no item fits; lower --min-sitelinks, or name another --endpoint")
    return items


def _item(reference: Reference) -> Item:
    work = WorkClass(qid="", type=reference.type, kind=reference.kind)
    return Item(qid=reference.qid, sitelinks=None, work=work, label=reference.label)


def _fetch(endpoint: Endpoint, question: Question, items: Sequence[Item]) -> _Fetched:
    qids = [item.qid for item in items]
    facts = ask_about(endpoint, "facts", qids)
    labels = ask_about(endpoint, "labels", qids, languages=question.all_languages())
    if not facts.rows and len(qids) > 1:
        # As a client that is blocked gets it. Of one item alone it says that the item is gone.
        raise bad_answer(f"knows none of {len(items)} items, {', '.join(qids[:3])} …")
    if not labels.rows and any(row.get("fact") == "label" for row in facts.rows):
        raise bad_answer("has no labels of items that it has just given labels of")
    return _Fetched(facts=facts, labels=labels)


class _Writer:
    """Writes what an endpoint says of some items.

    Args:
        store: the study.
        run: counts what is written.
        report: tells it.
        question: what was asked.
        there: the references before, by qid.
    """

    def __init__(
        self, store: Store, run: RunLog, report: Report, question: Question, there: dict[str, Reference]
    ) -> None:
        self._store = store
        self._run = run
        self._report = report
        self._question = question
        self._there = there

    def write(self, portion: Portion[Item, _Fetched]) -> None:
        """Write a portion in one transaction, and tell what is left out."""
        facts = read_facts(portion.items, portion.answer.facts.rows, self._question.endpoint)
        found = [self._merged(said) for said in facts.found]
        qids = [said.reference.qid for said in found]
        labels = read_labels(portion.answer.labels.rows)
        languages = self._question.all_languages().codes
        writes = (
            *label_writes(labels, qids, languages),
            *self._lost(facts, qids),
            keep(self._run, [portion.answer.facts, portion.answer.labels]),
        )
        self._report.add("references", found=len(found))
        write_batch(self._store, self._run, self._report, found, writes)
        self._tell(facts)

    def _merged(self, said: FoundReference) -> FoundReference:
        """A reference of a file keeps what the file says; the rest is what the endpoint says."""
        before = self._there.get(said.reference.qid)
        if before is None or _from_endpoint(before):
            return said
        return replace(said, reference=completed(before, said.reference))

    def _lost(self, facts: FactsRead, qids: Sequence[str]) -> tuple[Write, Write]:
        states = {qid: None for qid in facts.unknown} | dict(facts.redirects)
        lost = [
            LostItem(
                qid=qid,
                state="redirected" if target else "deleted",
                target=target,
                endpoint=self._question.endpoint,
                run_id=self._run.run_id,
            )
            for qid, target in states.items()
            if qid in self._there
        ]
        return (
            Write(query="forget_lost_items", parameters={"qids": list(qids)}),
            Write(query="upsert_lost_items", table="lost_items", records=lost),
        )

    def _tell(self, facts: FactsRead) -> None:
        merged = [f"{qid} into {target}" for qid, target in facts.redirects.items()]
        hint = "they stay as they were, in table lost_items; a reference for the other item: wb ingest --from FILE"
        self._report.skip("items", merged, "merged into others", hint)
        self._report.skip("items", facts.unknown, "deleted: the endpoint states nothing of them", _KEPT)
        self._report.skip("items", facts.unlabelled, "no English label to prompt with")
        self._report.skip("creation dates", facts.unreadable_dates, "unreadable or out of range")


_KEPT = "references stay as they were; table lost_items names them"


def _from_endpoint(reference: Reference) -> bool:
    return reference.source in sparql.PRESETS or "://" in reference.source


def completed(own: Reference, said: Reference) -> Reference:
    """A reference with what it leaves open taken from what is said elsewhere; dates and pictures are taken whole."""
    pictured = own if own.image_file else said
    dated = said if own.creation_date is None and own.creation_year is None else own
    return replace(
        own,
        type=own.type or said.type,
        creators=own.creators or said.creators,
        creation_date=dated.creation_date,
        creation_year=dated.creation_year,
        creation_precision=dated.creation_precision,
        creation_calendar=dated.creation_calendar,
        creation_circa=dated.creation_circa,
        description=own.description or said.description,
        image_file=pictured.image_file,
        more_image_files=pictured.more_image_files,
    )
