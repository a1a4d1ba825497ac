"""One ``wb ingest images``: its sources, in order, in one run."""

from dataclasses import dataclass
from pathlib import Path

from ingest.commons import API
from ingest.commons_pictures import fetch_commons
from ingest.image_sources import find_images
from ingest.images import ImageRules, ingest_images
from ingest.report import Report
from ingest.url_lists import fetch_urls, read_urls
from ingest.web import MANNERS, Manners, Web
from workbench.errors import ConfigError
from workbench.store import RunLog, Store

_PACKAGES = ("ImageHash", "pillow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Where pictures come from, and how they are taken."""

    folder: Path | None = None
    """A folder or an index."""
    urls: Path | None = None
    commons: bool = False
    api: str = API
    width: int = 960
    rules: ImageRules
    allow_private: bool = False
    again: bool = False


def pictures_asked(
    *,
    folder: Path | None,
    urls: Path | None,
    commons: bool,
    service: str | None,
    width: str,
    phash_distance: int,
    add_missing: bool,
    kind: str,
    allow_private: bool,
    again: bool,
) -> Pictures:
    """What the options of the command come to: Commons where no other source is named."""
    return Pictures(
        folder=folder,
        urls=urls,
        commons=commons or not (folder or urls),
        api=service or API,
        width=int(width),
        rules=ImageRules(phash_distance=phash_distance, add_missing=add_missing, kind=kind),
        allow_private=allow_private,
        again=again,
    )


def add_pictures(db: Path, asked: Pictures) -> None:
    """Add reference images to a study.

    Raises:
        ConfigError: If an option makes no sense.
        IngestError: If a source cannot be used; what was fetched before stays.
        SomeItemsFailed: If single pictures could not be taken.
    """
    if asked.rules.add_missing and not asked.folder:
        raise ConfigError("--add-missing makes references of an index", "add --from index.csv")
    folder = find_images(asked.folder) if asked.folder else None
    urls = read_urls(asked.urls) if asked.urls else None
    store = Store.open(db)
    arguments = {
        "source": "images",
        "from": asked.folder,
        "urls": asked.urls,
        "commons": asked.api if asked.commons else None,
        "width": asked.width,
        "phash_distance": asked.rules.phash_distance,
    }
    limit = asked.rules.phash_distance
    with RunLog(store, "ingest", arguments, packages=_PACKAGES) as run, Report(run) as report:
        report.note(f"near-duplicates: pHash within {limit} of 64 bits")
        if folder:
            ingest_images(store, run, report, folder, asked.rules)
        if urls:
            web = Web(Manners(allow_private=asked.allow_private))
            fetch_urls(store, run, report, web, urls, limit, again=asked.again)
        if asked.commons:
            web = Web(MANNERS if asked.api == API else Manners(allow_private=True))
            fetch_commons(store, run, report, web, asked.api, asked.width, limit, again=asked.again)
