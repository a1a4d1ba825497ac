"""A cluster for those who know nothing of engines: they are outside, and come by name."""

import contextlib
import functools
from collections.abc import Callable, Collection, Generator, Hashable, Iterable, Sequence

from generate.engines.cluster import RayEngine
from generate.engines.engine import RAY, EngineChoice, I, L, S, Work, alone


def share_out(
    load: Callable[[], L],
    compute: Callable[[L, Iterable[I], Callable[[str], None]], Iterable[S]],
    lost: Callable[[I, str], S],
    group: Callable[[I], Hashable],
    items: Iterable[I],
    note: Callable[[str], None],
    *,
    libraries: Collection[str],
    address: str | None,
    workers: int | None,
) -> Generator[S, None, None]:
    """Do items on the cores of a cluster of Ray, each by a worker; results come as they are there.

    Closed, it lets the workers go. All functions are of modules, or parts of such: they travel.

    Args:
        load: makes what each worker holds.
        compute: (that, items, a way to say something) → a result for each item.
        lost: the result for an item over which too many workers died, and why.
        group: tells items apart.
        items: taken as they are needed.
        note: told what a person should know.
        libraries: that decide what comes out: all machines have to have the same versions.
        address: of the cluster; None: that of ``RAY_ADDRESS`` or of this machine, else one is started here.
        workers: None: as many as the cluster has room for.

    Raises:
        ModelError: If there is no cluster, or no worker can go on.
    """
    choice = EngineChoice(engine=RAY, ray_address=address, workers=workers, gpus_per_worker=0)
    work = Work(compute=compute, finish=alone, lost=functools.partial(_each, lost), group=group, enough=1)
    with contextlib.closing(RayEngine(load, choice, "cpu", libraries)) as engine:
        for finish in engine.do(work, items, note):
            yield from finish()


def _each(lost: Callable[[I, str], S], items: Sequence[I], why: str) -> list[S]:
    return [lost(item, why) for item in items]
