"""The declarative pictures of the miniature study's references."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from generate.mini.shapes import Path, parse_shape
from workbench.seed import seed_data

_FILES = ("pictures.toml", "frames.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture: a ground, and shapes laid down in order."""

    paths: Sequence[Path]
    palette: Mapping[str, str]
    """Colour names and their #rrggbb."""
    ground: Sequence[str]
    """One colour name, or two: the ground fades from the first, at the top, to the second."""
    qid: str = ""
    """The reference that it is a reference image of; empty: of none."""
    frame: int = 1
    """From 1; only dynamic references have several."""


@cache
def all_pictures() -> Mapping[str, Sequence[Picture]]:
    """The pictures of every reference, by QID; those of dynamic references in the order of their frames."""
    found: dict[str, list[Picture]] = {}
    for name in _FILES:
        for row in tomllib.loads(seed_data(f"mini/{name}").read_text(encoding="utf-8"))["picture"]:
            frames = found.setdefault(row["qid"], [])
            frames.append(_picture(row, len(frames) + 1))
    return found


def _picture(row: dict[str, Any], frame: int) -> Picture:
    ground = row["ground"]
    paths = tuple(parse_shape(text) for text in row["shapes"])
    names = (ground,) if isinstance(ground, str) else tuple(ground)
    missing = {*names, *(path.colour for path in paths)} - row["palette"].keys()
    if missing:
        raise ValueError(f"the palette of {row['qid']} lacks {', '.join(sorted(missing))}")
    return Picture(paths=paths, palette=row["palette"], ground=names, qid=row["qid"], frame=frame)
