"""Reference images from Commons: the files that an item names, in its order, also when it names others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.commons import FILES, CommonsFile, describe
from ingest.downloads import Fetcher, Wanted, missing
from ingest.image_intake import mark_duplicates
from ingest.report import Report, tracked
from ingest.web import Refused, Web
from workbench.records import Download, Reference, ReferenceImage
from workbench.store import RunLog, Store, Write

_PREFIX = "commons:"
"""Of the keys of files of Commons among ``downloads``; the width follows after ``@``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    qid: str
    file: str
    key: str


def fetch_commons(
    store: Store, run: RunLog, report: Report, web: Web, api: str, width: int, limit: int, *, again: bool
) -> None:
    """Fetch the pictures that each reference's item names (P18), and put them in its order.

    Raises:
        IngestError: If Commons is away; what was fetched before stays.
    """
    references = store.rows("all_refs", Reference)
    report.skip("references", [r.qid for r in references if not r.image_file], "their item names no picture")
    named = {r.qid: [r.image_file, *r.more_image_files] for r in references if r.image_file}
    keys = {qid: [_key(file, width) for file in files] for qid, files in named.items()}
    todo = missing(store, report, keys, again=again)
    wanted = [
        _Named(qid=qid, file=file, key=_key(file, width))
        for qid, files in named.items()
        for file in files
        if (qid, _key(file, width)) in todo
    ]
    run.planned += len(wanted)
    waiting = {one.qid for one in wanted}
    put_in_order(store, report, {qid: files for qid, files in named.items() if qid not in waiting}, limit)
    fetcher = Fetcher(store, run, report, web, limit)
    for start in tracked(range(0, len(wanted), FILES), "images"):
        batch = wanted[start : start + FILES]
        try:
            _fetch(fetcher, describe(web, api, list(dict.fromkeys(one.file for one in batch)), width), batch)
        finally:
            put_in_order(store, report, {one.qid: named[one.qid] for one in batch}, limit)


def _key(file: str, width: int) -> str:
    return f"{_PREFIX}{file}@{width}"


def _fetch(fetcher: Fetcher, described: Mapping[str, CommonsFile | Refused], batch: Sequence[_Named]) -> None:
    refused = {(n.qid, n.key, n.file): d for n in batch if isinstance(d := described[n.file], Refused)}
    fetcher.refuse(refused)
    fetcher.fetch([_wanted(n, d) for n in batch if isinstance(d := described[n.file], CommonsFile)])


def _wanted(named: _Named, file: CommonsFile) -> Wanted:
    return Wanted(
        qid=named.qid,
        source=named.key,
        name=named.file,
        url=file.url,
        page_url=file.page_url,
        author=file.author,
        credit=file.credit,
        licence=file.licence,
        licence_url=file.licence_url,
    )


def put_in_order(store: Store, report: Report, named: Mapping[str, Sequence[str]], limit: int) -> None:
    """Where an item names other files than before, put its pictures of Commons in its order.

    They change ranks among themselves: what came from elsewhere keeps its own. One that is named no longer comes after
    those that are. Where the item names the same files as before, an order that a person has made since stays.

    Args:
        store: the study.
        report: is told of references whose first image is another one now.
        named: by qid the files that the item names, in order.
        limit: pHash distance, of 64 bits, up to which two are one picture.
    """
    fetched = _fetched(store, named)
    news = {qid: rows for qid, files in named.items() if (rows := _placed(fetched.get(qid, ()), files))}
    places: list[Download] = []
    moved: list[ReferenceImage] = []
    there = _images(store, list(news))
    for qid, rows in news.items():
        places += [row for row, before in zip(rows, fetched[qid], strict=True) if row != before]
        before = there[qid]
        after = in_order(before, rows)
        if after != before:
            marked = mark_duplicates(after, limit)
            moved += [image for image in marked if image not in before]
            if marked[0].sha256 != _first(before):
                report.add("first reference images", replaced=1)
    if places:
        store.write(
            Write(query="place_downloads", table="downloads", records=places),
            Write(query="upsert_ref_images", table="ref_images", records=moved),
        )


def _fetched(store: Store, named: Mapping[str, Sequence[str]]) -> dict[str, list[Download]]:
    found: dict[str, list[Download]] = {}
    for row in store.rows("downloads", Download):
        if row.qid in named and row.status == "ok" and row.source.startswith(_PREFIX):
            found.setdefault(row.qid, []).append(row)
    return found


def _placed(rows: Sequence[Download], files: Sequence[str]) -> list[Download]:
    """The rows with the places of their files; none where they have these already."""
    places = {file: place for place, file in enumerate(files, 1)}
    now = [replace(row, place=places.get(row.source.removeprefix(_PREFIX).rpartition("@")[0])) for row in rows]
    return now if now != list(rows) else []


def _images(store: Store, qids: Sequence[str]) -> dict[str, list[ReferenceImage]]:
    found: dict[str, list[ReferenceImage]] = {qid: [] for qid in qids}
    for image in store.rows("ref_images_of", ReferenceImage, qids=qids) if qids else ():
        found[image.qid].append(image)
    return found


def _first(images: Sequence[ReferenceImage]) -> str:
    return min(images, key=lambda image: (image.rank, image.sha256)).sha256


def in_order(images: Sequence[ReferenceImage], rows: Sequence[Download]) -> list[ReferenceImage]:
    """The images of one reference: those of some downloads in the order of their places, on ranks that they hold."""
    places: dict[str, float] = {}
    for row in rows:
        if row.sha256:
            place = float("inf") if row.place is None else row.place
            places[row.sha256] = min(place, places.get(row.sha256, place))
    held = [image for image in images if image.sha256 in places]
    ordered = sorted(held, key=lambda image: (places[image.sha256], image.rank, image.sha256))
    ranks = sorted(image.rank for image in held)
    now = {image.sha256: rank for image, rank in zip(ordered, ranks, strict=True)}
    return [replace(image, rank=now.get(image.sha256, image.rank)) for image in images]
