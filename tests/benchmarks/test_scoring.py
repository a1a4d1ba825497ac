"""What scoring costs: against the encoder alone, against the released scripts' loop, and in memory."""

import functools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch
from PIL import Image

from generate.encoders.encoder import OTHER, Encoder
from generate.scoring.embedding import Picture, embed_pictures
from generate.scoring.measures import PATCH_MAXIMA, SIMILARITY, Compared
from tests.fixtures import released
from tests.fixtures.studies import drawn

SIDE = 512
"""Pixels of a generated image."""
IMAGES = 50
"""Of a reference, as the study made them."""
PAIRS = 7
TIMED = 6
"""Images that the released loop is timed on: it spends the same time on each."""


def vit(name: str) -> torch.nn.Module:
    """A ViT-S with random weights."""
    import timm

    torch.set_num_threads(1)
    torch.manual_seed(0)
    return timm.create_model(name, num_classes=0).eval()


def encoder_of(network: torch.nn.Module) -> Encoder:
    from timm.data import create_transform, resolve_data_config

    return Encoder(
        family="timm",
        name="vit",
        label="vit",
        weights="random",
        preprocessing={"pooling": "mean-all-tokens"},
        preference=OTHER,
        prepare=create_transform(**resolve_data_config(network.pretrained_cfg)),
        forward=lambda batch: network.forward_features(batch).mean(dim=1),
        device="cpu",
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pictures")
    paths = [folder / f"{k}.png" for k in range(IMAGES + 10)]
    for k, path in enumerate(paths):
        drawn(f"benchmark {k}", size=(SIDE, SIDE)).save(path)
    return paths


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def test_decoding_and_preparing_hide_behind_the_encoder(files: Sequence[Path]) -> None:
    """Images a second from files, against those of the encoder on tensors that are there already."""
    encoder = encoder_of(vit("vit_small_patch16_224"))
    prepared = [encoder.prepare(Image.open(path)) for path in files]

    def alone() -> None:
        for start in range(0, len(prepared), encoder.cpu_batch):
            encoder.embed(prepared[start : start + encoder.cpu_batch])

    def whole() -> None:
        pictures = [Picture(key=k, path=path) for k, path in enumerate(files)]
        assert sum(
            one.vectors is not None for one in embed_pictures(encoder, pictures, SIMILARITY.cutting, None)
        ) == len(files)

    alone()
    ratios = [seconds(alone) / seconds(whole) for _ in range(PAIRS)]
    spread = ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios))
    print(f"\n{statistics.median(ratios):.2f} of the encoder's own images a second ({spread})")
    assert statistics.median(ratios) >= 0.9


@pytest.mark.parametrize(("references", "at_least"), [(1, 2.0), (10, 8.0)])
def test_patches_against_the_released_loop(files: Sequence[Path], references: int, at_least: float) -> None:
    network = vit("vit_small_patch32_224")
    encoder = encoder_of(network)
    known, generated = files[:references], files[10 : 10 + IMAGES]
    embed = released.tokens_embedder(network)
    theirs: list[list[float]] = []
    ours: list[list[float]] = []

    def loop() -> None:
        theirs.extend(released.visual_reuse(embed, path, known).maxima for path in generated[:TIMED])

    def streamed() -> None:
        pictures = [Picture(key=k, path=path) for k, path in enumerate([*known, *generated])]
        stream = embed_pictures(encoder, pictures, PATCH_MAXIMA.cutting, None)
        bank = [next(stream).vectors for _ in known]
        for one in stream:
            compared = Compared(
                generated=one.vectors, entropies=one.entropies, references=bank, sha256s=[""] * len(known)
            )
            ours.append(PATCH_MAXIMA.values(compared)["p"])

    slow = seconds(loop) * IMAGES / TIMED
    fast = seconds(streamed)
    for a, b in zip(theirs, ours, strict=False):
        assert a == pytest.approx(b, abs=1e-4)
    print(f"\n{references} reference images, {IMAGES} generated: {slow / fast:.1f} x the released loop")
    assert slow / fast >= at_least


MEMORY = """
import functools, resource, sys
from pathlib import Path
import numpy as np, torch
from PIL import Image
from generate.encoders.encoder import OTHER, Encoder
from generate.encoders.viewing import OWN
from generate.engines.engine import EngineChoice
from generate.engines.local import LocalEngine
from generate.scoring.encoders import Encoders
from generate.scoring.run import Pass, _run
from generate.scoring.measures import SIMILARITY
from tests.fixtures.studies import add_references
from workbench.records import PlannedScore
from workbench.store import RunLog, Store, connection

folder, count = Path(sys.argv[1]), int(sys.argv[2])
store = Store.create(folder / f"{count}.duckdb")
add_references(store, count=500)
Image.new("RGB", (64, 64), "red").save(store.images.folder / "one.png")
with connection.writing(store.path, 5) as con:
    con.execute(
        "INSERT INTO images BY NAME SELECT md5(prompt_id || k) AS image_id, prompt_id, 'm' AS model_id,"
        " 's' AS settings_id, k AS seed, 'ok' AS status, repeat('a', 64) AS sha256, 'one.png' AS path,"
        " now()::TIMESTAMP AS created_utc, 'r' AS run_id FROM prompts, range($each) AS t(k)",
        {"each": count // 500},
    )
encoder = Encoder(
    family="mean", name="mean", label="mean", weights="none", preprocessing={}, preference=OTHER,
    prepare=lambda image: torch.from_numpy(np.asarray(image.resize((8, 8))).copy()).permute(2, 0, 1).float(),
    forward=lambda batch: batch.mean(dim=(2, 3)) + 1, device="cpu",
)
planned = store.rows("plan_similarities", PlannedScore, encoder_id=encoder.encoder_id)
encoders = Encoders(device="cpu", viewing=OWN, _loaded={"mean": encoder})
engine = LocalEngine(lambda: encoders, EngineChoice(), "cpu")
with RunLog(store, "score", {}) as run:
    each = Pass(measure=SIMILARITY, name="mean", encoder=encoder.row(), device="cpu", planned=planned)
    counts = _run(store, run, each, engine, None, 2.0)
assert counts["ok"] == count, counts
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_study(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, tmp_path, str(count)], capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stderr
        return int(done.stdout.splitlines()[-1])

    small, large = map(functools.partial(peak), (500, 50_000))
    print(f"\n500 images: {small} MB; 50,000 images: {large} MB")
    assert large - small < 150
