"""Pictures from elsewhere as files and rows of the study: bytes kept as they came, black ones told apart."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.elsewhere.found import Found
from ingest.pictures import decode
from ingest.report import Problem
from workbench.errors import StoreError, reason
from workbench.imagefiles import ImageFiles
from workbench.records import GeneratedImage
from workbench.store import utc_now

BLACK = "all pixels are black"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A picture whose place in the study is known."""

    found: Found
    prompt_id: str
    settings_id: str

    @property
    def key(self) -> tuple[str, str, int]:
        """Of its row."""
        return (self.prompt_id, self.settings_id, self.found.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a picture."""

    row: GeneratedImage | None = None
    """None: it is there already, or cannot be taken."""
    problem: Problem | None = None


def take(placed: Placed, files: ImageFiles, there: Mapping[tuple[str, str, int], GeneratedImage], run_id: str) -> Taken:
    """Read a picture, store its bytes and make its row; thread-safe.

    Args:
        placed: the picture.
        files: where the bytes go.
        there: the images that the study has, by their key.
        run_id: of the run that imports.

    Raises:
        StoreError: If the images folder cannot be written.
    """
    try:
        return _take(placed, files, there.get(placed.key), run_id)
    except StoreError:
        raise
    except Exception as error:  # a damaged file makes Pillow raise nearly anything
        why = getattr(error, "strerror", None) or reason(error)
        return Taken(problem=Problem(where=str(placed.found.file), reason=why))


def _take(placed: Placed, files: ImageFiles, there: GeneratedImage | None, run_id: str) -> Taken:
    content = placed.found.file.read_bytes()
    if there is not None and there.path is not None:
        if hashlib.sha256(content).hexdigest() != there.sha256:
            why = "the study has another picture for this prompt, model and seed"
            return Taken(problem=Problem(where=str(placed.found.file), reason=why))
        files.put(content, PurePosixPath(there.path).suffix)
        return Taken()
    decoded = decode(content)
    black = decoded.image.getbbox() is None
    if black and there is not None and there.status == "black":
        return Taken()
    file = None if black else files.put(content, decoded.suffix)
    row = GeneratedImage(
        prompt_id=placed.prompt_id,
        model_id=placed.found.model,
        settings_id=placed.settings_id,
        seed=placed.found.seed,
        status="black" if black else "ok",
        error=BLACK if black else None,
        sha256=file.sha256 if file else None,
        path=file.path if file else None,
        width=decoded.image.width if file else None,
        height=decoded.image.height if file else None,
        created_utc=utc_now(),
        run_id=run_id,
    )
    return Taken(row=row)
