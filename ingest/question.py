"""What an endpoint is asked for: which references, of which classes, in which languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.queries import Languages
from ingest.sparql import endpoint_url
from ingest.text import parse_qid
from workbench.errors import ConfigError

DEFAULT_ENDPOINT = "wikidata"
DEFAULT_LIMIT = 767
"""As many references as the study has."""
DEFAULT_MIN_SITELINKS = 10
LANGUAGES = ("ar", "de", "es", "fr", "it", "ja", "pt", "ru", "zh")
"""Whose labels are kept where none are named; besides English and the labels for all languages."""
ALWAYS = ("en", "mul")
PAPER = "paper"
PRESETS = {PAPER: "767 references, half of them static and half dynamic"}
"""Name → what it asks for."""
UNPUBLISHED = "the study's own list is not published, and how its kinds are shared out neither"
_CLASS = re.compile(r"(?P<qid>[Qq][0-9]+)(?::(?P<kind>static|dynamic))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many references of a kind."""

    kind: str | None
    """``static``, ``dynamic``; None: both."""
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkClass:
    """A class of works that is asked for, with its subclasses."""

    qid: str
    type: str | None
    """None: as the endpoint calls it in English."""
    kind: str


CLASSES = (
    WorkClass(qid="Q3305213", type="painting", kind="static"),
    WorkClass(qid="Q860861", type="sculpture", kind="static"),
    WorkClass(qid="Q125191", type="photograph", kind="static"),
    WorkClass(qid="Q11060274", type="print", kind="static"),
    WorkClass(qid="Q11424", type="film", kind="dynamic"),
    WorkClass(qid="Q5398426", type="television series", kind="dynamic"),
)
"""What is asked for; an item of several classes is of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which references an endpoint is asked for, or about."""

    endpoint: str = DEFAULT_ENDPOINT
    """A preset or a URL."""
    kind: str | None = None
    """``static``, ``dynamic``; None: both."""
    limit: int = DEFAULT_LIMIT
    min_sitelinks: int = DEFAULT_MIN_SITELINKS
    classes: Sequence[str] = ()
    """Classes to ask for besides ``CLASSES``: ``Q…``, or with its kind ``Q…:dynamic``."""
    languages: Sequence[str] = LANGUAGES
    """Whose labels are kept besides ``ALWAYS``."""
    preset: str | None = None
    """Of ``PRESETS``: it says kind and limit."""
    refresh: bool = False
    """Ask about the references that are there, for none that is not."""

    def check(self) -> None:
        """Refuse what makes no sense.

        Raises:
            ConfigError: If something does not.
        """
        endpoint_url(self.endpoint)
        self.added_classes()
        try:
            self.all_languages()
        except ValueError as error:
            raise ConfigError(str(error), "--language fr --language zh-hant") from error

    def shares(self) -> list[Share]:
        """How many of which kind are asked for."""
        if self.preset == PAPER:
            return [
                Share(kind="static", limit=(DEFAULT_LIMIT + 1) // 2),
                Share(kind="dynamic", limit=DEFAULT_LIMIT // 2),
            ]
        return [Share(kind=self.kind, limit=self.limit)]

    def all_languages(self) -> Languages:
        """The languages whose labels are kept."""
        return Languages(codes=tuple(dict.fromkeys((*ALWAYS, *self.languages))))

    def added_classes(self) -> list[WorkClass]:
        """The classes to ask for besides ``CLASSES``; static where neither they nor ``kind`` say more.

        Raises:
            ConfigError: If one is none.
        """
        return [self._added_class(text) for text in self.classes]

    def _added_class(self, text: str) -> WorkClass:
        match = _CLASS.fullmatch(text.strip())
        try:
            qid = parse_qid(match["qid"] if match else text)
        except ValueError as error:
            raise ConfigError(f"{text!r} is no class of works", "--class Q93184, or --class Q24856:dynamic") from error
        return WorkClass(qid=qid, type=None, kind=(match and match["kind"]) or self.kind or "static")
