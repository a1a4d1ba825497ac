"""Reference images into the study: original bytes kept, hashes stored, duplicates marked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.image_intake import mark_duplicates, take_images
from ingest.image_sources import ImageEntry, ImageSource
from ingest.references import UNWRITTEN, FoundReference, write_references
from ingest.report import Report, tracked
from ingest.titles import by_title
from workbench.records import Reference, ReferenceImage
from workbench.store import RunLog, Store, Write

DEFAULT_DISTANCE = 10
"""pHash distance, of 64 bits, up to which two images of a reference are one picture."""
_BATCH = 50
"""Images a transaction: an interruption loses no more than these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRules:
    """How images are taken."""

    phash_distance: int = DEFAULT_DISTANCE
    add_missing: bool = False
    """Make references of QIDs that are none yet, from the titles in the index."""
    kind: str = "static"
    """Of the references made so."""


def ingest_images(store: Store, run: RunLog, report: Report, source: ImageSource, rules: ImageRules) -> None:
    """Add the pictures of a source to the references that they show."""
    report.fail(source.problems)
    references = store.rows("all_refs", Reference)
    titled = by_title(source.path, source.nameless, references)
    report.fail(titled.problems)
    hint = "name them Q123.jpg or by a title of this study, or add an index.csv"
    report.skip("names of pictures", titled.strangers, "neither a QID nor a title", hint)
    known = {reference.qid for reference in references}
    if rules.add_missing:
        made = _missing_references(source, rules.kind, known)
        write_references(store, run, report, made)
        known |= {found.reference.qid for found in made}
    entries = [*source.entries, *titled.entries]
    strangers = list(dict.fromkeys(entry.qid for entry in entries if entry.qid not in known))
    hint = "their index has no title for them" if rules.add_missing else "--add-missing makes references of an index"
    report.skip("QIDs with pictures", strangers, "not references of this study", hint)
    by_qid = grouped(entry for entry in entries if entry.qid in known)
    run.planned += sum(map(len, by_qid.values()))
    for qids in tracked(list(_batches(by_qid)), "images"):
        write_images(store, run, report, {qid: by_qid[qid] for qid in qids}, rules.phash_distance)


def _missing_references(source: ImageSource, kind: str, known: set[str]) -> list[FoundReference]:
    made: dict[str, FoundReference] = {}
    for entry in source.entries:
        if entry.title and entry.qid not in known:
            reference = Reference(
                qid=entry.qid,
                label=entry.title,
                kind=kind,
                creators=entry.creators,
                source=source.path.name,
                run_id=UNWRITTEN,
            )
            made.setdefault(entry.qid, FoundReference(reference=reference))
    return list(made.values())


def grouped(entries: Iterable[ImageEntry]) -> dict[str, list[ImageEntry]]:
    """Entries by the reference that they show, in order."""
    found: dict[str, list[ImageEntry]] = {}
    for entry in entries:
        found.setdefault(entry.qid, []).append(entry)
    return found


def _batches(by_qid: Mapping[str, Sequence[ImageEntry]]) -> Iterator[list[str]]:
    """QIDs with about ``_BATCH`` images together; those of one reference are never parted."""
    batch: list[str] = []
    size = 0
    for qid, entries in by_qid.items():
        batch.append(qid)
        size += len(entries)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def write_images(
    store: Store,
    run: RunLog,
    report: Report,
    by_qid: Mapping[str, Sequence[ImageEntry]],
    limit: int,
    *beside: Write,
) -> None:
    """Add the pictures of some references in one transaction.

    Args:
        store: the study.
        run: counts what is written.
        report: tells it.
        by_qid: the pictures of each reference.
        limit: pHash distance, of 64 bits, up to which two are one picture.
        beside: what else belongs into the transaction.
    """
    before = {(i.qid, i.sha256): i for i in store.rows("ref_images_of", ReferenceImage, qids=list(by_qid))}
    after: list[ReferenceImage] = []
    done = 0
    for qid, entries in by_qid.items():
        intake = take_images(store.images, entries, [i for i in before.values() if i.qid == qid], run.run_id)
        report.fail(intake.problems)
        report.add("reference images", found=len(entries) - len(intake.problems), repeated=intake.repeated)
        after += mark_duplicates(intake.images, limit)
        done += len(entries) - len(intake.problems)
    new = [image for image in after if (image.qid, image.sha256) not in before]
    changed = [image for image in after if before.get((image.qid, image.sha256), image) != image]
    written = Write(query="upsert_ref_images", table="ref_images", records=[*new, *changed])
    store.write(written, *beside, run.step(done=done))
    near = sum(image.duplicate_of is not None for image in after)
    unchanged = len(after) - len(new) - len(changed)
    report.add("reference images", new=len(new), changed=len(changed), unchanged=unchanged, near_duplicates=near)
