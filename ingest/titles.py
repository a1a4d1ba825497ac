"""Pictures that are named by titles, as the study's released scripts lay them out: ``the_starry_night/0.jpg``."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.covariates.folding import fold
from ingest.image_sources import ImageEntry
from ingest.report import Problem
from workbench.records import Reference

_NUMBER = re.compile(r"[ _-][0-9]{1,6}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """What the names of pictures come to."""

    entries: Sequence[ImageEntry]
    problems: Sequence[Problem]
    strangers: Sequence[str]
    """Names that are no reference's title."""


def by_title(root: Path, pictures: Iterable[Path], references: Sequence[Reference]) -> Titled:
    """Find the reference of each picture by its folder's name, or its own without a number at the end.

    Case, accents and all but letters and digits do not matter.
    """
    titles: dict[str, list[str]] = {}
    for reference in references:
        titles.setdefault(fold(reference.label), []).append(reference.qid)
    entries: list[ImageEntry] = []
    problems: list[Problem] = []
    strangers: dict[str, None] = {}
    for picture in pictures:
        name = picture.parent.name if picture.parent != root else picture.stem
        match _named(name, titles):
            case [qid]:
                entries.append(ImageEntry(qid=qid, file=picture))
            case []:
                strangers.setdefault(name)
            case several:
                reason = f"the title of {' and '.join(several)}: name the folder by QID"
                problems.append(Problem(where=str(picture), reason=reason))
    return Titled(entries=entries, problems=problems, strangers=list(strangers))


def _named(name: str, titles: Mapping[str, list[str]]) -> list[str]:
    return titles.get(fold(name)) or titles.get(fold(_NUMBER.sub("", name))) or []
