"""How long prompts are for the text encoders of a pipeline: what is over their limit the model never sees."""

from collections.abc import Mapping
from typing import Any

from generate.models.sampler import Sampler
from workbench.records import PromptTokens

COMPONENTS = {"tokenizer": "text_encoder", "tokenizer_2": "text_encoder_2", "tokenizer_3": "text_encoder_3"}
UNLIMITED = 2**31 - 1
"""What a tokenizer without a limit of its own gets."""


def count_tokens(sampler: Sampler, prompts: Mapping[str, str]) -> list[PromptTokens]:
    """Count the tokens of prompts under every text encoder.

    Args:
        sampler: the loaded model.
        prompts: text by ``prompt_id``.
    """
    rows = []
    for tokenizer_name, encoder_name in COMPONENTS.items():
        tokenizer = getattr(sampler.pipe, tokenizer_name, None)
        if tokenizer is None or not prompts:
            continue
        limit = _limit(tokenizer, getattr(sampler.pipe, encoder_name, None), sampler)
        found = tokenizer(list(prompts.values()), truncation=False, padding=False)["input_ids"]
        rows += [
            PromptTokens(
                prompt_id=prompt_id,
                model_id=sampler.settings.model_id,
                tokenizer=tokenizer_name,
                token_count=len(ids),
                max_tokens=limit,
                truncated=len(ids) > limit,
            )
            for prompt_id, ids in zip(prompts, found, strict=True)
        ]
    return rows


def _limit(tokenizer: Any, encoder: Any, sampler: Sampler) -> int:
    """Tokens that the text encoder takes in: CLIP's positions are fixed, T5's are an argument of the call."""
    positions = getattr(getattr(encoder, "config", None), "max_position_embeddings", None)
    asked = positions or sampler.call_default("max_sequence_length")
    return min(int(tokenizer.model_max_length), asked if isinstance(asked, int) else UNLIMITED)
