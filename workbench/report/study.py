"""What the report is asked of: a study, thresholds, encoders and a choice of its parts; each query is asked once."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

import polars as pl

from workbench.analysis.resampling import Bootstrap
from workbench.report.blocks import Source
from workbench.store import Store, queries
from workbench.store.spelled import spelled

T = TypeVar("T")
TITLE = "title"
_OPTIONS = {"models": "--model", "perturbations": "--perturbation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study and which part of it is reported."""

    store: Store
    parameters: dict[str, Any]
    """Thresholds, encoders, models and perturbations, as queries take them."""
    kinds: Sequence[str]
    bootstrap: Bootstrap
    pictures: str = "all"
    """Of the gallery: ``all``, ``generated`` (none of the references) or ``none``."""
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    _titled: dict[str, pl.DataFrame] = field(default_factory=dict)
    _found: dict[tuple[str, int], tuple[pl.DataFrame, Any]] = field(default_factory=dict)

    def frame(self, query: str) -> pl.DataFrame:
        """The rows of a query that ships."""
        if query not in self._frames:
            self._frames[query] = self.store.frame(query, **self._of(query))
        return self._frames[query]

    def titled(self, query: str) -> pl.DataFrame:
        """Its rows of the prompt condition that figures show."""
        if query not in self._titled:
            self._titled[query] = self.frame(query).filter(pl.col("perturbation") == self.condition())
        return self._titled[query]

    def analysed(self, analyse: Callable[..., Sequence[T]], frame: pl.DataFrame) -> Sequence[T]:
        """What an analysis makes of rows of this study, for the kinds reported; each is made once.

        Args:
            analyse: called with the rows, the kinds and ``bootstrap``.
            frame: the rows.
        """
        key = f"{analyse.__module__}.{analyse.__qualname__}", id(frame)
        if key not in self._found:
            self._found[key] = frame, self.distinct(analyse(frame, self.kinds, bootstrap=self.bootstrap))
        found: Sequence[T] = self._found[key][1]
        return found

    def named(self, model: str, settings: str) -> str:
        """A model by its id, and by its settings where it was used under several."""
        counts = self.frame("count_images").filter(pl.col("model_id") == model)
        return model if counts["settings_id"].n_unique() < 2 else f"{model} ({settings[:6]})"

    def distinct(self, found: Sequence[T]) -> list[T]:
        """Records of an analysis with models named so."""
        pairs = (("model_id", "settings_id"), ("model_a", "settings_a"), ("model_b", "settings_b"))
        named = []
        for record in found:
            held = [(model, settings) for model, settings in pairs if hasattr(record, model)]
            names = {m: self.named(getattr(record, m), getattr(record, s)) for m, s in held}
            named.append(replace(record, **names) if names else record)  # type: ignore[type-var]
        return named

    def source(self, query: str) -> Source:
        """The same as SQL."""
        text = spelled(query, self._of(query))
        return Source(query=query, purpose=queries.load(query).purpose, sql=text)

    def command(self, words: str, *, resampled: bool) -> str:
        """A command with the options that give what is reported here, those of the bootstrap where it is resampled."""
        options, usual = [words], Bootstrap()
        for name, value in self.parameters.items():
            flag = _OPTIONS.get(name, f"--{name.replace('_', '-')}")
            many = value if isinstance(value, list) else [value]
            options += [f"{flag} {shlex.quote(str(v))}" for v in many if v is not None]
        options += [] if len(self.kinds) > 1 else [f"--kind {self.kinds[0]}"]
        for name in ("resamples", "seed") if resampled else ():
            value = getattr(self.bootstrap, name)
            options += [f"--{name} {value}"] if value != getattr(usual, name) else []
        return " ".join(options)

    def wants(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of the kinds that are reported."""
        return frame if "all" in self.kinds else frame.filter(pl.col("kind").is_in(list(self.kinds)))

    def condition(self) -> str:
        """The prompt condition that figures show: the titles, or else the one with most images."""
        counts = self.frame("count_images").group_by("perturbation").agg(pl.col("images").sum())
        known = counts.sort("images", "perturbation", descending=[True, False])["perturbation"].to_list()
        return TITLE if TITLE in known or not known else str(known[0])

    def widest(self) -> str:
        """The kind that figures show: both together, unless one is reported alone."""
        return "all" if "all" in self.kinds else self.kinds[0]

    def ordered(self, found: Sequence[T]) -> list[T]:
        """Records of an analysis, those that figures show first."""
        condition = self.condition()
        first = {"kind": self.widest(), "perturbation": condition}
        return sorted(found, key=lambda r: ([getattr(r, n, v) != v for n, v in first.items()], getattr(r, "kind", "")))

    def rows(self, found: Sequence[Any]) -> list[dict[str, Any]]:
        """The same as rows."""
        return [asdict(record) for record in self.ordered(found)]

    def _of(self, query: str) -> dict[str, Any]:
        names = queries.load(query).parameters
        return {name: value for name, value in self.parameters.items() if name in names}
