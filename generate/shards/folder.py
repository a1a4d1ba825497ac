"""A shard's own folder, which takes rows as a study does: Parquet parts, and pictures named by their hash.

A part is written whole, by rename, and named by the hash of its bytes, as pictures are: what is cut or damaged is known
by its name. Killed at any moment, a folder holds whole parts only.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import fasteners

from generate.ahead import done_ahead
from generate.plan import Plan
from generate.request import GenerateRequest
from generate.shards.manifest import Manifest, differences
from generate.shards.parts import Parts, is_whole, read_parts, to_parquet
from generate.shards.shard import Shard
from workbench.errors import ConfigError, StoreError
from workbench.imagefiles import ImageFiles, write_whole
from workbench.options import say
from workbench.records import GeneratedImage, Run, Settings
from workbench.store import Write

MANIFEST = "shard.json"
PART_SECONDS = 30.0
"""Between two parts: a night is a thousand of them, and a kill costs so much of it at most."""
CHECKED_AHEAD = 64
"""Pictures that are read at a time, to see whether they are whole."""
PNG_END = b"IEND\xaeB`\x82"
R = TypeVar("R")


class ShardFolder:
    """The folder of one shard.

    Args:
        path: made by ``writing``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.images = ImageFiles(path / "images")
        self._parts = ImageFiles(path / "rows")
        self._run: Run | None = None
        self._broken: list[Path] = []
        self._sound: set[Path] = set()
        """Pictures of which every byte was looked at."""

    def manifest(self) -> Manifest | None:
        """What it is a part of; None: it is not begun.

        Raises:
            ConfigError: If the manifest cannot be read.
        """
        file = self.path / MANIFEST
        try:
            return Manifest.from_json(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ConfigError(f"{file} is no shard's: {error}", "name another folder, or remove this one") from error

    def check(self, shard: Shard, settings: Settings) -> None:
        """Refuse to go on with another shard, or with other settings.

        Raises:
            ConfigError: If the folder holds such.
        """
        there = self.manifest()
        if there is None:
            return
        if there.shard != shard:
            raise ConfigError(f"{self.path} holds shard {there.shard}, not {shard}", "--into names another folder")
        if there.settings != settings:
            differing = differences(there.settings, settings, "there", "here")
            raise ConfigError(f"{self.path} holds images of other settings: {differing}", "--into names another folder")

    @contextlib.contextmanager
    def writing(self, manifest: Manifest) -> Iterator[None]:
        """Begin it, or go on with it, as the only process that does.

        Raises:
            ConfigError: If another process does.
            StoreError: If the folder cannot be written.
        """
        lock = fasteners.InterProcessLock(self.path / "lock")
        with _named(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            alone = lock.acquire(blocking=False)
        if not alone:
            lock.lockfile.close()
            raise ConfigError(f"another process is making {self.path}", "wait for it, or name another folder by --into")
        try:
            with _named(self.path):
                write_whole(self.path / MANIFEST, manifest.to_json().encode())
                self._drop_damaged()
            yield
        finally:
            lock.release()

    def _drop_damaged(self) -> None:
        """Remove what is not whole: it is not counted as made, and made again."""
        parts = [file for file in self._parts.folder.glob("*/*.parquet") if not is_whole(file)]
        for file in (*parts, *self._broken):
            say(f"removed, because it is damaged, and made again: {file}")
            file.unlink(missing_ok=True)

    def write(self, *steps: Write, settle: bool = False) -> list[int]:
        """Take what a study would: each step becomes a part, or what is known of the run.

        Args:
            steps: in their order.
            settle: plays no role, every part is settled.

        Raises:
            StoreError: If the folder cannot be written.
        """
        del settle
        return [self._take(step) for step in steps]

    def _take(self, step: Write) -> int:
        if step.query == "start_run":
            (self._run,) = step.records
        elif step.query == "update_run" and self._run is not None:
            known: dict[str, Any] = {name: value for name, value in step.parameters.items() if value is not None}
            self._run = replace(self._run, **known)
        else:
            self._parts.put(to_parquet(step.records), f".{step.table}.parquet")
            return len(step.records)
        file = self.path / "runs" / f"{self._run.run_id}.parquet"
        with _named(file):
            write_whole(file, to_parquet([self._run]))
        return 1

    def parts(self, table: str, record: type[R]) -> Parts[R]:
        """All rows of a table, parts that cannot be read apart."""
        return read_parts(sorted(self._parts.folder.glob(f"*/*.{table}.parquet")), record, hashed=True)

    def runs(self) -> Parts[Run]:
        """The runs that wrote here."""
        return read_parts(sorted((self.path / "runs").glob("*.parquet")), Run, hashed=False)

    def pictures(self, *, every_byte: bool) -> list[GeneratedImage]:
        """The images that are made, each once: the one that came out, with its picture whole, or the last try.

        Args:
            every_byte: is looked at, as ``wb merge`` does; else the last ones, which what is cut or empty lacks.
        """
        rows = latest(self.parts("images", GeneratedImage).rows)
        files = [self.images.path(row.path) if row.path is not None else None for row in rows]
        looks_whole = self._is_sound if every_byte else _ends_whole
        whole = list(done_ahead(lambda file: file is None or looks_whole(file), files, CHECKED_AHEAD))
        self._broken = [file for file, good in zip(files, whole, strict=True) if file is not None and not good]
        return [row for row, good in zip(rows, whole, strict=True) if good]

    def _is_sound(self, file: Path) -> bool:
        if file not in self._sound and is_whole(file):
            self._sound.add(file)
        return file in self._sound


def _ends_whole(file: Path) -> bool:
    """Whether a picture is there, to its end."""
    try:
        with file.open("rb") as opened:
            opened.seek(-len(PNG_END), os.SEEK_END)
            return opened.read() == PNG_END
    except OSError:  # also where it is shorter than that
        return False


def latest(images: Sequence[GeneratedImage]) -> list[GeneratedImage]:
    """Each image once: one that is ok goes before all others, then the last try."""
    ordered = sorted(images, key=lambda image: (image.status == "ok", image.created_utc))
    return list({image.image_id: image for image in ordered}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardPlace:
    """A shard, and where it is made."""

    folder: ShardFolder
    manifest: Manifest

    def missing(self, plan: Plan, *, retry: bool) -> Plan:
        """What its folder lacks of its part of a plan.

        To read all pictures of a night takes minutes, so that is left for when no other image is missing: what is
        called complete is so to the last byte, as it will be merged.

        Args:
            plan: of all shards.
            retry: make also what failed, was blocked or came out black.
        """
        part = plan.only(self.manifest.shard.part(prompt.prompt_id for prompt in plan.prompts))
        rest = part
        for every_byte in (False, True):
            there = self.folder.pictures(every_byte=every_byte)
            rest = part.without(image for image in there if image.status == "ok" or not retry)
            if rest.count:
                break
        return rest

    @contextlib.contextmanager
    def writing(self) -> Iterator[ShardFolder]:
        """The folder, as that of the only process that writes there; errors as ``ShardFolder.writing``."""
        with self.folder.writing(self.manifest):
            yield self.folder


def shard_place(
    study: Path, request: GenerateRequest, settings: Settings, shard: Shard, into: Path | None
) -> ShardPlace:
    """Where a shard is made.

    Args:
        study: path of the database file.
        request: what all shards are asked for.
        settings: of the images.
        shard: which part.
        into: the folder; None: ``workbench.shards/MODEL/2-of-8`` beside ``workbench.duckdb``.

    Raises:
        ConfigError: If the folder holds another shard, or images of other settings.
    """
    model = settings.model_id.replace("/", "--")
    name = f"{shard.number}-of-{shard.count}"
    folder = ShardFolder(into or study.with_suffix(".shards") / model / name)
    folder.check(shard, settings)
    return ShardPlace(folder=folder, manifest=Manifest(shard=shard, settings=settings, request=request))


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn what the system raises into one line that names the place."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}", "check the disk's space and rights") from error
