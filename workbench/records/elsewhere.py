"""What the study says of images that may have been made elsewhere: part of it is unknown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSettings:
    """A row of ``settings`` as far as it is known (query ``settings_of``); None: unknown."""

    settings_id: str
    model_id: str
    revision: str | None
    steps: int | None
    guidance: float | None
    width: int | None
    height: int | None
    dtype: str | None
    scheduler: str | None
    negative_prompt: str | None
    extra: str
    """JSON with sorted keys."""
