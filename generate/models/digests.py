"""What a folder of weights is known by: the hash of what a pipeline is loaded from, whatever else lies beside it."""

import contextlib
import hashlib
import json
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

INDEX = "model_index.json"
LOADED = (".json", ".txt", ".model", ".jinja", ".tiktoken", ".safetensors")
"""Endings of files that a component is loaded from: configurations, tokenizers, weights; never a pickle."""
LARGE = 16 * 2**20
"""Bytes: the hash of a larger file is kept, so that the next command need not read it."""
SETTLED_NS = 2 * 10**9
"""A file that was written less than this ago may be written again without a clock telling."""


def digest_of(folder: Path, parts: Iterable[str]) -> str:
    """SHA-256 over the names and contents of the files that a pipeline is loaded from.

    Args:
        folder: of the pipeline.
        parts: names of the components in its index.
    """
    files = {file for part in parts for file in _of_part(folder, part) if file.suffix in LOADED}
    return _digest(folder, {folder / INDEX, *files})


def digest_of_all(folder: Path) -> str:
    """The same over whatever lies in a folder: what studies knew it by once, when a note beside it counted, too."""
    return _digest(folder, _visible(folder, folder))


def _digest(folder: Path, files: Iterable[Path]) -> str:
    digest, known = hashlib.sha256(), _KnownDigests()
    for path in sorted(files, key=lambda file: file.relative_to(folder).as_posix()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(known.of(path))
    known.keep()
    return digest.hexdigest()


def _of_part(folder: Path, part: str) -> Iterable[Path]:
    """A component lies in a folder of its name; without one, it is loaded from beside the index."""
    if (folder / part).is_dir():
        return _visible(folder, folder / part)
    return (path for path in folder.glob("[!.]*") if path.is_file())


def _visible(folder: Path, below: Path) -> Iterable[Path]:
    """Files that are not hidden, as caches and .git are."""
    for path in below.rglob("*"):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


class _KnownDigests:
    """Hashes of large files, kept between commands in the user's cache, which may be missing, broken or read-only."""

    def __init__(self) -> None:
        self._place = user_cache_path("wb") / "digests.json"
        self._kept: dict[str, Any] = {}
        self._changed = False
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(self._place.read_text(encoding="utf-8"))
            self._kept = found if isinstance(found, dict) else {}

    def of(self, path: Path) -> bytes:
        """The hash of a file."""
        before = _mark(path)
        if before["size"] <= LARGE:
            return _hashed(path)
        kept: Any = self._kept.get(str(path))
        with contextlib.suppress(TypeError, KeyError, ValueError):
            if {name: kept[name] for name in before} == before:
                return bytes.fromhex(kept["sha256"])
        digest = _hashed(path)
        if _mark(path) == before and time.time_ns() - before["mtime_ns"] > SETTLED_NS:
            self._kept[str(path)] = {**before, "sha256": digest.hex()}
            self._changed = True
        return digest

    def keep(self) -> None:
        """Write them down, at once and whole, for the next command."""
        if not self._changed:
            return
        with contextlib.suppress(OSError):
            self._place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._place.parent) as folder:
                written = Path(folder) / self._place.name
                written.write_text(json.dumps(self._kept), encoding="utf-8")
                written.replace(self._place)


def _mark(path: Path) -> dict[str, int]:
    """What changes when a file does."""
    found = path.stat()
    return {"size": found.st_size, "mtime_ns": found.st_mtime_ns, "inode": found.st_ino}


def _hashed(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
