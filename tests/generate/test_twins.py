"""The same images are not made by two runs at once, as far as can be known."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from generate.models.settings import Wishes
from generate.request import GenerateRequest
from generate.run import prepare
from generate.twins import check_alone
from tests.fixtures.processes import a_run
from tests.fixtures.studies import add_references
from workbench.errors import ConfigError
from workbench.store import RunLog, Store, connection

QUICK = ("--steps", 2, "--device", "cpu")


@pytest.fixture
def at_work(wb, store: Store, tiny: Path) -> Iterator[str]:
    """The id of a run of another process, which is making images 0 to 3 of Q1 and Q2; image 0 of Q1 is there."""
    add_references(store, count=3)
    assert wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 1, "--qid", "Q1").code == 0
    ((arguments, settings_id),) = store.sql("SELECT arguments, settings_id FROM runs").rows()
    asked = {**json.loads(arguments), "qids": ["Q1", "Q2"], "images_per_prompt": 4}
    with a_run(store.path, json.dumps(asked), settings_id):
        yield store.sql("SELECT run_id FROM runs WHERE outcome = 'running'").item()


@pytest.fixture
def generate(wb, tiny: Path):
    return lambda *arguments: wb("generate", "--model", tiny, *QUICK, *arguments)


def images(store: Store) -> int:
    return store.sql("SELECT count(*) FROM images").item()


def test_what_another_process_is_making_is_refused(generate, store: Store, at_work: str):
    done = generate("--images-per-prompt", 2)
    assert (done.code, done.out) == (2, "")
    assert f"run {at_work} on " in done.err
    assert "is making 3 of these images" in done.err
    assert "hint: --shard 1/2 shares a plan out" in done.err
    assert images(store) == 1
    assert store.sql("FROM runs").height == 2


@pytest.mark.parametrize(
    "other", [("--qid", "Q3"), ("--seed", 4, "--qid", "Q1"), ("--steps", 3, "--qid", "Q1"), ("--shard", "1/2")]
)
def test_what_it_is_not_making_is_made_beside_it(generate, store: Store, at_work: str, other: tuple[object, ...]):
    done = generate("--images-per-prompt", 1, *other)
    assert (done.code, "made " in done.err) == (0, True), done.err
    assert at_work not in done.err


@pytest.mark.parametrize(
    ("minutes", "told"), [pytest.param(1, True, id="heard of just now"), pytest.param(11, False, id="silent for long")]
)
def test_a_run_of_another_host_may_be_over_and_is_only_pointed_out(
    generate, store: Store, at_work: str, minutes: int, told: bool
):
    with connection.writing(store.path, 5) as con:
        con.execute(
            "UPDATE runs SET host = 'elsewhere', updated_utc = updated_utc - to_minutes($minutes) WHERE run_id = $id",
            {"minutes": minutes, "id": at_work},
        )
    done = generate("--images-per-prompt", 1, "--qid", "Q2")
    assert (done.code, images(store)) == (0, 2), done.err
    assert (f"run {at_work} on elsewhere" in done.err) == told
    assert ("hint: --shard 1/2" in done.err) == told


def test_of_two_that_began_at_once_the_later_gives_way(wb, store: Store, tiny: Path):
    add_references(store, count=1)
    assert wb("generate", "--model", tiny, *QUICK, "--images-per-prompt", 1).code == 0
    ((arguments, settings_id),) = store.sql("SELECT arguments, settings_id FROM runs").rows()
    more = json.dumps({**json.loads(arguments), "images_per_prompt": 4})
    request = GenerateRequest(model=str(tiny), images_per_prompt=4, wishes=Wishes(steps=2), device="cpu")
    plan = prepare(store, request)
    with RunLog(store, "generate", {}, settings_id=settings_id) as first, a_run(store.path, more, settings_id):
        check_alone(store, plan.settings, plan.images, own=first.run_id)
    with (
        a_run(store.path, more, settings_id),
        pytest.raises(ConfigError, match="is making 3 of these images"),
        RunLog(store, "generate", {}, settings_id=settings_id) as later,
    ):
        check_alone(store, plan.settings, plan.images, own=later.run_id)
    assert store.sql("SELECT outcome FROM runs ORDER BY rowid DESC LIMIT 1").item() == "failed"


def test_a_run_that_was_killed_stands_in_nobody_s_way(generate, store: Store, tiny: Path, wb):
    add_references(store, count=1)
    assert generate("--images-per-prompt", 1).code == 0
    ((arguments, settings_id),) = store.sql("SELECT arguments, settings_id FROM runs").rows()
    with a_run(store.path, json.dumps({**json.loads(arguments), "images_per_prompt": 4}), settings_id) as process:
        process.kill()
        process.wait()
    done = generate("--images-per-prompt", 2)
    assert (done.code, images(store)) == (0, 2), done.err
    assert "is making" not in done.err
