"""One ``wb ingest``: its sources, in order, in one run."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.endpoint import ingest_endpoint
from ingest.image_sources import ImageSource, find_images
from ingest.images import DEFAULT_DISTANCE, ImageRules, ingest_images
from ingest.question import DEFAULT_ENDPOINT, DEFAULT_LIMIT, DEFAULT_MIN_SITELINKS, LANGUAGES, PAPER, PRESETS, Question
from ingest.references import write_references
from ingest.references_csv import ReferenceFile, read_references
from ingest.report import Report
from workbench.errors import ConfigError
from workbench.store import RunLog, Store

_PACKAGES = ("ImageHash", "pillow", "SPARQLWrapper")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What ``wb ingest`` and ``wb ingest references`` were asked; None: not said."""

    references: Path | None = None
    images: Path | None = None
    endpoint: str | None = None
    kind: str | None = None
    limit: int | None = None
    min_sitelinks: int | None = None
    classes: Sequence[str] = ()
    languages: Sequence[str] = ()
    preset: str | None = None
    refresh: bool = False
    add_missing: bool = False
    phash_distance: int | None = None

    def question(self) -> Question | None:
        """What to ask an endpoint; None where other sources are named and it is not."""
        if self.endpoint is None and (self.references or self.images):
            return None
        return Question(
            endpoint=self.endpoint or DEFAULT_ENDPOINT,
            kind=self.kind,
            limit=DEFAULT_LIMIT if self.limit is None else self.limit,
            min_sitelinks=DEFAULT_MIN_SITELINKS if self.min_sitelinks is None else self.min_sitelinks,
            classes=self.classes,
            languages=self.languages or LANGUAGES,
            preset=self.preset or (None if self.refresh or self.kind or self.limit else PAPER),
            refresh=self.refresh,
        )

    def rules(self) -> ImageRules:
        """How to take images."""
        distance = DEFAULT_DISTANCE if self.phash_distance is None else self.phash_distance
        return ImageRules(phash_distance=distance, add_missing=self.add_missing, kind=self.kind or "static")


def check_sources(sources: Sources) -> None:
    """Refuse options that would mean nothing.

    Raises:
        ConfigError: If there is one.
    """
    question = sources.question()
    if question:
        question.check()
    if sources.preset and (sources.limit is not None or sources.kind):
        says = PRESETS[sources.preset]
        raise ConfigError(f"--preset {sources.preset} is {says}", "leave out --limit and --kind, or --preset")
    if sources.refresh and (sources.classes or sources.preset or sources.limit or sources.min_sitelinks is not None):
        hint = "leave out --limit, --min-sitelinks, --class and --preset"
        raise ConfigError("--refresh asks about the references that are there, for no others", hint)
    if sources.references and sources.endpoint:
        raise ConfigError("--from and --endpoint are two sources of references", "run wb ingest once for each")
    if not question and (sources.limit is not None or sources.min_sitelinks is not None):
        raise ConfigError("--limit and --min-sitelinks are for an endpoint", "leave them out, or leave out --from")
    if not question and (sources.classes or sources.languages or sources.preset or sources.refresh):
        message = "--class, --language, --preset and --refresh are for an endpoint"
        raise ConfigError(message, "leave them out, or leave out --from")
    if not question and sources.kind and not sources.add_missing:
        raise ConfigError("--kind is for an endpoint and for --add-missing", "in a file the column kind says it")
    if not sources.images and (sources.add_missing or sources.phash_distance is not None):
        raise ConfigError("--add-missing and --phash-distance are for images", "add --images PATH")


def ingest_sources(db: Path, sources: Sources) -> None:
    """Add what the sources hold to a study, making its file where there is none.

    A file that cannot be used is found out before anything is written.

    Raises:
        ConfigError: If the options do not go together.
        IngestError: If a source cannot be used.
        StoreError: If the study cannot be written.
        SomeItemsFailed: If single items could not be taken.
    """
    check_sources(sources)
    file = read_references(sources.references) if sources.references else None
    pictures = find_images(sources.images) if sources.images else None
    store = Store.open(db) if sources.refresh else Store.create(db)
    with RunLog(store, "ingest", _arguments(sources), packages=_PACKAGES) as run, Report(run) as report:
        _ingest(store, run, report, sources, file, pictures)


def _ingest(
    store: Store,
    run: RunLog,
    report: Report,
    sources: Sources,
    file: ReferenceFile | None,
    pictures: ImageSource | None,
) -> None:
    question = sources.question()
    if file:
        _ingest_file(store, run, report, file)
    elif question:
        ingest_endpoint(store, run, report, question)
    if pictures:
        ingest_images(store, run, report, pictures, sources.rules())


def _ingest_file(store: Store, run: RunLog, report: Report, file: ReferenceFile) -> None:
    report.fail(file.problems)
    if file.ignored:
        report.note(f"columns left aside: {', '.join(file.ignored)}")
    run.planned += len(file.found) + len(file.problems)
    write_references(store, run, report, file.found)
    if file.repeated:
        report.add("references", repeated=file.repeated)


def _arguments(sources: Sources) -> dict[str, object]:
    """What the run was asked, with the defaults that it took."""
    question = sources.question()
    arguments: dict[str, object] = {"from": sources.references, "images": sources.images}
    if question:
        arguments |= asdict(question)
    if sources.images:
        arguments |= asdict(sources.rules())
    return {name: value for name, value in arguments.items() if value is not None}
