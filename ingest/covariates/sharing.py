"""Who counts: this process, or the workers of a cluster."""

import functools
from collections.abc import Callable, Collection, Generator, Hashable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol

from ingest.covariates.filecounts import FileCount, FileCounter, FileTask, Measures, count_files, lost_file
from workbench.errors import ConfigError
from workbench.registry import Registry

LOCAL = "local"
LIBRARIES = ("multimodal-iconicity-workbench", "numba", "numpy", "pyarrow")
"""That decide what is counted."""


class _Cluster(Protocol):
    def __call__(
        self,
        load: Callable[[], Any],
        compute: Callable[[Any, Iterable[Any], Callable[[str], None]], Iterable[Any]],
        lost: Callable[[Any, str], Any],
        group: Callable[[Any], Hashable],
        items: Iterable[Any],
        note: Callable[[str], None],
        *,
        libraries: Collection[str],
        address: str | None,
        workers: int | None,
    ) -> Generator[Any, None, None]: ...


CLUSTERS: Registry[_Cluster] = Registry("engine")
# By name only: what knows clusters is generate's alone, and is there only where its extra is installed.
CLUSTERS.add("ray", "generate.engines.sharing:share_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Which engine counts, and how large it is."""

    engine: str = LOCAL
    ray_address: str | None = None
    """Of a cluster; None: that of RAY_ADDRESS or of this machine, else one is started here."""
    workers: int | None = None
    """None: as many as the cluster has room for."""

    def check(self) -> None:
        """Refuse what goes with a cluster where there is none.

        Raises:
            ConfigError: If it is asked for.
        """
        if self.engine == LOCAL and self != Sharing():
            raise ConfigError("--ray-address and --workers are of another engine", "--engine ray takes them")

    def count(
        self, measures: Measures, tasks: Iterable[FileTask], note: Callable[[str], None]
    ) -> Generator[FileCount, None, None]:
        """Count files; what comes of them, in any order. Closed, it lets the workers go.

        Args:
            measures: what to look for.
            tasks: taken as they are needed.
            note: told what a person should know.

        Raises:
            IngestError: If the package that counts is missing.
            ModelError: If no worker can go on.
        """
        load = functools.partial(FileCounter, measures)
        if self.engine == LOCAL:
            return count_files(load(), tasks, note)
        share_out = CLUSTERS[self.engine]
        group = attrgetter("file_id")
        return share_out(
            load,
            count_files,
            lost_file,
            group,
            tasks,
            note,
            libraries=LIBRARIES,
            address=self.ray_address,
            workers=self.workers,
        )
