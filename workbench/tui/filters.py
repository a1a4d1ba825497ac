"""What the person asks to see: filters and thresholds, as parameters of the queries."""

from dataclasses import dataclass, field

from workbench.records import Thresholds

FEATURES = (
    "text",
    "models",
    "perturbations",
    "kinds",
    "types",
    "popularity_min",
    "popularity_max",
    "year_min",
    "year_max",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which rows to show; empty and None let all through."""

    text: str = ""
    """Part of a label or creator, whatever its case and accents, or a QID."""
    models: tuple[str, ...] = ()
    perturbations: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """"" stands for references without a type."""
    popularity_min: float | None = None
    """Sitelinks."""
    popularity_max: float | None = None
    year_min: int | None = None
    """Astronomical: 0 is 1 BCE."""
    year_max: int | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def kind(self) -> str | None:
        """The one kind that is asked for; None: both."""
        return self.kinds[0] if len(self.kinds) == 1 else None

    @property
    def active(self) -> int:
        """How many of them hold something back."""
        blank = Filters()
        return sum(getattr(self, name) != getattr(blank, name) for name in FEATURES)

    def parameters(self) -> dict[str, object]:
        """As queries ``ref_scores`` and ``correlation_input`` bind them."""
        chosen = {
            "text": self.text.strip() or None,
            "models": list(self.models) or None,
            "perturbations": list(self.perturbations) or None,
            "types": list(self.types) or None,
            "kind": self.kind,
            "popularity_min": self.popularity_min,
            "popularity_max": self.popularity_max,
            "year_min": self.year_min,
            "year_max": self.year_max,
        }
        return {**chosen, **self.thresholds.parameters()}
