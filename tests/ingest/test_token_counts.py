"""Tokens of prompts, counted before any model is loaded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generate.texts.tokenizers import load_tokenizer
from tests.fixtures.checkpoints import clip_tokenizer
from workbench.errors import ConfigError
from workbench.store import Store

LONG = "a village under stars " * 30
TOKENS = "SELECT model_id, token_count, max_tokens, truncated FROM prompt_tokens JOIN prompts USING (prompt_id)"


@pytest.fixture(scope="module")
def theirs() -> Any:
    return clip_tokenizer()


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80))
def test_clips_tokens_are_those_of_transformers(theirs: Any, text: str) -> None:
    (count,) = load_tokenizer("clip").count([text])
    assert count == len(theirs(text)["input_ids"])


@pytest.fixture
def refs(wb: Callable[..., Any], csv_file: Callable[..., Path]) -> None:
    assert wb("ingest", "--from", csv_file("qid,label,kind", "Q1,Mona Lisa,static")).code == 0


@pytest.mark.usefixtures("refs")
def test_a_long_text_is_told(
    wb: Callable[..., Any], db: Path, csv_file: Callable[..., Path], dump: Callable[[], object]
) -> None:
    command = ("ingest", "prompts", "--from", csv_file("qid,perturbation,text", f"Q1,literal,{LONG}", name="p.csv"))
    outcome = wb(*command)
    assert "1 of 1 literal prompts are over the 77 tokens of clip" in outcome.err
    rows = Store.open(db).sql(f"{TOKENS} ORDER BY token_count").rows()
    assert rows == [("clip", 4, 77, False), ("clip", 122, 77, True)]
    before = dump()
    wb(*command)
    assert dump() == before


@pytest.mark.usefixtures("refs")
def test_another_text_encoder(wb: Callable[..., Any], db: Path, tmp_path: Path) -> None:
    from transformers import T5TokenizerFast

    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((f"▁{w}", -1.0) for w in ("Mona", "Lisa"))]
    T5TokenizerFast(vocab=pieces, extra_ids=0, model_max_length=512).save_pretrained(tmp_path / "t5")
    command = ("ingest", "prompts", "--perturbation", "title", "--tokenizer", f"t5:{tmp_path / 't5'}")
    assert wb(*command).code == 0
    assert Store.open(db).sql(TOKENS).rows() == [("t5:t5", 3, 512, False)]
    outcome = wb(*command[:-1], f"{command[-1]}@2")
    assert "1 of 1 title prompts are over the 2 tokens of t5:t5" in outcome.err
    assert Store.open(db).sql(TOKENS).rows() == [("t5:t5", 3, 2, True)]


@pytest.mark.parametrize("name", ["clop", "clip:x", "t5:", "t5:x@", "t5:x@0", "t5:x@many"])
def test_names_that_make_no_sense(name: str) -> None:
    with pytest.raises(ConfigError):
        load_tokenizer(name)


@pytest.mark.usefixtures("refs")
def test_what_cannot_be_had_writes_nothing(wb: Callable[..., Any], db: Path, dump: Callable[[], object]) -> None:
    before = dump()
    outcome = wb("ingest", "prompts", "--perturbation", "title", "--tokenizer", "t5:./nothing-here")
    assert outcome.code == 1 and "t5:./nothing-here cannot be loaded" in outcome.err
    assert dump() == before
