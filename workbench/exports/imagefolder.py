"""A folder that the ``datasets`` library reads as it is: pictures and ``metadata.jsonl``."""

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from workbench.errors import SomeItemsFailed
from workbench.exports.asked import Export
from workbench.exports.files import copy_file, write_lines
from workbench.options import say

PICTURES, REFERENCES = "images", "references"
_OURS = re.compile(r"([0-9a-f]{32}-[0-9a-f]{8}|[0-9a-f]{64})\.\w+")
CARD = """\
---
pretty_name: {quoted}
task_categories:
- text-to-image
---

# {name}

{n} generated images, each with its prompt, model, settings, seed and scores. `datasets.load_dataset("imagefolder",
data_dir=…)` reads the folder; `metadata.jsonl` has one line per image.

- `s` is the similarity to the reference image `reference_sha256` under `encoder_id`, `patch_maxima` the sixteen p under
  `patch_encoder_id`; `recognised`, `vr` and `vi` are taken at τ = {tau_static:g} for static references, {tau_dynamic:g}
  for dynamic ones, and τ_reuse = {tau_reuse:g}.
- The rights of the reference images are their own: `reference_author`, `reference_licence`, `reference_licence_url`,
  `reference_credit` and `reference_source` say what their source says (null: it says nothing). {copied}
- The generated images stand under the terms of the models that made them (`hub_id`, `revision`).
"""


def imagefolder(asked: Export) -> None:
    """Copy the pictures, then write ``metadata.jsonl``; a copy that was interrupted goes on.

    Raises:
        ConfigError: If the folder cannot be written, or an earlier export is there.
        SomeItemsFailed: If pictures are missing in the study: they are left out.
    """
    rows = asked.images().to_dicts()
    metadata, card = asked.target("metadata.jsonl"), asked.target("README.md")
    if asked.force:
        metadata.unlink(missing_ok=True)
    kept = [line for row in rows if (line := _line(asked, row))]
    _drop_others(asked, {line.get(name) for line in kept for name in ("file_name", "reference_file_name")})
    card.unlink(missing_ok=True)
    write_lines(card, _card(asked, len(kept)).splitlines())
    write_lines(metadata, _as_json(kept))
    say(f"{asked.folder}: {len(kept):,} images; load_dataset('imagefolder', data_dir={str(asked.folder)!r})")
    _say_rights(asked)
    if lost := len(rows) - len(kept):
        raise SomeItemsFailed(f"{lost} pictures are not in the study's folder of images, and were left out")


def _line(asked: Export, row: dict[str, Any]) -> dict[str, Any] | None:
    """What is told of an image whose picture is copied; None: there is no picture."""
    told = {name: value for name, value in row.items() if name not in ("path", "status", "error", "reference_path")}
    name = f"{PICTURES}/{row['image_id']}-{row['sha256'][:8]}{PurePosixPath(row['path']).suffix}"
    if not copy_file(asked.store.images.path(row["path"]), asked.folder / name):
        return None
    line = {"file_name": name, **told}
    if asked.references:
        path = row["reference_path"]
        copy = None if path is None else f"{REFERENCES}/{PurePosixPath(path).name}"
        there = copy is not None and copy_file(asked.store.images.path(path), asked.folder / copy)
        line["reference_file_name"] = copy if there else None
    return line


def _drop_others(asked: Export, kept: set[str | None]) -> None:
    """Remove pictures that another export left here: the library would read them, and references may not stay."""
    for folder in (PICTURES, REFERENCES):
        for path in (asked.folder / folder).glob("*"):
            if _OURS.fullmatch(path.name) and f"{folder}/{path.name}" not in kept:
                path.unlink()


def _as_json(lines: list[dict[str, Any]]) -> Iterator[str]:
    for line in lines:
        yield json.dumps(line, ensure_ascii=False, allow_nan=False)


def _card(asked: Export, n: int) -> str:
    copied = "They are copied into `references/`." if asked.references else "They are not part of this folder."
    taus = {name: asked.parameters[name] for name in ("tau_static", "tau_dynamic", "tau_reuse")}
    name = asked.store.path.stem
    return CARD.format(name=name, quoted=json.dumps(name), n=f"{n:,}", copied=copied, **taus)


def _say_rights(asked: Export) -> None:
    if asked.references:
        say("reference images are copied too: see that you may pass them on (reference_licence, reference_author)")
    else:
        say("reference images are not copied, as their rights are not yours; --with-references copies them")
