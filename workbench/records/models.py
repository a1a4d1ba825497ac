"""What queries answer about models."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRevision:
    """Weights that a study has a model of."""

    model_id: str
    revision: str
