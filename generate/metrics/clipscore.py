"""CLIPScore by CLIP of transformers: how well a picture fits its prompt."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from generate.encoders.encoder import loading
from generate.encoders.transformers_clip import load_parts
from generate.encoders.viewing import Viewing
from generate.metrics.metric import PROMPT, Metric, Score
from workbench.errors import ConfigError

SCALE = 2.5
"""Of the definition."""


def load(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``clipscore:org/name`` or ``clipscore:./folder``: 2.5 · max(cos, 0) of picture and prompt.

    Prompts are cut after as many tokens as the text encoder takes: for a long one see ``prompt_tokens``.

    Raises:
        ConfigError: If no name is given.
        ModelError: If the weights or the tokenizer cannot be had.

    Source: Hessel et al. 2021 (arXiv:2104.08718), eq. 1, without its prefix "A photo depicts".
    """
    if not name:
        raise ConfigError("clipscore wants a name", "clipscore:openai/clip-vit-base-patch16, or clipscore:./folder")
    parts = load_parts(name, device, viewing)
    tokenizer = _tokenizer(name, parts.revision)
    longest = parts.network.config.text_config.max_position_embeddings

    @functools.lru_cache(maxsize=64)
    def embedded(text: str) -> Any:
        import torch

        tokens = tokenizer([text], truncation=True, max_length=longest, return_tensors="pt").to(device)
        with torch.inference_mode():
            found = parts.network.get_text_features(**tokens).pooler_output[0].float().cpu().numpy()
        return found / np.linalg.norm(found)

    def compare(image: Any, others: Sequence[Any]) -> Score:
        return Score(value=SCALE * max(float(image @ embedded(others[0])), 0.0))

    return Metric(
        name=f"clipscore:{name}",
        label=f"clipscore:{parts.encoder.encoder_id.partition('#')[0]}",
        package="transformers",
        settings={"encoder": parts.encoder.encoder_id, "preprocessing": parts.encoder.preprocessing, "tokens": longest},
        low=0.0,
        high=SCALE,
        view=parts.encoder.prepare,
        encode=parts.encoder.embed,
        compare=compare,
        compared_with=PROMPT,
        upright=viewing.upright,
        weights=parts.encoder.weights,
    )


def _tokenizer(name: str, revision: str | None) -> Any:
    from transformers import CLIPTokenizer

    with loading(f"clipscore:{name}"):
        return CLIPTokenizer.from_pretrained(name, revision=revision, local_files_only=Path(name).is_dir())
