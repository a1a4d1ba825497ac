"""How far each title is from the nearest other one, as an encoder of texts sees them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.covariates.folding import fold
from workbench.errors import IngestError
from workbench.registry import Registry

_ROWS = 512
"""Titles compared at a time: memory stays small before a large background."""


class TextEncoder(Protocol):
    """What is needed of an encoder of texts."""

    encoder_id: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[N, D] float32, L2-normalised."""
        ...


class _Loader(Protocol):
    def __call__(self, name: str, device: str) -> TextEncoder: ...


LOADERS: Registry[_Loader] = Registry("loader of text encoders")
# By name only: models' libraries are generate's alone, and are there only where its extra is installed.
LOADERS.add("models", "generate.texts.registry:load_text_encoder")


def read_background(path: Path) -> list[str]:
    """Titles, one a line; of a CSV or TSV file the column ``label`` or ``title``.

    Raises:
        IngestError: If it cannot be read or holds none.
    """
    if path.suffix.lower() in (".csv", ".tsv"):
        from ingest.tables import read_table

        titles = [row.cell("label", "title") for row in read_table(path, ("label|title",)).rows]
    else:
        try:
            titles = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise IngestError(
                f"cannot read {path}: {reason}", "a title a line, or a CSV file with a column label"
            ) from error
    found = [title.strip() for title in titles if title.strip()]
    if not found:
        raise IngestError(f"{path} holds no titles", "a title a line, or a CSV file with a column label")
    return found


def nearest_distances(encoder: TextEncoder, titles: Sequence[str], background: Sequence[str]) -> NDArray[np.float32]:
    """Cosine distance of each title to the nearest other one, 0 to 2.

    Another reference of the same title is at distance 0; a title of the background that reads the same is the title
    itself and does not count.

    Args:
        encoder: of texts.
        titles: of the references.
        background: further titles.

    Returns:
        [N] float32; NaN where there is no other title.
    """
    own = set(map(fold, titles))
    others = [title for title in dict.fromkeys(background) if fold(title) not in own]
    mine = encoder.encode(titles)
    all_ = np.concatenate([mine, encoder.encode(others)]) if others else mine
    distances = np.full(len(titles), np.nan, dtype=np.float32)
    if len(all_) < 2:
        return distances
    for start in range(0, len(titles), _ROWS):
        cosines = mine[start : start + _ROWS] @ all_.T
        numbers = np.arange(len(cosines))
        cosines[numbers, start + numbers] = -np.inf
        distances[start : start + _ROWS] = 1 - np.minimum(cosines.max(axis=1), 1)
    return distances
