"""The words that ``mini`` reads, and the tokenizer that cuts them."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tokenizers import pre_tokenizers
from transformers import CLIPTokenizer

from generate.mini.compositions import things
from generate.mini.references import all_references
from generate.mini.words import ALTERNATIVES, COLOURS, GLUE, NUMBERS, PLACES, SIZES, plural
from workbench.seed import seed_data

LENGTH = 40
"""Tokens of a prompt, with the two that mark its ends."""
_WORD_END = "</w>"
_START, _END = "<|startoftext|>", "<|endoftext|>"
_WORD = re.compile(r"[^\W\d_]+")


def caption_words() -> set[str]:
    """What captions of generic compositions are made of."""
    named = [name for part in things().values() for name in part]
    phrases = [*COLOURS, *ALTERNATIVES.values(), *NUMBERS, *SIZES, *PLACES, *GLUE, *named, *map(plural, named)]
    return words(" ".join(phrases))


def words(text: str) -> set[str]:
    """The words of a text, in small letters."""
    return set(_WORD.findall(text.lower()))


def all_words() -> Sequence[str]:
    """Every word that is one token: of captions, of all titles, trained or not, and of the study's other prompts."""
    with seed_data("mini/prompts.csv").open(encoding="utf-8", newline="") as file:
        prompts = [row["text"] for row in csv.DictReader(file)]
    titles = [reference.title for reference in all_references()]
    return sorted(caption_words().union(*map(words, [*prompts, *titles])))


def build_tokenizer() -> CLIPTokenizer:
    """A CLIP tokenizer whose byte pairs merge up to whole words; other text falls to pieces, but is never unknown."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = byte_pairs(all_words())
    tokens = [
        *letters,
        *(letter + _WORD_END for letter in letters),
        *dict.fromkeys(a + b for a, b in merges),
        _START,
        _END,
    ]
    return CLIPTokenizer(vocab={token: i for i, token in enumerate(tokens)}, merges=merges, model_max_length=LENGTH)


def byte_pairs(known: Sequence[str]) -> list[tuple[str, str]]:
    """Byte-pair merges, in their order, that make one token of every word.

    The trainer of the tokenizers library breaks ties by chance; here the first in the alphabet wins.
    """
    cut = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    pieces = [list(cut.pre_tokenize_str(word)[0][0]) for word in known]
    pieces = [[*word[:-1], word[-1] + _WORD_END] for word in pieces]
    merges = []
    while pairs := Counter(pair for word in pieces for pair in pairwise(word)):
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        pieces = [_merged(word, best) for word in pieces]
    return merges


def _merged(word: list[str], pair: tuple[str, str]) -> list[str]:
    out: list[str] = []
    for piece in word:
        if out and (out[-1], piece) == pair:
            out[-1] += piece
        else:
            out.append(piece)
    return out
