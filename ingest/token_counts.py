"""Counting the tokens of prompts, before any model is loaded: what a text encoder cuts off is another condition."""

from collections.abc import Callable, Sequence
from typing import Protocol

from ingest.report import Report
from workbench.errors import ModelError
from workbench.records import Prompt, PromptTokens
from workbench.registry import Registry
from workbench.store import Store, Write

DEFAULT = ("clip",)


class Tokenizer(Protocol):
    """What is needed of a tokenizer."""

    @property
    def name(self) -> str:
        """As ``prompt_tokens`` names it."""
        ...

    @property
    def limit(self) -> int:
        """Tokens that the text encoder takes in."""
        ...

    @property
    def count(self) -> Callable[[Sequence[str]], list[int]]:
        """Tokens of each text."""
        ...


TOKENIZERS: Registry[Callable[[str], Tokenizer]] = Registry("source of tokenizers")
# By name only: models' libraries are generate's alone.
TOKENIZERS.add("models", "generate.texts.tokenizers:load_tokenizer")


def load_tokenizers(names: Sequence[str]) -> list[Tokenizer]:
    """The tokenizers that are named; where none is, CLIP's, if it is installed.

    Raises:
        ConfigError: If a name is unknown.
        ModelError: If one that is named cannot be had.
    """
    try:
        return [TOKENIZERS["models"](name) for name in names or DEFAULT]
    except ModelError:
        if names:
            raise
        return []


def count_tokens(store: Store, report: Report, tokenizers: Sequence[Tokenizer]) -> None:
    """Count the tokens of all active prompts that are not counted yet, and tell which are too long."""
    if not tokenizers:
        report.note(
            "tokens are not counted: that needs the extra [models]; wb generate counts those of its own prompts"
        )
    for tokenizer in tokenizers:
        prompts = store.rows("uncounted_prompts", Prompt, tokenizer=tokenizer.name, max_tokens=tokenizer.limit)
        counts = tokenizer.count([prompt.text for prompt in prompts]) if prompts else []
        rows = [
            PromptTokens(
                prompt_id=prompt.prompt_id,
                model_id=tokenizer.name,
                tokenizer="tokenizer",
                token_count=count,
                max_tokens=tokenizer.limit,
                truncated=count > tokenizer.limit,
            )
            for prompt, count in zip(prompts, counts, strict=True)
        ]
        if rows:
            store.write(Write(query="upsert_prompt_tokens", table="prompt_tokens", records=rows))
        for perturbation, cut, n in store.frame("truncated_prompts", tokenizer=tokenizer.name).iter_rows():
            limit = f"over the {tokenizer.limit} tokens of {tokenizer.name}"
            report.note(f"{cut:,} of {n:,} {perturbation} prompts are {limit}: encoders like it never see their end")
