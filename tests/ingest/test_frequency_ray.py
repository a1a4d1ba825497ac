"""``wb ingest frequency --engine ray`` on a real cluster: the counts are those of this process."""

import gzip
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.fixtures.cluster import RayCluster, at_work
from tests.ingest.conftest import dump_of
from tests.ingest.test_frequency import CAPTIONS, ROWS, write

Wb = Callable[..., Any]
LONG = 200_000
"""Captions that keep a worker at work for long enough to be killed."""
WAIT_SECONDS = 60


class Killer(threading.Thread):
    """Kills a worker that counts."""

    def __init__(self, cluster_pid: int) -> None:
        super().__init__()
        self._cluster = psutil.Process(cluster_pid)
        self.killed = 0

    def run(self) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.killed and time.monotonic() < deadline:
            for worker in at_work(self._cluster):
                worker.kill()
                self.killed = worker.pid
                break
            time.sleep(0.01)


def corpus(folder: Path) -> Path:
    """Captions in files long and short, one of them damaged, one a copy."""
    folder.mkdir()
    for name, times in (("0.jsonl.gz", 2), ("1.jsonl.gz", 1)):
        line = json.dumps({"TEXT": "The Scream at Home"}) + "\n"
        (folder / name).write_bytes(gzip.compress(line.encode() * LONG * times, 1))
    whole = write(folder / "2.parquet", CAPTIONS).read_bytes()
    (folder / "3.parquet").write_bytes(whole)
    (folder / "4.parquet").write_bytes(whole[: len(whole) // 2])
    write(folder / "5.csv", CAPTIONS[3:])
    write(folder / "6.jsonl", CAPTIONS * 3)
    with (folder / "6.jsonl").open("a") as file:
        file.write('{"TEXT": "Th')
    return folder


def rows(db: Path) -> dict[str, list[dict[str, object]]]:
    """Everything in a study, without the runs that wrote it."""
    return {
        table: [{name: value for name, value in json.loads(line).items() if name != "run_id"} for line in lines]
        for table, lines in dump_of(db).items()
    }


def test_counts_are_those_of_this_process_though_a_worker_is_killed(
    wb: Wb, cluster: RayCluster, csv_file: Callable[..., Path], tmp_path: Path
) -> None:
    references = csv_file("qid,label,kind,type,creator", *ROWS)
    here, there = tmp_path / "here.duckdb", tmp_path / "there.duckdb"
    for db in (here, there):
        assert wb("ingest", "--from", references, "--db", db).code == 0
    count = ("ingest", "frequency", "--captions", corpus(tmp_path / "laion"), "--aliases")
    local = wb(*count, "--db", here)
    killer = Killer(cluster.pid)
    killer.start()
    shared = (*count, "--db", there, "--engine", "ray", "--ray-address", cluster.address, "--workers", 2)
    done = wb(*shared)
    killer.join()
    assert killer.killed
    assert "a worker died: " in done.err
    assert (done.code, local.code) == (4, 4), done.err
    for told in ("4.parquet cannot be read", "6.jsonl cannot be read", "caption files: 4 counted, 1 repeated"):
        assert told in local.err.replace("1 repeated, 4 counted", "4 counted, 1 repeated")
        assert told in done.err.replace("1 repeated, 4 counted", "4 counted, 1 repeated")
    assert rows(there) == rows(here)
    assert rows(there)["caption_counts"]
    (tmp_path / "laion" / "4.parquet").unlink()
    (tmp_path / "laion" / "6.jsonl").unlink()
    before = dump_of(there)
    again = wb(*shared[:-3], "127.0.0.1:1")
    assert (again.code, dump_of(there)) == (0, before), "where all is counted, no cluster is asked"


@pytest.mark.parametrize("option", [("--workers", 2), ("--ray-address", "auto")])
def test_what_goes_with_a_cluster_is_refused_without_one(wb: Wb, tmp_path: Path, option: tuple[str, object]) -> None:
    outcome = wb("ingest", "frequency", "--captions", write(tmp_path / "c.csv", CAPTIONS), *option)
    assert outcome.code == 2
    assert "--ray-address and --workers are of another engine" in outcome.err


def test_no_cluster_at_the_address(wb: Wb, db: Path, csv_file: Callable[..., Path], tmp_path: Path) -> None:
    pytest.importorskip("ray")
    wb("ingest", "--from", csv_file("qid,label,kind,type,creator", *ROWS))
    file = write(tmp_path / "c.csv", CAPTIONS)
    outcome = wb("ingest", "frequency", "--captions", file, "--engine", "ray", "--ray-address", "127.0.0.1:1")
    assert outcome.code == 1
    assert "no Ray cluster at 127.0.0.1:1" in outcome.err and "Traceback" not in outcome.err
