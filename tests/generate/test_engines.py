"""Engines: items are done once each, whatever becomes of workers; real actors of a real cluster."""

import contextlib
import functools
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generate.engines import cluster as cluster_module
from generate.engines.engine import EngineChoice, Work
from generate.engines.hands import check_versions, versions_here
from generate.engines.local import LocalEngine
from generate.engines.lots import Lot, Lots
from generate.engines.registry import device_for, start_engine
from tests.fixtures import cluster as handiwork
from tests.fixtures.cluster import Item, RayCluster
from workbench.errors import ConfigError, ModelError

WORK = Work(
    compute=handiwork.compute, finish=handiwork.finish, lost=handiwork.lost, group=handiwork.group, enough=4, most=6
)


def items(groups: int, each: int, **does: str) -> list[Item]:
    """Items in order; of ``g3`` the first does what is said."""
    return [
        Item(group, n, does.get(f"g{group}", "fine") if n == 0 else "fine")
        for group in range(groups)
        for n in range(each)
    ]


def choice(address: str, **more: object) -> EngineChoice:
    return EngineChoice(engine="ray", ray_address=address, gpus_per_worker=0, **more)


def do(engine, planned: list[Item], said: list[str] | None = None) -> list[tuple[Item, int | str]]:
    note = [].append if said is None else said.append
    return [one for make in engine.do(WORK, planned, note) for one in make()]


@given(st.lists(st.integers(1, 9), max_size=8))
def test_lots_hold_every_item_once_in_order_and_groups_together(sizes: list[int]):
    planned = [Item(group, n) for group, size in enumerate(sizes) for n in range(size)]
    source = Lots(WORK, planned)
    lots = list(iter(source.take, None))
    assert [item for lot in lots for item in lot.items] == planned
    assert all(len(lot.items) >= WORK.enough for lot in lots[:-1])
    for lot in lots:
        for group in {item.group for item in lot.items}:
            here = sum(item.group == group for item in lot.items)
            assert here == sizes[group] or here in (WORK.most, sizes[group] % WORK.most)


def test_who_is_to_blame_for_deaths_is_found_and_given_up():
    planned = items(3, 2)
    lots = Lots(Work(**{**{f: getattr(WORK, f) for f in WORK.__dataclass_fields__}, "enough": 6}), planned)
    guilty, given_up, done = 1, [], []
    deaths = 0
    while (lot := lots.take()) is not None:
        if any(item.group == guilty for item in lot.items):
            deaths += 1
            given_up += [lots.died(lot)]
        else:
            done += lot.items
    assert [lot for lot in given_up if lot] == [Lot(items=planned[2:4], deaths=3)]
    assert sorted(item.group for item in done) == [0, 0, 2, 2]
    assert deaths == 4


def test_a_lot_that_is_suspected_waits_behind_no_other():
    lots = Lots(WORK, items(3, 6))
    first = lots.take()
    assert first is not None
    assert lots.died(first) is None
    assert lots.take(behind=True) == Lot(items=items(3, 6)[6:12])
    assert lots.take() == Lot(items=first.items, deaths=1)


def test_workers_that_die_are_replaced_and_nothing_is_lost_or_doubled(cluster: RayCluster, tmp_path: Path, capfd):
    """One dies once over a group, and others each time over another."""
    planned = items(12, 3, g2="once", g7="kills", g9="raises")
    local = do(LocalEngine(functools.partial(handiwork.load_folder, tmp_path), EngineChoice(), "cpu"), items(12, 3))
    engine = start_engine(choice(cluster.address, workers=2), functools.partial(handiwork.load_folder, tmp_path), "cpu")
    said: list[str] = []
    try:
        assert engine.ask(str) == str(tmp_path)
        found = do(engine, planned, said)
    finally:
        engine.close()
    order = sorted(found, key=lambda one: (one[0].group, one[0].number))
    assert [(one.group, one.number) for one, _ in order] == [(one.group, one.number) for one, _ in local]
    bad = {item.group: why for item, why in found if isinstance(why, str)}
    assert bad.keys() == {7, 9}
    assert capfd.readouterr().out == ""
    assert bad[7].startswith("3 workers died over it: ")
    assert bad[9] == "3 workers died over it: ValueError: not this one"
    assert len([text for text in said if text.startswith("a worker died")]) >= 7
    assert len({pid for _, pid in found}) >= 2


def test_an_interruption_ends_the_workers_and_the_handler_of_sigterm_stays(cluster: RayCluster, tmp_path: Path):
    before = signal.getsignal(signal.SIGTERM)
    engine = start_engine(choice(cluster.address, workers=1), functools.partial(handiwork.load_folder, tmp_path), "cpu")
    assert signal.getsignal(signal.SIGTERM) is before
    pid = engine.ask(handiwork.process)
    found = engine.do(WORK, items(2, 6, g1="lasts"), [].append)
    with contextlib.closing(engine), pytest.raises(KeyboardInterrupt):
        assert len([next(found)() for _ in range(6)]) == 6
        threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
        next(found)
    deadline = time.monotonic() + 30
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not lives(pid)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_where_all_die_it_ends(cluster: RayCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster_module, "MOST_IN_A_ROW", 2)
    engine = start_engine(choice(cluster.address, workers=1), functools.partial(handiwork.load_folder, tmp_path), "cpu")
    try:
        with pytest.raises(ModelError, match="2 workers died in a row"):
            do(engine, items(2, 3, g0="kills", g1="kills"))
    finally:
        engine.close()


def test_what_cannot_be_loaded_is_said_in_one_line(cluster: RayCluster):
    engine = start_engine(choice(cluster.address, workers=1), handiwork.load_nothing, "cpu")
    try:
        with pytest.raises(ModelError, match=r"^no such weights$") as caught:
            engine.ask(str)
        assert caught.value.hint == "look again"
    finally:
        engine.close()


def test_no_cluster_at_the_address():
    with pytest.raises(ModelError, match=r"no Ray cluster at 127\.0\.0\.1:1: "):
        start_engine(choice("127.0.0.1:1"), handiwork.load_nothing, "cpu")


def test_a_machine_with_other_libraries_is_refused():
    with pytest.raises(ModelError, match=r"has other libraries than this process: torch .*, not 0\.1"):
        check_versions({"torch": "0.1"})
    with pytest.raises(ModelError, match=r"other libraries than this process: pyarrow .*, not 0\.1, no-such missing"):
        check_versions({**versions_here(("numpy", "pyarrow")), "pyarrow": "0.1", "no-such": "1"})
    check_versions(versions_here(("numpy", "pyarrow")))


@pytest.mark.parametrize(
    ("asked", "device", "found"),
    [
        (EngineChoice(), "cpu", "cpu"),
        (EngineChoice(engine="ray"), "auto", "cuda"),
        (EngineChoice(engine="ray"), "cpu", "cpu"),
        (EngineChoice(engine="ray", gpus_per_worker=0), "auto", "cpu"),
    ],
)
def test_devices_of_workers_are_not_looked_for_here(asked: EngineChoice, device: str, found: str):
    assert device_for(asked, device) == found


@pytest.mark.parametrize(
    ("asked", "device"), [(EngineChoice(engine="ray"), "cuda:1"), (EngineChoice(workers=2), "cpu")]
)
def test_what_goes_with_another_engine_is_refused(asked: EngineChoice, device: str):
    with pytest.raises(ConfigError):
        device_for(asked, device)
