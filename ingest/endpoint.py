"""References from a SPARQL endpoint: ids first, then facts batch by batch, each batch written when it is there."""

from dataclasses import dataclass

from ingest import wikidata
from ingest.references import write_references
from ingest.report import Report, tracked
from ingest.sparql import Endpoint, endpoint_url
from ingest.wikidata_facts import read_facts
from workbench.store import RunLog, Store

DEFAULT_ENDPOINT = "wikidata"
DEFAULT_LIMIT = 767
"""As many references as the study has."""
DEFAULT_MIN_SITELINKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which references an endpoint is asked for."""

    endpoint: str = DEFAULT_ENDPOINT
    """A preset or a URL."""
    kind: str | None = None
    """``static``, ``dynamic``; None: both."""
    limit: int = DEFAULT_LIMIT
    min_sitelinks: int = DEFAULT_MIN_SITELINKS


def ingest_endpoint(store: Store, run: RunLog, report: Report, question: Question) -> None:
    """Add the references that an endpoint knows.

    Raises:
        IngestError: If it gives no answer; what was fetched before stays.
    """
    endpoint = Endpoint(endpoint_url(question.endpoint))
    report.note(f"asking {endpoint.url} for up to {question.limit:,} items with {question.min_sitelinks}+ sitelinks")
    items = wikidata.find_items(endpoint, question.kind, question.limit, question.min_sitelinks)
    run.planned += len(items)
    if not items:
        report.note("no item fits; lower --min-sitelinks, or name another --endpoint")
    batches = [items[start : start + wikidata.BATCH] for start in range(0, len(items), wikidata.BATCH)]
    for batch in tracked(batches, "facts"):
        facts = read_facts(batch, wikidata.fetch_facts(endpoint, batch), question.endpoint)
        write_references(store, run, report, facts.found)
        report.skip("items", facts.unlabelled, "no English label to prompt with")
        report.skip("creation dates", facts.unreadable_dates, "unreadable or out of range")
