"""What an endpoint was asked and what it answered: kept verbatim, so that every number can be traced to its source."""

import gzip
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from ingest.queries import Parameter, bind
from ingest.references import UNWRITTEN
from ingest.sparql import Endpoint, Solution, TooMuch
from workbench.errors import ConfigError, StoreError
from workbench.options import say
from workbench.records import EndpointAnswer, content_id
from workbench.store import RunLog, Store, Write, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The rows of an answer, and the row that keeps it."""

    rows: Sequence[Solution]
    kept: EndpointAnswer


def ask(endpoint: Endpoint, question: str, *, divisible: bool = False, **parameters: Parameter) -> Answered:
    """Ask a query that ships.

    Args:
        endpoint: to ask.
        question: name of the query file.
        divisible: the caller asks for less where this is too much.
        parameters: of the query.

    Raises:
        TooMuch: As ``Endpoint.ask``.
        IngestError: As ``Endpoint.ask``.
    """
    query = bind(question, **parameters)
    answer = endpoint.ask(query, divisible=divisible)
    # Engines give rows in any order, so the same rows are the same answer.
    rows = sorted(json.dumps(row, sort_keys=True) for row in answer.rows)
    now = utc_now()
    kept = EndpointAnswer(
        answer_id=content_id(endpoint.url, query, *rows),
        endpoint=endpoint.url,
        question=question,
        query=query,
        answer=gzip.compress(answer.body, mtime=0),
        size=len(answer.body),
        result_rows=len(answer.rows),
        first_utc=now,
        last_utc=now,
        run_id=UNWRITTEN,
    )
    return Answered(rows=answer.rows, kept=kept)


def ask_about(endpoint: Endpoint, question: str, qids: Sequence[str], **parameters: Parameter) -> Answered:
    """Ask a query about items, as ``in_portions`` wants it: of several, fewer are asked about where it is too much.

    Raises:
        TooMuch: As ``Endpoint.ask``.
        IngestError: As ``Endpoint.ask``.
    """
    divisible = len(qids) > 1
    try:
        return ask(endpoint, question, divisible=divisible, items=qids, **parameters)
    except TooMuch as error:
        alone = "" if divisible else f" (asked about {qids[0]} alone)"
        raise TooMuch(f"{error.message}{alone}", error.hint) from error


def keep(run: RunLog, answers: Sequence[Answered]) -> Write:
    """The write that keeps answers."""
    records = [replace(answered.kept, run_id=run.run_id) for answered in answers]
    return Write(query="upsert_endpoint_answers", table="endpoint_answers", records=records)


def list_answers(db: Path) -> pl.DataFrame:
    """What endpoints were asked and when, without the answers themselves."""
    return Store.open(db).frame("endpoint_answers")


def write_answers(db: Path, folder: Path) -> None:
    """Write every query and its raw answer into a folder: ``ID.rq`` and ``ID.json``.

    Raises:
        ConfigError: If the folder cannot be written.
        StoreError: If the study cannot be read, or an answer in it is damaged.
    """
    store = Store.open(db)
    ids = [str(found) for found in store.frame("endpoint_answers")["answer_id"]]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for answer_id in ids:
            (kept,) = store.rows("endpoint_answer", EndpointAnswer, answer_id=answer_id)
            body = gzip.decompress(kept.answer)
            (folder / f"{answer_id}.rq").write_text(kept.query, encoding="utf-8")
            (folder / f"{answer_id}.json").write_bytes(body)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise StoreError(f"answer {answer_id} is damaged: {error}", "restore the study from a copy") from error
    except OSError as error:
        raise ConfigError(f"cannot write {folder}: {error.strerror}", "name another folder with --to") from error
    say(f"{folder}: {len(ids):,} queries and answers")
