"""A run says how it ended, whatever ended it."""

import contextlib
import json

import pytest

from workbench.errors import SomeItemsFailed
from workbench.records import Run
from workbench.store import RunLog, Store


def newest(store: Store) -> Run:
    return store.rows("recent_runs", Run, limit_runs=1)[0]


def test_running_then_done(store: Store) -> None:
    with RunLog(store, "ingest", {"from": "a.csv"}, packages=["polars", "no-such-package"]) as run:
        run.planned = 3
        store.write(run.step(done=2))
        assert (newest(store).outcome, newest(store).done, newest(store).ended_utc) == ("running", 2, None)
    ended = newest(store)
    assert (ended.outcome, ended.done, ended.planned, ended.message) == ("done", 2, 3, None)
    assert ended.ended_utc is not None
    assert json.loads(ended.arguments) == {"from": "a.csv"}
    assert {"python", "duckdb", "polars", "multimodal-iconicity-workbench"} == json.loads(ended.versions).keys()


def test_what_is_planned_is_known_from_the_start(store: Store) -> None:
    with RunLog(store, "score", {}, planned=40):
        assert (newest(store).planned, newest(store).done) == (40, 0)
    assert newest(store).planned == 40


@pytest.mark.parametrize(
    ("error", "outcome", "message"),
    [
        (KeyboardInterrupt(), "interrupted", None),
        (RuntimeError("first line\nsecond"), "failed", "first line"),
        (ValueError(), "failed", "ValueError"),
        (SomeItemsFailed("2 images failed"), "some failed", "2 images failed"),
    ],
)
def test_what_ended_it(store: Store, error: BaseException, outcome: str, message: str | None) -> None:
    with pytest.raises(type(error)), RunLog(store, "generate", {}) as run:
        store.write(run.step(done=1, failed=2))
        raise error
    assert (newest(store).outcome, newest(store).message, newest(store).failed) == (outcome, message, 2)


def test_what_else_there_is_to_know_stands_behind_what_ended_it(store: Store) -> None:
    for error, message in ((None, "small batches"), (SomeItemsFailed("2 failed"), "2 failed; small batches")):
        with contextlib.suppress(SomeItemsFailed), RunLog(store, "generate", {}) as run:
            run.message = "small batches"
            if error:
                raise error
        assert newest(store).message == message


def test_ids_sort_by_start(store: Store) -> None:
    ids = []
    for _ in range(2):
        with RunLog(store, "ingest", {}) as run:
            ids.append(run.run_id)
    assert ids[0][:15] <= ids[1][:15]
    assert ids[0] != ids[1]
