"""``wb merge``: bring shards into a study. Rows are written as ``wb generate`` writes them, so twice is once."""

import functools
import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generate.ahead import done_ahead
from generate.progress import Progress
from generate.shards.contents import ShardContents
from workbench.imagefiles import ImageFiles
from workbench.options import say
from workbench.records import GeneratedImage, Run
from workbench.store import RunLog, Store, Write

ROWS_WRITTEN = 1000
"""Rows of a transaction."""
PICTURES_AHEAD = 64
"""Pictures that are copied before their rows are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came of one shard."""

    contents: ShardContents
    new: Sequence[GeneratedImage] = ()
    """Rows that the study lacked."""
    lost: int = 0
    """Pictures that are not there or not whole: their rows are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    """A row whose picture is in place, or the reason why it is not."""

    image: GeneratedImage
    error: str | None = None


def merge(store: Store, shards: Sequence[ShardContents]) -> list[Merged]:
    """Bring shards into a study.

    Args:
        store: the study.
        shards: of one settings; at least one.

    Raises:
        StoreError: If the study cannot be written.
    """
    settings_id = shards[0].manifest.settings.settings_id
    rows = store.rows("images_under", GeneratedImage, settings_ids=[settings_id])
    images = {image.image_id: image for image in rows}
    runs = {run.run_id: run for run in store.rows("recent_runs", Run)}
    planned = sum(len(_news(shard, images)) for shard in shards)
    if not planned and not any(_new_runs(shard, runs) for shard in shards):
        say("nothing to merge: all that these shards hold is there")
        return [Merged(contents=shard) for shard in shards]
    arguments = {"shards": [str(shard.folder.path.absolute()) for shard in shards]}
    with RunLog(store, "merge", arguments, planned=planned) as run, Progress("images", planned) as progress:
        merged = []
        for shard in shards:
            news = _news(shard, images)
            store.write(
                *(shard.heads() if news else ()),
                Write(query="upsert_runs", table="runs", records=_new_runs(shard, runs)),
            )
            merged.append(_bring(store, shard, news, run, progress))
            images |= {image.image_id: image for image in merged[-1].new}
        return merged


def _news(shard: ShardContents, there: Mapping[str, GeneratedImage]) -> list[GeneratedImage]:
    return [image for image in shard.images if _is_news(image, there.get(image.image_id))]


def _is_news(image: GeneratedImage, there: GeneratedImage | None) -> bool:
    """What is there and ok stays; what is not gives way to what is, and to a later try."""
    if there is None:
        return True
    return there.status != "ok" and (image.status == "ok" or image.created_utc > there.created_utc)


def _new_runs(shard: ShardContents, there: Mapping[str, Run]) -> list[Run]:
    return [run for run in shard.runs if run.run_id not in there or there[run.run_id].updated_utc < run.updated_utc]


def _bring(
    store: Store, shard: ShardContents, news: Sequence[GeneratedImage], run: RunLog, progress: Progress
) -> Merged:
    work = functools.partial(_fetch, shard.folder.images, store.images)
    fetched = done_ahead(work, news, PICTURES_AHEAD)
    new: list[GeneratedImage] = []
    lost = 0
    for part in _batches(fetched, ROWS_WRITTEN):
        rows = [one.image for one in part if one.error is None]
        for one in part:
            if one.error is not None:
                progress.complain(f"shard {shard.manifest.shard} seed {one.image.seed}", one.error)
        counts = run.step(done=len(rows), failed=len(part) - len(rows))
        store.write(Write(query="upsert_images", table="images", records=rows), counts)
        progress.advance(len(part))
        new += rows
        lost += len(part) - len(rows)
    return Merged(contents=shard, new=new, lost=lost)


def _batches(fetched: Iterator[_Fetched], size: int) -> Iterator[list[_Fetched]]:
    while part := list(itertools.islice(fetched, size)):
        yield part


def _fetch(source: ImageFiles, target: ImageFiles, image: GeneratedImage) -> _Fetched:
    """Bring a picture into the study's folder, if it is the one that its row names."""
    if image.path is None:
        return _Fetched(image=image)
    file = source.path(image.path)
    try:
        content = file.read_bytes()
    except OSError as error:
        return _Fetched(image=image, error=f"{file}: {error.strerror}")
    if hashlib.sha256(content).hexdigest() != image.sha256:
        return _Fetched(image=image, error=f"{file} is not whole")
    return _Fetched(image=replace(image, path=target.put(content, file.suffix).path))
