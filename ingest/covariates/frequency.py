"""Training-data frequency: how many captions mention a title."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ingest.covariates.captions import find_captions
from ingest.covariates.counting import Counting, count_captions
from ingest.covariates.matching import Wording
from ingest.covariates.sharing import Sharing
from ingest.covariates.wordings import wordings
from ingest.covariates.writing import write_covariates
from ingest.references import UNWRITTEN
from ingest.report import Report
from workbench.errors import ConfigError
from workbench.records import CaptionSum, Covariate, Reference, ReferenceLabel
from workbench.store import RunLog, Store

_PACKAGES = ("numba", "pyarrow", "numpy")
AMBIGUOUS_SHARE, AMBIGUOUS_MATCHES = 0.1, 10
"""A title is told as ambiguous where it has so many matches, and a smaller share of them names creator or type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Captions that are counted."""

    captions: Sequence[str]
    """Files, folders, patterns."""
    column: str | None = None
    name: str | None = None
    """None: that of the folder, or of the only file."""
    aliases: bool = False
    """Count captions that mention a reference by any of its names as well."""
    sharing: Sharing = field(default_factory=Sharing)
    """Who counts."""


def corpus_name(corpus: Corpus, paths: Sequence[Path]) -> str:
    """Name of a corpus; it becomes part of the method of its covariates."""
    if corpus.name:
        return corpus.name
    if len(paths) == 1:
        return paths[0].name.partition(".")[0]
    parents = {path.absolute().parent for path in paths}
    if len(parents) > 1:
        raise ConfigError("the caption files lie in several folders", "name their corpus: --corpus laion400m")
    return parents.pop().name


def measure_frequency(db: Path, corpus: Corpus) -> None:
    """Count the titles of all references in a corpus.

    Raises:
        ConfigError: If an option makes no sense.
        IngestError: If no file is found.
        ModelError: If a cluster is to count and cannot.
        SomeItemsFailed: If a file could not be read.
    """
    corpus.sharing.check()
    paths = find_captions(corpus.captions)
    name = corpus_name(corpus, paths)
    store = Store.open(db)
    arguments = {"source": "frequency", "captions": corpus.captions, "corpus": name, "aliases": corpus.aliases}
    arguments |= asdict(corpus.sharing)
    with RunLog(store, "ingest", arguments, packages=_PACKAGES) as run, Report(run) as report:
        references = store.rows("all_refs", Reference)
        looked_for = wordings(references, "title")
        report.skip("titles", [r.qid for r in references if r.qid not in looked_for], "neither letters nor digits")
        measures = {"title": looked_for}
        if corpus.aliases:
            measures["names"] = _with_aliases(store, report, references)
        asked = Counting(paths=paths, column=corpus.column, measures=measures, sharing=corpus.sharing)
        sums = count_captions(store, run, report, asked)
        methods = {"title": f"captions:{name}", "names": f"captions:{name}, any name"}
        found = [c for measure, several in sums.items() for s in several for c in _covariates(s, methods[measure])]
        write_covariates(store, run, report, found)
        labels = {r.qid: r.label for r in references}
        ambiguous = [labels[s.qid] for s in sums["title"] if _ambiguous(s)]
        report.skip("ambiguous titles", ambiguous, _AMBIGUOUS, _HINT)


def _with_aliases(store: Store, report: Report, references: Sequence[Reference]) -> dict[str, Wording]:
    """What to look for where a reference may be called by any of its English names."""
    aliases: dict[str, list[str]] = {}
    for label in store.rows("reference_labels_of", ReferenceLabel, languages=["en", "mul"]):
        aliases.setdefault(label.qid, []).extend([label.label, *label.aliases])
    without = sum(reference.qid not in aliases for reference in references)
    if without:
        report.note(f"{without:,} references have no other name that is known: they are counted by their titles alone")
    return wordings(references, "names", aliases)


_AMBIGUOUS = f"mostly captions without creator or type (under {AMBIGUOUS_SHARE:.0%}): counted, but perhaps other things"
_HINT = "correlate with the corroborated counts as well: they are a method of their own"


def _ambiguous(found: CaptionSum) -> bool:
    return found.matches >= AMBIGUOUS_MATCHES and found.corroborated < AMBIGUOUS_SHARE * found.matches


def provenance_of(found: CaptionSum) -> str:
    """What was counted in."""
    return f"{found.captions:,} captions of {found.files:,} {'file' if found.files == 1 else 'files'}"


def _covariates(found: CaptionSum, method: str) -> Iterator[Covariate]:
    provenance = provenance_of(found)

    def covariate(name: str, method: str, value: float, unit: str) -> Covariate:
        return Covariate(
            qid=found.qid, name=name, method=method, value=value, unit=unit, provenance=provenance, run_id=UNWRITTEN
        )

    yield covariate("training_frequency", method, found.matches, "captions")
    yield covariate("training_frequency", f"{method}, corroborated", found.corroborated, "captions")
    if found.matches:
        share = found.corroborated / found.matches
        yield covariate("corroborated_share", method, share, "share of the captions, 0 to 1")
