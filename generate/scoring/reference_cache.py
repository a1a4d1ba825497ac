"""Embeddings of reference images that outlive a run: each is computed once for an encoder, whatever is scored by it."""

import contextlib
from collections.abc import Iterable

import numpy as np

from generate.metrics.similarity import Vectors
from generate.scoring.measures import Measure
from workbench.errors import StoreLocked
from workbench.records import EncoderRow, ReferenceEmbedding
from workbench.store import Store, Write

KEPT_TOGETHER = 64
"""Images of a transaction."""


class ReferenceCache:
    """The embeddings of reference images under one encoder, cut as one measure cuts them; used from one thread.

    Args:
        store: the study that keeps them.
        encoder: that made them.
        measure: that looks at the whole picture, or at its patches.
    """

    def __init__(self, store: Store, encoder: EncoderRow, measure: Measure) -> None:
        self._store = store
        self._of = {"encoder_id": encoder.encoder_id, "grid": round(measure.cutting.views**0.5)}
        self._dimensions = encoder.dimensions
        self._new: list[ReferenceEmbedding] = []

    def known(self, sha256s: Iterable[str]) -> dict[str, Vectors]:
        """Those of these images that are there: sha256 → [V, D]."""
        frame = self._store.arrow("reference_embeddings_of", images=sorted(set(sha256s)), **self._of)
        found = {}
        for sha256, vectors in zip(frame["sha256"].to_pylist(), frame["vectors"], strict=True):
            values = np.asarray(vectors.values, dtype=np.float32)
            found[sha256] = values.reshape(-1, self._dimensions)
        return found

    def keep(self, sha256: str, vectors: Vectors) -> None:
        """Keep the embedding of an image, [V, D]; it is written with the next ones, or by ``flush``."""
        self._new.append(ReferenceEmbedding(sha256=sha256, vectors=vectors.reshape(-1), **self._of))  # type: ignore[arg-type]
        if len(self._new) >= KEPT_TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Write what waits; where another program holds the file for long, it waits on."""
        if not self._new:
            return
        write = Write(query="insert_reference_embeddings", table="reference_embeddings", records=self._new)
        with contextlib.suppress(StoreLocked):
            self._store.write(write)
            self._new = []
