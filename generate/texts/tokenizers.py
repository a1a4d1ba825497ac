"""How many tokens text encoders see of a text: asked by ``wb ingest prompts``, before any model is loaded."""

import gzip
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generate.encoders.encoder import loading
from generate.extras import models_extra, not_installed
from generate.hub import hub_file
from workbench.errors import ConfigError
from workbench.registry import Registry

CLIP_LIMIT = 77
UNLIMITED = 2**31 - 1
"""What a tokenizer without a limit of its own gets."""
_MERGES = 49152 - 256 - 2
"""That CLIP uses of its file."""
_CLIP_WORDS = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
_INSTEAD = "no network is needed by a local folder, or by --tokenizer clip"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCounter:
    """A tokenizer."""

    name: str
    """As ``prompt_tokens`` names it."""
    limit: int
    """Tokens that the text encoder takes in."""
    count: Callable[[Sequence[str]], list[int]]
    """Tokens of each text, special ones included."""


TOKENIZERS: Registry[Callable[[str], TokenCounter]] = Registry("tokenizer")
TOKENIZERS.add("clip", "generate.texts.tokenizers:load_clip")
TOKENIZERS.add("t5", "generate.texts.tokenizers:load_other")


def load_tokenizer(name: str) -> TokenCounter:
    """Load a tokenizer.

    Args:
        name: ``clip`` (its vocabulary comes inside a package), ``t5:`` and a hub id or a folder with its files;
            ``@256`` after it limits the tokens that the pipeline lets through.

    Raises:
        ConfigError: If there is no such tokenizer.
        ModelError: If its files cannot be had.
    """
    family, _, rest = name.partition(":")
    loader = TOKENIZERS[family]
    with models_extra():
        return loader(rest)


def load_clip(name: str) -> TokenCounter:
    """CLIP's, of Stable Diffusion and in SDXL, SD3 and Flux.

    Raises:
        ConfigError: If a name stands after ``clip``.
        ModelError: If the package that holds its vocabulary is missing.
    """
    if name:
        raise ConfigError("clip: is one tokenizer and takes no name", "clip, or t5:./folder")
    tokenizer = _clip()
    return TokenCounter(
        name="clip",
        limit=CLIP_LIMIT,
        count=lambda texts: [len(found.ids) + 2 for found in tokenizer.encode_batch(list(texts))],
    )


@cache
def _clip() -> Any:
    """CLIP's tokenizer without its special tokens, from the vocabulary that open_clip ships."""
    package = importlib.util.find_spec("open_clip")
    if package is None or not package.submodule_search_locations:
        raise not_installed("open_clip", "which holds CLIP's vocabulary")
    # By its file: importing the package would import torch.
    file = Path(package.submodule_search_locations[0]) / "bpe_simple_vocab_16e6.txt.gz"
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    lines = gzip.decompress(file.read_bytes()).decode().split("\n")[1 : _MERGES + 1]
    merges = [(first, second) for first, second in map(str.split, lines)]
    letters = pre_tokenizers.ByteLevel.alphabet()
    words = [*letters, *(f"{letter}</w>" for letter in letters), *map("".join, merges)]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    split = pre_tokenizers.Split(Regex(_CLIP_WORDS), behavior="removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    return tokenizer


def load_other(name: str) -> TokenCounter:
    """``t5:org/name`` or ``t5:./folder``, with ``@N`` for its limit.

    Raises:
        ConfigError: If no name is given, or the limit is no number.
        ModelError: If its files cannot be had.
    """
    source, at, limit = name.partition("@")
    if not source or (at and not (limit.isdecimal() and int(limit) > 0)):
        raise ConfigError("t5: wants a name, and a number after @", "t5:./folder@256, t5:google/t5-v1_1-xxl@512")
    import transformers.utils.logging
    from transformers import AutoTokenizer

    transformers.utils.logging.set_verbosity_error()
    local = Path(source).is_dir()
    with loading(f"t5:{source}", _INSTEAD):
        revision = None if local else hub_file(source, "tokenizer_config.json", instead=_INSTEAD).commit
        tokenizer = AutoTokenizer.from_pretrained(source, revision=revision, local_files_only=local)
    return TokenCounter(
        name=f"t5:{Path(source).resolve().name if local else source}",
        limit=int(limit) if limit else min(int(tokenizer.model_max_length), UNLIMITED),
        count=lambda texts: [len(ids) for ids in tokenizer(list(texts), truncation=False, padding=False)["input_ids"]],
    )
