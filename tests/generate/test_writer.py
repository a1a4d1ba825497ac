"""Rows on their way into the study: in time, in one piece with the run's counts, and kept while it is locked."""

import multiprocessing
import threading
from pathlib import Path

import duckdb
import pytest

from generate.writer import RowWriter
from workbench.errors import QueryError
from workbench.records import GeneratedImage
from workbench.store import RunLog, Store, utc_now


def rows(first: int, count: int, status: str = "failed") -> list[GeneratedImage]:
    return [
        GeneratedImage(
            prompt_id="p",
            model_id="m",
            settings_id="s",
            seed=seed,
            status=status,
            error="a reason",
            created_utc=utc_now(),
            run_id="r",
        )
        for seed in range(first, first + count)
    ]


def writer(store: Store, run: RunLog, **options: object) -> RowWriter:
    return RowWriter(store, run, query="upsert_images", table="images", waiting=4, **options)


def counts(store: Store) -> tuple[object, ...]:
    images = store.sql("SELECT count(*) FROM images").row(0)
    return images + store.sql("SELECT done, failed FROM runs").row(0)


def test_rows_and_counts_are_written_together(store: Store):
    with RunLog(store, "generate", {}) as run:
        with writer(store, run, flush_seconds=0) as out:
            out.put(lambda: rows(0, 2))
            out.put(lambda: rows(2, 1, status="black"))
        assert counts(store) == (3, 1, 2)
        assert out.counts == {"failed": 2, "black": 1}


def test_rows_wait_for_each_other(store: Store):
    with RunLog(store, "generate", {}) as run, writer(store, run, flush_seconds=60) as out:
        out.put(lambda: rows(0, 2))
        out.put(lambda: rows(2, 2))
        assert counts(store) == (0, 0, 0)
    assert counts(store) == (4, 0, 4)


def test_an_interruption_writes_what_was_handed_over(store: Store):
    run = RunLog(store, "generate", {})
    with pytest.raises(KeyboardInterrupt), run, writer(store, run, flush_seconds=60) as out:
        out.put(lambda: rows(0, 3))
        raise KeyboardInterrupt
    assert counts(store) == (3, 0, 3)


def test_an_error_in_the_thread_reaches_the_caller_and_earlier_rows_are_written(store: Store):
    def broken() -> list[GeneratedImage]:
        raise QueryError("broken")

    run = RunLog(store, "generate", {})
    with pytest.raises(QueryError, match="broken"), run, writer(store, run, flush_seconds=60) as out:
        out.put(lambda: rows(0, 2))
        out.put(broken)
    assert counts(store) == (2, 0, 2)


def test_rows_wait_while_another_program_holds_the_file(db: Path):
    """Held for longer than a transaction waits: the rows come with the next one, counted once."""
    store = Store.create(db, lock_seconds=0.2)
    context = multiprocessing.get_context("spawn")
    held, release, tried = context.Event(), context.Event(), threading.Event()
    holder = context.Process(target=hold, args=(str(db), held, release))

    def none_after_a_try() -> list[GeneratedImage]:
        tried.set()
        return []

    with RunLog(store, "generate", {}) as run:
        with writer(store, run, flush_seconds=0) as out:
            holder.start()
            assert held.wait(60)
            out.put(lambda: rows(0, 2))
            out.put(none_after_a_try)
            assert tried.wait(60)
            release.set()
            holder.join(60)
            out.put(lambda: rows(2, 1))
        assert counts(store) == (3, 0, 3)


def hold(path: str, held, release) -> None:
    with duckdb.connect(path):
        held.set()
        release.wait(60)
