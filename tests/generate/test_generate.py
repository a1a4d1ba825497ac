"""``wb generate`` on a real checkpoint: makes what is missing, once, and says what it did."""

import hashlib
import sys
from pathlib import Path

import polars as pl
import pytest

from generate.models.settings import Wishes, settings_for
from generate.models.source import find_model
from tests.fixtures.studies import add_references
from workbench.records import GeneratedImage
from workbench.store import Store, Write, utc_now

QUICK = ("--steps", 2, "--device", "cpu")


@pytest.fixture
def generate(wb, store: Store, tiny: Path):
    """Runs ``wb generate`` with the tiny checkpoint and few steps."""
    return lambda *arguments, model=tiny: wb("generate", "--model", model, *QUICK, *arguments)


def images(store: Store) -> pl.DataFrame:
    return store.sql("FROM images ORDER BY prompt_id, settings_id, seed")


def test_every_prompt_gets_its_images_and_their_files_are_what_the_rows_say(generate, store: Store):
    add_references(store, count=2, perturbations=("title", "synonym"))
    done = generate("--images-per-prompt", 3)
    assert (done.code, done.out) == (0, "")
    assert "made 12 images" in done.err
    assert "next: wb score" in done.err
    rows = images(store)
    assert rows.height == rows["image_id"].n_unique() == 12
    assert set(rows["status"]) == {"ok"}
    assert sorted(rows["seed"].to_list()) == sorted([0, 1, 2] * 4)
    assert set(rows["width"]) == set(rows["height"]) == {64}
    for path, sha256 in rows.select("path", "sha256").iter_rows():
        assert hashlib.sha256(store.images.path(path).read_bytes()).hexdigest() == sha256


def test_a_run_leaves_a_record_of_all_that_made_its_images(generate, store: Store, tiny: Path):
    add_references(store, count=1)
    generate("--images-per-prompt", 2)
    (run,) = store.sql("FROM runs").to_dicts()
    assert (run["command"], run["outcome"], run["device"]) == ("generate", "done", "cpu")
    assert (run["planned"], run["done"], run["failed"]) == (2, 2, 0)
    assert "diffusers" in run["versions"]
    (settings,) = store.sql("FROM settings").to_dicts()
    assert settings["revision"].startswith("sha256:")
    assert (settings["steps"], settings["scheduler"], settings["dtype"]) == (2, "PNDMScheduler", "float32")
    (model,) = store.sql("FROM models").to_dicts()
    assert (model["model_id"], model["hub_id"], model["family"]) == ("tiny", str(tiny), "sd")
    (tokens,) = store.sql("FROM prompt_tokens").to_dicts()
    assert (tokens["tokenizer"], tokens["max_tokens"], tokens["truncated"]) == ("tokenizer", 77, False)


def test_a_second_run_has_nothing_to_do_and_leaves_no_trace(generate, store: Store):
    add_references(store, count=2)
    generate()
    before = images(store)
    again = generate()
    assert again.code == 0
    assert "nothing to generate" in again.err
    assert images(store).equals(before)
    assert store.sql("FROM runs").height == 1


def test_more_images_are_added_to_those_that_are_there(generate, store: Store):
    add_references(store, count=1)
    generate("--images-per-prompt", 2)
    before = images(store)
    generate("--images-per-prompt", 5)
    after = images(store)
    assert after["seed"].to_list() == [0, 1, 2, 3, 4]
    assert after.head(2).equals(before)


def test_two_settings_stand_side_by_side(generate, store: Store):
    add_references(store, count=1)
    generate("--guidance", 1)
    generate("--guidance", 5)
    rows = images(store)
    assert rows.height == 8
    assert rows["settings_id"].n_unique() == 2
    assert rows["sha256"].n_unique() == 8


def test_seeds_begin_where_they_are_told_to(generate, store: Store):
    add_references(store, count=1)
    generate("--seed", 7, "--images-per-prompt", 2)
    assert images(store)["seed"].to_list() == [7, 8]


def test_dry_run_counts_and_makes_nothing(generate, store: Store):
    add_references(store, count=3, perturbations=("title", "synonym"))
    dry = generate("--dry-run", "--images-per-prompt", 5)
    assert dry.code == 0
    assert [line.split() for line in dry.out.splitlines()] == [
        ["perturbation", "references", "prompts", "images"],
        ["synonym", "3", "3", "15"],
        ["title", "3", "3", "15"],
    ]
    assert images(store).is_empty()
    assert store.sql("FROM runs").is_empty()


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (("--perturbation", "title"), 4),
        (("--perturbation", "title", "--perturbation", "synonym"), 8),
        (("--kind", "dynamic"), 2),
        (("--qid", "Q2", "--qid", "Q9"), 4),
        (("--limit", 1), 2),
        (("--with-reference-image",), 6),
    ],
)
def test_filters(generate, store: Store, filters: tuple[object, ...], count: int):
    add_references(store, count=3, perturbations=("title", "synonym"))
    add_references(store, count=1, first=9, kind="dynamic", images=0, perturbations=("title", "synonym"))
    dry = generate("--dry-run", "--images-per-prompt", 1, *filters)
    assert sum(int(line.split()[-1]) for line in dry.out.splitlines()[1:]) == count


def test_it_says_which_references_cannot_be_scored(generate, store: Store):
    add_references(store, count=2)
    add_references(store, count=1, first=9, images=0)
    assert "without a reference image: 1 of 3" in generate("--dry-run").err
    assert "without a reference image" not in generate("--dry-run", "--with-reference-image").err


def test_images_that_no_reference_image_can_score_wait_for_one(generate, store: Store):
    add_references(store, count=1, images=0)
    assert "next: wb ingest --images DIR" in generate("--images-per-prompt", 1).err
    add_references(store, count=1, first=2)
    assert "next: wb score" in generate("--images-per-prompt", 1).err


def test_images_that_do_not_come_out_are_rows_with_a_reason(generate, store: Store, flawed):
    add_references(store, count=2, perturbations=("scream", "title"))
    done = generate("--images-per-prompt", 2, model=flawed(nan_word="scream"))
    assert done.code == 4
    assert "failed: Q1 “Picture 1, scream” seed 0: pixels are not numbers" in done.err
    assert "4 of 8 images failed" in done.err
    rows = images(store)
    assert sorted(rows["status"].to_list()) == ["failed"] * 4 + ["ok"] * 4
    assert all("not numbers" in error for error in rows.filter(pl.col("status") == "failed")["error"])
    (run,) = store.sql("FROM runs").to_dicts()
    assert (run["outcome"], run["done"], run["failed"]) == ("some failed", 4, 4)
    again = generate("--images-per-prompt", 2, model=flawed(nan_word="scream"))
    assert again.code == 0
    assert "failed, blocked or black among them: 4" in again.err


@pytest.mark.parametrize(
    ("flaw", "status", "hint"),
    [({"safety_checker": "blocks"}, "blocked", "--no-safety-checker"), ({"black": True}, "black", "--dtype float32")],
)
def test_blocked_and_black_images_are_counted_apart(generate, store: Store, flawed, flaw, status: str, hint: str):
    add_references(store, count=1)
    done = generate("--images-per-prompt", 2, model=flawed(**flaw))
    assert done.code == 0
    assert f"2 {status}" in done.err
    assert f"hint: {hint}" in done.err
    assert "next:" not in done.err
    again = generate("--images-per-prompt", 2, model=flawed(**flaw))
    assert "hint: --retry-failed" in again.err
    assert "next:" not in again.err
    rows = images(store)
    assert rows["status"].to_list() == [status] * 2
    assert rows["sha256"].to_list() == [None] * 2


def test_failed_images_are_tried_again_only_when_asked(generate, store: Store, tiny: Path):
    add_references(store, count=1)
    settings = settings_for(find_model(str(tiny)), Wishes(steps=2), "float32")
    (prompt,) = store.sql("FROM prompts")["prompt_id"]
    row = GeneratedImage(
        prompt_id=prompt,
        model_id="tiny",
        settings_id=settings.settings_id,
        seed=0,
        status="failed",
        error="a cosmic ray",
        created_utc=utc_now(),
        run_id="earlier",
    )
    store.write(Write(query="upsert_images", table="images", records=[row]))
    generate("--images-per-prompt", 2)
    assert images(store)["status"].to_list() == ["failed", "ok"]
    generate("--images-per-prompt", 2, "--retry-failed")
    rows = images(store)
    assert rows["status"].to_list() == ["ok", "ok"]
    assert rows["error"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--perturbation", "titel"), 2, "did you mean title?"),
        (("--qid", "Q77"), 2, "no reference Q77"),
        (("--kind", "dynamic"), 1, "no prompt is left"),
        (("--size", "65"), 2, "multiples of 8"),
        (("--size", "big"), 2, "is not a size"),
        (("--size", "16392x8"), 2, "a side has 16,384 at most"),
        (("--model", ""), 2, "the name of the model is empty"),
        (("--guidance", "nan"), 2, "nan is not a finite number"),
        (("--guidance", "inf"), 2, "inf is not a finite number"),
        (("--device", "warp"), 2, "no device named 'warp'"),
        (("--images-per-prompt", "0"), 2, "0"),
        (("--db", "nowhere.duckdb"), 3, "no database file"),
    ],
)
def test_bad_input_is_one_line_and_a_hint(generate, store: Store, arguments, code: int, said: str):
    add_references(store, count=1)
    done = generate(*arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert images(store).is_empty()


def test_a_study_without_prompts(generate, store: Store):
    done = generate()
    assert done.code == 1
    assert "no prompts yet" in done.err
    assert "hint: wb ingest --from" in done.err


def test_without_the_models_extra_it_says_what_to_install(generate, store: Store, monkeypatch: pytest.MonkeyPatch):
    add_references(store, count=1)
    monkeypatch.setitem(sys.modules, "torch", None)
    done = generate("--device", "auto")
    assert done.code == 1
    assert "torch is not installed" in done.err
    assert "pip install 'multimodal-iconicity-workbench[models]'" in done.err
