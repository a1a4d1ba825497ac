"""One class per table that says how prompts are worded: frozen, its fields are the columns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptChange:
    """A row of ``prompt_changes``: a word that a synonym replaces."""

    prompt_id: str
    position: int
    """Of the word among the words of the title, from 1."""
    original: str
    replacement: str
    part_of_speech: str
    """``noun``, ``verb`` or ``adjective``."""
    synset: str
    """Part of speech and offset in WordNet 3.0, e.g. ``n08524735``."""
