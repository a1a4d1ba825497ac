"""What pipelines of one kind have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PAIR = ("prompt_embeds", "negative_prompt_embeds")
"""What most text encoders give, with guidance."""
POOLED = ("pooled_prompt_embeds", "negative_pooled_prompt_embeds")

Config = Callable[[str], Mapping[str, Any]]
"""Configuration of a component, by the component's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Pipelines that are loaded and called alike.

    The defaults hold for a model that is not in the table.
    """

    name: str
    pipelines: tuple[str, ...]
    """Classes of diffusers."""
    steps: int
    guidance: float
    size: int
    """Pixels a side, where the weights' own configuration does not say."""
    dtype: str = "float16"
    """Number format of the weights on a GPU."""
    load: Mapping[str, object] = field(default_factory=dict)
    """Further arguments for loading."""
    call: Mapping[str, object] = field(default_factory=dict)
    """Further arguments of the call; a row of the table goes before them."""
    embeddings: tuple[str, ...] = ()
    """What ``encode_prompt`` returns, by the names under which the call takes it; empty: the call takes texts."""
    by_config: Callable[[Config], Mapping[str, Any]] | None = None
    """Fields that are others for weights of some configuration; None: none are."""

    def suited_to(self, config: Config) -> "Family":
        """The family as it is for weights of this configuration."""
        return replace(self, **self.by_config(config)) if self.by_config else self
