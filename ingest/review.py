"""A contact sheet: every reference with its images and their credits, as one page to look through."""

import html
import os
import urllib.parse
from collections.abc import Sequence
from pathlib import Path

from ingest.pictures import distance
from workbench.errors import ConfigError
from workbench.options import say
from workbench.records import Download, Reference, ReferenceImage
from workbench.store import Store

_STYLE = """
body { font: 14px/1.4 sans-serif; margin: 2em; max-width: 80em }
section { border-top: 1px solid #ccc; padding: .5em 0 1em }
h2 { font-size: 1.1em; margin: .2em 0 }
figure { display: inline-block; vertical-align: top; width: 15em; margin: .5em 1em .5em 0 }
img { max-width: 15em; max-height: 15em; background: #eee }
figcaption, .none { font-size: .85em; color: #555; overflow-wrap: anywhere }
.duplicate img { opacity: .4 }
"""


def write_sheet(db: Path, page: Path) -> None:
    """Write the contact sheet of a study.

    Args:
        db: the study.
        page: of HTML; it shows the pictures where they lie.

    Raises:
        ConfigError: If the page cannot be written.
    """
    store = Store.open(db)
    images: dict[str, list[ReferenceImage]] = {}
    for image in store.rows("ref_images_of", ReferenceImage):
        images.setdefault(image.qid, []).append(image)
    failures: dict[str, list[str]] = {}
    for row in store.rows("downloads", Download):
        if row.reason:
            failures.setdefault(row.qid, []).append(f"{row.source}: {row.reason}")
    references = sorted(store.rows("all_refs", Reference), key=lambda r: (r.qid in images, r.kind, r.label, r.qid))
    folder = Path(os.path.relpath(store.images.folder, page.absolute().parent))
    parts = [_section(r, images.get(r.qid, ()), failures.get(r.qid, ()), folder) for r in references]
    without = sum(r.qid not in images for r in references)
    summary = f"{len(references):,} references, {without:,} without an image (first)"
    head = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Reference images</title><style>{_STYLE}</style>'
    )
    try:
        page.write_text(f"{head}<h1>Reference images</h1><p>{summary}</p>{''.join(parts)}</html>\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {page}: {error.strerror}", "name a file in a folder that is there") from error
    say(f"{page}: {summary}")


def _section(reference: Reference, images: Sequence[ReferenceImage], failures: Sequence[str], folder: Path) -> str:
    makers = f", {', '.join(reference.creators)}" if reference.creators else ""
    title = f"{_text(reference.label)} <small>{_text(f'{reference.qid} · {reference.kind}{makers}')}</small>"
    shown = "".join(_figure(image, images, folder) for image in images) or '<p class="none">no image</p>'
    failed = "".join(f'<p class="none">{_text(failure)}</p>' for failure in failures)
    return f"<section><h2>{title}</h2>{shown}{failed}</section>"


def _figure(image: ReferenceImage, images: Sequence[ReferenceImage], folder: Path) -> str:
    facts = [f"{image.rank}. {image.width} × {image.height}", image.author or "author unknown"]
    facts.append(image.licence or "licence unknown")
    first = next((other for other in images if other.sha256 == image.duplicate_of), None)
    if first:
        facts.append(f"repeats {first.rank}, pHash distance {distance(first.phash, image.phash)}")
    source = urllib.parse.quote((folder / image.path).as_posix())
    caption = "<br>".join(map(_text, facts))
    if image.source_url and image.source_url.startswith(("http://", "https://")):
        caption += f'<br><a href="{_text(image.source_url)}">source</a>'
    kind = ' class="duplicate"' if first else ""
    return f'<figure{kind}><img loading="lazy" alt="" src="{source}"><figcaption>{caption}</figcaption></figure>'


def _text(text: str) -> str:
    return html.escape(text)
