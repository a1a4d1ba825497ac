"""Shards: a plan in parts, each made by itself, and brought together to what one run makes."""

import functools
import json
import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generate.shards.shard import Shard
from tests.fixtures.studies import add_references
from workbench.store import Store

QUICK = ("--steps", 2, "--device", "cpu", "--batch-size", 2, "--images-per-prompt", 3)
MADE = "SELECT image_id, prompt_id, model_id, settings_id, seed, status, error, sha256, path, width, height FROM images"
WAIT_SECONDS = 120


@given(st.sets(st.text("0123456789abcdef", min_size=4, max_size=4), max_size=40), st.integers(1, 9))
def test_shards_part_prompts_evenly_and_whatever_their_order(prompts: set[str], count: int):
    parts = [Shard(number=k, count=count).part(prompts) for k in range(1, count + 1)]
    assert set().union(*parts) == prompts
    assert sum(map(len, parts)) == len(prompts)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert parts == [Shard(number=k, count=count).part(sorted(prompts, reverse=True)) for k in range(1, count + 1)]


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2"])
def test_what_is_no_shard(text: str):
    with pytest.raises(ValueError, match="is no shard"):
        Shard.parse(text)
    assert str(Shard.parse("2/8")) == "2/8"


@pytest.fixture
def study(store: Store) -> Store:
    """A study of five prompts."""
    add_references(store, count=5)
    return store


@pytest.fixture
def shard(wb, study: Store, tiny: Path, tmp_path: Path):
    """Makes a shard; its folder."""

    def make(name: str, *more: object) -> Path:
        folder = tmp_path / "shards" / name.replace("/", "-of-")
        done = wb("generate", "--model", tiny, *QUICK, "--shard", name, "--into", folder, *more)
        assert done.code == 0, done.err
        return folder

    return make


@pytest.fixture
def whole(wb, tiny: Path, tmp_path: Path) -> Store:
    """The same study, whose images one run has made."""
    one = Store.create(tmp_path / "whole.duckdb")
    add_references(one, count=5)
    done = wb("generate", "--model", tiny, *QUICK, "--db", one.path)
    assert done.code == 0, done.err
    return one


def images(store: Store) -> pl.DataFrame:
    return store.sql(f"{MADE} ORDER BY image_id")


def report(out: str) -> dict[str, dict[str, object]]:
    return {row["shard"]: row for row in json.loads(out)}


def check_same(store: Store, whole: Store) -> None:
    """Rows and files are alike, to the byte."""
    assert images(store).equals(images(whole))
    for path in images(whole)["path"]:
        assert store.images.path(path).read_bytes() == whole.images.path(path).read_bytes()
    for table in ("models", "settings", "prompt_tokens"):
        assert sorted(store.table(table).rows()) == sorted(whole.table(table).rows())


def test_merged_shards_are_what_one_run_makes_and_twice_is_once(wb, study: Store, shard, whole: Store, tmp_path: Path):
    with duckdb.connect(study.path, read_only=True):  # nobody can write now, and no shard has to
        folders = [shard("1/2"), shard("2/2")]
    assert images(study).is_empty()
    merged = wb("merge", tmp_path / "shards", "--format", "json")
    assert merged.code == 0, merged.err
    assert [row["new"] for row in json.loads(merged.out)] == [9, 6]
    assert "the plan is complete" in merged.err
    check_same(study, whole)
    runs = study.sql("SELECT command, outcome, done FROM runs ORDER BY started_utc").rows()
    assert runs == [("generate", "done", 9), ("generate", "done", 6), ("merge", "done", 15)]
    before = {name: study.table(name) for name in ("images", "models", "settings", "prompt_tokens", "runs")}
    again = wb("merge", *reversed(folders))
    assert again.code == 0
    assert "nothing to merge" in again.err
    assert all(study.table(name).equals(rows, null_equal=True) for name, rows in before.items())


def test_a_merge_says_what_is_missing_and_goes_on_later(wb, study: Store, shard):
    first = wb("merge", shard("1/3"), "--format", "json")
    assert first.code == 0
    assert {name: row["missing"] for name, row in report(first.out).items()} == {"1/3": 0, "2/3": 6, "3/3": 3}
    assert "still missing: 9 images, of shards 2/3, 3/3" in first.err
    # What is merged changes no other shard's part.
    second = wb("merge", shard("2/3"), "--format", "json")
    assert {name: row["missing"] for name, row in report(second.out).items()} == {"1/3": 0, "2/3": 0, "3/3": 3}
    assert images(study).height == 12


def test_a_shard_lies_beside_the_study_and_is_resumed_and_extended(wb, study: Store, tiny: Path):
    arguments = ("generate", "--model", tiny, *QUICK, "--shard", "1/2")
    made = wb(*arguments)
    folder = study.path.with_suffix(".shards") / "tiny" / "1-of-2"
    assert f"next: wb merge {folder}" in made.err
    assert "nothing to generate" in wb(*arguments).err
    more = wb(*arguments, "--images-per-prompt", 4)
    assert "made 3 images" in more.err
    merged = wb("merge", study.path.with_suffix(".shards"), "--format", "json")
    assert report(merged.out)["1/2"]["new"] == 12


def test_a_try_that_failed_gives_way_to_one_that_did_not(wb, store: Store, flawed, tmp_path: Path):
    """Wherever either was made, and in whatever order they are merged."""
    add_references(store, count=1, perturbations=("scream",))
    bad = flawed(nan_word="scream")
    first, second = tmp_path / "first", tmp_path / "second"
    arguments = ("generate", "--model", bad, *QUICK, "--shard", "1/1", "--into")
    assert wb(*arguments, first).code == 4
    assert wb("merge", first).code == 0
    assert set(images(store)["status"]) == {"failed"}
    assert "nothing to generate" in wb(*arguments, first).err
    assert wb(*arguments, first, "--retry-failed").code == 4
    assert wb(*arguments, second, "--retry-failed").code == 4
    tries = [report(wb("merge", folder, "--format", "json").out)["1/1"]["new"] for folder in (second, first, second)]
    assert tries == [3, 0, 0]


def make_shard(db: Path, name: str, arguments: tuple[str, ...]) -> None:
    """In a child process: a shard, with a part for every batch, so that kills meet many of them."""
    import torch

    from generate import run
    from workbench.cli import main

    torch.set_num_threads(1)
    run.generate = functools.partial(run.generate, flush_seconds=0.0)
    os.environ["WB_DB"] = str(db)
    sys.argv = ["wb", "generate", *arguments, "--shard", name]
    main()


def test_shards_made_at_once_and_killed_make_the_rest(wb, study: Store, whole: Store, tiny: Path):
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", "diffusers.pipelines.stable_diffusion", "workbench.cli", __name__])
    arguments = ("--model", str(tiny), *map(str, QUICK))
    names = ("1/2", "2/2")
    processes = [context.Process(target=make_shard, args=(study.path, name, arguments)) for name in names]
    folders = [study.path.with_suffix(".shards") / "tiny" / name.replace("/", "-of-") for name in names]
    for process in processes:
        process.start()
    deadline = time.monotonic() + WAIT_SECONDS
    while len(list(folders[0].rglob("*.images.parquet"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.005)
    processes[0].kill()
    for process in processes:
        process.join(WAIT_SECONDS)
    assert [process.exitcode for process in processes] == [-signal.SIGKILL, 0]
    part = wb("merge", *folders, "--format", "json")
    assert part.code == 0, part.err
    there = report(part.out)
    assert there["1/2"]["new"] in (4, 6, 8)
    assert there["1/2"]["missing"] == 9 - there["1/2"]["new"]
    rest = wb("generate", *arguments, "--shard", "1/2")
    assert f"made {there['1/2']['missing']} images" in rest.err
    assert wb("merge", *folders).code == 0
    check_same(study, whole)
