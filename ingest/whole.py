"""``wb ingest`` alone: all of it, step by step, each a run of its own; a step that fails does not stop the rest."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from ingest.commons import API
from ingest.covariates.captions import find_captions
from ingest.covariates.frequency import Corpus, measure_frequency
from ingest.covariates.pageviews import SERVICE
from ingest.covariates.popularity import Popularity, measure_popularity
from ingest.covariates.uniqueness import INSTALL, Uniqueness, default_methods, measure_uniqueness
from ingest.image_job import Pictures, add_pictures
from ingest.images import ImageRules
from ingest.job import Sources, check_sources, ingest_sources
from ingest.prompts import Asked as PromptsAsked
from ingest.prompts import make_prompts
from ingest.report import Told, gathered, leave_out
from ingest.steps import REFERENCES, STEPS
from workbench.errors import IngestError, SomeItemsFailed, StoreError, WorkbenchError
from workbench.options import say
from workbench.store import Store

PROMPTS = ("title", "with-creator")
_NEEDED = {"word-rarity": "wordfreq", "embedding-distance": "sentence_transformers"}
"""Method of uniqueness → package of an extra."""
_COLUMNS = {"step": pl.String, "item": pl.String, "n": pl.Int64, "note": pl.String}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What ``wb ingest`` alone was asked."""

    sources: Sources
    commons: str = API
    """API of the MediaWiki that has the pictures."""
    pageviews: str = SERVICE
    captions: Sequence[str] = ()
    """Files in which titles are counted."""
    without: Collection[str] = ()
    """Of ``STEPS``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of all steps."""

    table: pl.DataFrame
    """What was found, skipped and why: columns step, item, n, note."""
    problem: WorkbenchError | None
    """None: all went well."""


def ingest_whole(db: Path, asked: Whole) -> Outcome:
    """Run every step: references, their images, popularity, frequency, uniqueness, prompts.

    Raises:
        ConfigError: If the options do not go together.
        IngestError: If there are no captions where some are named.
        StoreError: If the study cannot be used.
    """
    check_sources(asked.sources)
    if asked.captions:
        find_captions(asked.captions)
    rows: list[tuple[str, str, int | None, str]] = []
    failed: list[str] = []
    incomplete: list[str] = []
    for name, run in _steps(db, asked):
        say(f"\n{name}")
        try:
            with gathered() as told:
                run()
        except SomeItemsFailed:
            incomplete.append(name)
        except StoreError:
            raise
        except WorkbenchError as error:
            note = f"{error.message}; {error.hint}" if error.hint else error.message
            told.append(Told(item="not finished" if told else "failed", n=None, note=note))
            failed.append(name)
        rows += [(name, line.item, line.n, line.note) for line in told]
    return Outcome(table=pl.DataFrame(rows, schema=_COLUMNS, orient="row"), problem=_problem(failed, incomplete))


def _problem(failed: Sequence[str], incomplete: Sequence[str]) -> WorkbenchError | None:
    again = "the table says why; the same command goes on where it was"
    if failed:
        return IngestError(f"{len(failed)} of {len(STEPS)} steps did not go through: {', '.join(failed)}", again)
    if incomplete:
        return SomeItemsFailed(f"some items could not be taken: {', '.join(incomplete)}", again)
    return None


def _steps(db: Path, asked: Whole) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every step with what it does; what is not done says why."""
    source = asked.sources
    endpoint = source.endpoint or "wikidata"
    rules = ImageRules()
    steps: dict[str, Callable[[], None]] = {
        REFERENCES: lambda: ingest_sources(db, source),
        "images": lambda: add_pictures(db, Pictures(commons=True, api=asked.commons, rules=rules)),
        "popularity": lambda: measure_popularity(db, Popularity(endpoint=endpoint, service=asked.pageviews)),
        "frequency": lambda: _frequency(db, asked.captions),
        "uniqueness": lambda: _uniqueness(db, asked.captions),
        "prompts": lambda: make_prompts(db, PromptsAsked(perturbations=PROMPTS)),
    }
    for name, run in steps.items():
        if name in asked.without:
            yield name, partial(leave_out, name, f"--without {name}")
        elif name != REFERENCES and not _has_references(db):
            yield name, partial(leave_out, name, "there are no references")
        else:
            yield name, run


def _has_references(db: Path) -> bool:
    return db.exists() and bool(Store.open(db).frame("any_reference").item())


def _frequency(db: Path, captions: Sequence[str]) -> None:
    if captions:
        measure_frequency(db, Corpus(captions=captions))
    else:
        leave_out("frequency", "no captions are named: wb ingest frequency --captions FILES")


def _uniqueness(db: Path, captions: Sequence[str]) -> None:
    wanted = default_methods(captions)
    methods = [name for name in wanted if name not in _NEEDED or find_spec(_NEEDED[name])]
    if methods:
        corpus = Corpus(captions=captions) if captions else None
        measure_uniqueness(db, Uniqueness(methods=methods, corpus=corpus))
    if missing := [name for name in wanted if name not in methods]:
        leave_out(", ".join(missing), INSTALL)
