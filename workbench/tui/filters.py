"""What the person asks to see: filters and thresholds, as parameters of the queries."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from workbench.records import Thresholds

RANGES = ("popularity", "year", "frequency", "uniqueness", "cra", "vr", "vi", "crt")
"""Filters with a ``_min`` and a ``_max``."""
LISTS = ("models", "perturbations", "types", "creators", "annotations")
"""Filters that let pass what is in a list."""
MEASURES = ("cra", "vr", "vi", "crt")


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
    creators: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    """What was said of one of the images: see query ``ref_scores``."""
    popularity_min: float | None = None
    """Sitelinks."""
    popularity_max: float | None = None
    year_min: int | None = None
    """Astronomical: 0 is 1 BCE."""
    year_max: int | None = None
    frequency_min: float | None = None
    """In the training data, in the unit of its covariate."""
    frequency_max: float | None = None
    uniqueness_min: float | None = None
    """Of the title, likewise."""
    uniqueness_max: float | None = None
    cra_min: float | None = None
    """0 to 1, as the other measures."""
    cra_max: float | None = None
    vr_min: float | None = None
    vr_max: float | None = None
    vi_min: float | None = None
    vi_max: float | None = None
    crt_min: float | None = None
    crt_max: float | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def kind(self) -> str | None:
        """The one kind that is asked for; None: both."""
        return self.kinds[0] if len(self.kinds) == 1 else None

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of those that hold something back."""
        blank = Filters()
        names = (f.name for f in fields(self) if f.name != "thresholds")
        return tuple(name for name in names if getattr(self, name) != getattr(blank, name))

    @property
    def active(self) -> int:
        """How many of them hold something back."""
        return len(self.chosen)

    @property
    def selects_by_measure(self) -> bool:
        """Whether rows are chosen by what is measured: a correlation over them is biased."""
        return any(name.rpartition("_")[0] in MEASURES for name in self.chosen)

    def parameters(self) -> dict[str, object]:
        """As queries ``ref_scores`` and ``correlation_input`` bind them."""
        lists = {name: list(getattr(self, name)) or None for name in LISTS}
        ranges = {f"{name}_{end}": getattr(self, f"{name}_{end}") for name in RANGES for end in ("min", "max")}
        return {"text": self.text.strip() or None, "kind": self.kind} | lists | ranges | self.thresholds.parameters()

    def as_json(self) -> dict[str, Any]:
        """What can be written down; ``of_json`` reads it again."""
        return asdict(self)

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> "Filters":
        """Filters that were written down.

        Raises:
            TypeError: If they are of another version.
        """
        found: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
        return cls(**(found | {"thresholds": Thresholds(**values["thresholds"])}))
