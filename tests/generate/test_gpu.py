"""The same commands on a CUDA device."""

import json
from pathlib import Path

import pytest

from tests.fixtures.studies import add_references
from workbench.store import Store


@pytest.mark.gpu
def test_generate_and_score_on_cuda(wb, store: Store, tiny: Path):
    add_references(store, count=3)
    made = wb("generate", "--model", tiny, "--steps", 4, "--device", "cuda", "--batch-size", 2)
    assert made.code == 0, made.err
    assert "GB on the GPU" in made.err
    rows = store.sql("FROM images")
    assert set(rows["status"]) == {"ok"}
    assert store.sql("SELECT dtype FROM settings").row(0) == ("float16",)
    assert store.sql("SELECT device FROM runs").row(0)[0].startswith("cuda: ")
    scored = wb("score", "--device", "cuda")
    assert scored.code == 0, scored.err
    on_gpu = store.sql("SELECT image_id, s FROM similarities ORDER BY image_id")
    assert on_gpu.height == rows.height


@pytest.mark.gpu
def test_memory_is_judged_as_the_weights_would_lie(wb, tiny: Path):
    found = {}
    for offload in ("none", "model", "sequential"):
        done = wb("models", "check", tiny, "--device", "cuda", "--offload", offload, "--format", "json")
        (found[offload],) = [row for row in json.loads(done.out) if row["item"] == "memory"]
    assert [row["ok"] for row in found.values()] == ["yes", "yes", "?"]
    assert "those of the largest part" in found["model"]["result"]
    assert "only a layer at a time" in found["sequential"]["result"]


@pytest.mark.gpu
def test_embeddings_agree_between_devices():
    import numpy as np

    from generate.encoders import load_encoder
    from tests.fixtures.studies import drawn

    pictures = [drawn(f"gpu {k}") for k in range(4)]
    cpu, cuda = (load_encoder("efficientnet-lite0", device).encode(pictures) for device in ("cpu", "cuda"))
    assert np.abs((cpu * cuda).sum(axis=1) - 1).max() < 1e-4
