"""Runs are records: listed, shown whole, and repeated."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from generate.models.pipeline import load
from generate.models.sampler import Sampled, Sampler
from tests.fixtures.studies import add_references
from workbench.store import RunLog, Store, Write

QUICK = ("--steps", 2, "--device", "cpu")


def facts(out: str) -> dict[str, str]:
    return {row["field"]: row["value"] for row in json.loads(out)}


@pytest.fixture
def made(wb, store: Store, tiny: Path) -> Store:
    """A study with one run of two images."""
    add_references(store, count=2)
    done = wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 2, "--qid", "Q1", "--batch-size", 2)
    assert done.code == 0, done.err
    return store


def test_runs_are_listed_newest_first(wb, made: Store):
    with RunLog(made, "score", {}):
        pass
    rows = json.loads(wb("runs", "--format", "json").out)
    assert [(row["command"], row["outcome"]) for row in rows] == [("score", "done"), ("generate", "done")]
    assert (rows[1]["planned"], rows[1]["done"], rows[1]["device"]) == (2, 2, "cpu")
    assert [row["about"] for row in rows] == [None, Path(rows[1]["about"]).name]
    assert len(json.loads(wb("runs", "--limit", 1, "--format", "json").out)) == 1


def test_a_study_without_runs_lists_none(wb, store: Store):
    assert json.loads(wb("runs", "--format", "json").out) == []
    assert wb("runs", "show", "last").code == 2


def test_a_run_is_shown_with_all_that_made_its_images(wb, made: Store):
    shown = facts(wb("runs", "show", "last", "--format", "json").out)
    assert shown["revision"].startswith("sha256:")
    assert (shown["steps"], shown["scheduler"], shown["dtype"]) == ("2", "PNDMScheduler", "float32")
    assert shown["images ok"].startswith("2, ")
    assert shown["argument qids"] == '["Q1"]'
    assert {"version torch", "version diffusers", "host", "time"} <= shown.keys()
    (run_id,) = made.sql("SELECT run_id FROM runs")["run_id"]
    assert facts(wb("runs", "show", run_id[:-3], "--format", "json").out) == shown


def test_a_run_whose_process_is_gone_was_killed(wb, made: Store):
    with RunLog(made, "ingest", {}) as run:
        assert json.loads(wb("runs", "--format", "json").out)[0]["outcome"] == "running"
    started = made.sql("FROM runs").filter(run_id=run.run_id).to_dicts()[0]
    # As a killed run leaves it: running, by a process that is no more.
    dead = RunLog(made, "ingest", {})
    object.__setattr__(dead._started, "pid", 2**22 + 1)
    made.write(Write(query="start_run", table="runs", records=[dead._started]))
    assert started["outcome"] == "done"
    assert json.loads(wb("runs", "--format", "json").out)[0]["outcome"] == "killed"
    assert made.sql("FROM runs").filter(run_id=dead.run_id)["outcome"].to_list() == ["killed"]


class Hungry(Sampler):
    """A sampler whose batches of more than one image find no memory."""

    def sample(self, prompts: Sequence[str], seeds: Sequence[int], batch_size: int) -> list[Sampled]:
        torch.empty(10**15 if batch_size > 1 else 1)
        return super().sample(prompts, seeds, batch_size)


def test_while_its_model_is_loaded_a_run_says_how_much_it_plans(
    wb, store: Store, tiny: Path, monkeypatch: pytest.MonkeyPatch
):
    said: list[str] = []

    def load_and_look(*arguments: object) -> Sampler:
        said.extend(store.sql("SELECT planned::VARCHAR || ' ' || outcome FROM runs").to_series())
        return load(*arguments)

    add_references(store, count=2)
    monkeypatch.setattr("generate.making.load", load_and_look)
    assert wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 3).code == 0
    assert said == ["6 running"]


@pytest.mark.parametrize("shard", [(), ("--shard", "1/1")])
def test_smaller_batches_than_asked_for_are_part_of_the_record(
    wb, store: Store, tiny: Path, monkeypatch: pytest.MonkeyPatch, shard: tuple[str, ...]
):
    def load_hungry(*arguments: object) -> Sampler:
        found = load(*arguments)
        return Hungry(found.pipe, found.settings)

    add_references(store, count=1)
    monkeypatch.setattr("generate.making.load", load_hungry)
    done = wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 3, "--batch-size", 4, *shard)
    assert done.code == 0, done.err
    if shard:
        assert wb("merge", store.path.with_suffix(".shards")).code == 0
    (run_id,) = store.sql("SELECT run_id FROM runs WHERE command = 'generate'")["run_id"]
    shown = facts(wb("runs", "show", run_id, "--format", "json").out)
    assert (shown["outcome"], shown["message"]) == ("done", "out of memory: batches of 1")


def test_a_run_is_repeated_in_the_same_study_to_no_effect(wb, made: Store):
    again = wb("generate", "--like", "last")
    assert again.code == 0
    assert "nothing to generate" in again.err


def test_a_run_is_repeated_but_for_what_is_said(wb, made: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    again = wb("generate", "--like", "last", "--seed", 2)
    assert again.code == 0, again.err
    rows = made.sql("SELECT qid, seed, settings_id FROM images JOIN prompts USING (prompt_id) ORDER BY seed")
    assert rows["seed"].to_list() == [0, 1, 2, 3]
    assert set(rows["qid"]) == {"Q1"}
    assert rows["settings_id"].n_unique() == 1
    other = wb("generate", "--like", "last", "--seed", 0, "--steps", 3, "--images-per-prompt", 1)
    assert other.code == 0, other.err
    assert made.sql("SELECT steps FROM settings ORDER BY steps")["steps"].to_list() == [2, 3]


def test_other_weights_are_not_taken_for_those_of_the_run(wb, store: Store, tiny: Path, tmp_path: Path):
    copy = tmp_path / "copy"
    shutil.copytree(tiny, copy)
    add_references(store, count=1)
    assert wb("generate", "--model", copy, *QUICK, "--images-per-prompt", 1).code == 0
    (copy / "tokenizer" / "more.txt").write_text("another file")
    changed = wb("generate", "--like", "last", "--seed", 1)
    assert changed.code == 1
    assert "have changed" in changed.err
    assert wb("generate", "--like", "last", "--seed", 1, "--model", copy).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--like", "19700101"), "no run named '19700101'"),
        ((), "Missing option '--model'"),
        (("--model", "TINY", "--revision", "main"), "which has no revisions"),
    ],
)
def test_bad_input(wb, made: Store, tiny: Path, arguments: tuple[str, ...], said: str):
    done = wb("generate", *[str(tiny) if a == "TINY" else a for a in arguments])
    assert done.code == 2
    assert said in done.err


def test_the_last_to_repeat_is_the_last_that_generated(wb, made: Store):
    with RunLog(made, "score", {}):
        pass
    again = wb("generate", "--like", "last")
    assert again.code == 0, again.err
    assert "nothing to generate" in again.err
    assert facts(wb("runs", "show", "last", "--format", "json").out)["command"] == "score"


def test_where_nothing_was_generated_there_is_no_last(wb, store: Store):
    with RunLog(store, "score", {}):
        pass
    done = wb("generate", "--like", "last")
    assert (done.code, "no run of wb generate yet" in done.err) == (2, True)


def test_the_whole_plan_of_a_run_that_was_a_shard_is_said(wb, store: Store, tiny: Path, tmp_path: Path):
    add_references(store, count=2)
    part = ("--shard", "1/2", "--into", tmp_path / "part")
    assert wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 1, *part).code == 0
    assert wb("merge", tmp_path / "part").code == 0
    whole = wb("generate", "--like", "last", "--dry-run")
    assert "made shard 1/2; this is the whole plan" in whole.err
    assert [line.split()[-1] for line in whole.out.splitlines()] == ["images", "1"]
    assert "made shard" not in wb("generate", "--like", "last", "--dry-run", *part).err


def test_only_runs_that_make_images_are_repeated(wb, made: Store):
    with RunLog(made, "score", {}) as run:
        pass
    done = wb("generate", "--like", run.run_id)
    assert done.code == 2
    assert "was a wb score" in done.err
