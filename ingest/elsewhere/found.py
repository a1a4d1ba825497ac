"""What a folder of pictures offers: which file is whose image, as far as its names and lists say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.report import Problem

MOST_SEED = 2**63 - 1
"""What the file can hold."""
_NUMBER = re.compile(r"([0-9]+)[^0-9]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a source says which prompt a picture was made from: by one of these."""

    name: str | None = None
    """Of a folder: a title, a prompt or a QID, however it is spelled."""
    text: str | None = None
    """Of the prompt, word for word."""
    qid: str | None = None
    perturbation: str | None = None
    """None: not said."""
    variant: int | None = None
    """None: not said."""

    def __str__(self) -> str:
        if self.qid is None:
            return f"“{self.text}”" if self.name is None else self.name
        parts = (self.qid, self.perturbation, self.variant)
        return " ".join(str(part) for part in parts if part is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A picture that a source offers."""

    file: Path
    wanted: Wanted
    seed: int
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """All that a source offers."""

    found: Sequence[Found]
    problems: Sequence[Problem] = ()
    """Pictures or lines that make no sense."""
    strangers: Sequence[str] = field(default=())
    """Names of what is there and is no part of the layout."""


def seed_in(name: str) -> int:
    """The number in a file's name, the last where there are several: ``seed_7.png``, ``00007.png``.

    Raises:
        ValueError: If there is none, or it is too large.
    """
    match = _NUMBER.search(name.rpartition(".")[0] or name)
    if match is None:
        raise ValueError("no number in its name, so no seed")
    return checked_seed(match[1])


def checked_seed(text: str) -> int:
    """A seed.

    Raises:
        ValueError: If it is none that the file can hold.
    """
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > MOST_SEED:
        raise ValueError(f"seed {text!r} is not a number from 0 to {MOST_SEED}")
    return int(text)
