"""Content-addressed image files in the folder beside the database."""

import contextlib
import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import StoreError

STALE_SECONDS = 3600.0
_PART = ".part-"
"""Head of the name of a file that is being written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that is in place."""

    sha256: str
    path: str
    """Relative to the folder."""


def images_folder(db: Path) -> Path:
    """The folder of the images of a database file: ``workbench.duckdb`` → ``workbench.images``."""
    return db.with_suffix(".images")


class ImageFiles:
    """Image files named by the SHA-256 of their bytes: written once, by rename, never half.

    Args:
        folder: made when the first file is put.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes, suffix: str) -> StoredFile:
        """Store bytes; a file that is there and has lost some of them is written again.

        Args:
            content: the file, verbatim.
            suffix: of its name, with the dot, e.g. ``.png``.

        Raises:
            StoreError: If the folder cannot be written.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        relative = f"{sha256[:2]}/{sha256}{suffix}"
        target = self.folder / relative
        try:
            if not _is_whole(target, len(content)):
                write_whole(target, content)
        except OSError as error:
            raise StoreError(f"cannot write {target}: {error.strerror}", "check the disk's space and rights") from error
        return StoredFile(sha256=sha256, path=relative)

    def sweep(self, *, age_seconds: float = STALE_SECONDS) -> int:
        """Remove what writers that were killed have left half written; how many files that was.

        Args:
            age_seconds: younger ones may still be written by somebody else.
        """
        now = time.time()
        swept = 0
        for part in self.folder.glob(f"??/{_PART}*"):
            with contextlib.suppress(OSError):
                if now - part.stat().st_mtime >= age_seconds:
                    part.unlink()
                    swept += 1
        return swept

    def path(self, relative: str) -> Path:
        """Where a stored file lies."""
        return self.folder / relative


def _is_whole(target: Path, size: int) -> bool:
    try:
        return target.stat().st_size == size
    except FileNotFoundError:
        return False


def write_whole(target: Path, content: bytes) -> None:
    """Write a file, by rename: a reader sees what was there, or all of the new.

    Raises:
        OSError: If the folder cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=_PART, delete=False) as part:
        try:
            part.write(content)
            part.close()
            Path(part.name).chmod(0o644)
            os.replace(part.name, target)  # noqa: PTH105  (a rename over whatever a twin has just written)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
