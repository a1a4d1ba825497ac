"""What ``wb generate`` costs beside sampling: its images a second, against those of a bare loop of diffusers."""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from generate import making
from generate.models.sampler import Sampler
from generate.models.settings import Size, Wishes
from generate.request import GenerateRequest
from generate.run import generate, prepare
from tests.fixtures.checkpoints import stable_diffusion
from tests.fixtures.studies import add_references
from workbench.store import Store

SIDE, STEPS, BATCH = 512, 4, 2
"""About a second an image on one core: as long as real models take on a GPU, so that saving weighs as much."""
PROMPTS, EACH = 2, 20
"""So many that what a run costs once, a quarter of a second, is what it is: little."""
PAIRS = 5
AT_LEAST = 0.97


@dataclass(frozen=True)
class Spent:
    """What a loop took."""

    wall: float
    sampling: float
    """CPU time of the thread that samples: what other programs on the machine hardly touch."""


def spent(action: Callable[[], object]) -> Spent:
    began, computed = time.perf_counter(), time.thread_time()
    action()
    return Spent(time.perf_counter() - began, time.thread_time() - computed)


def bare(pipe: object, prompts: Sequence[str]) -> None:
    """The loop that anybody would write, which keeps nothing."""
    asked = [(prompt, seed) for prompt in prompts for seed in range(EACH)]
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        made = pipe(
            prompt=[prompt for prompt, _ in batch],
            generator=[torch.Generator("cpu").manual_seed(seed) for _, seed in batch],
            num_inference_steps=STEPS,
            guidance_scale=7.5,
            width=SIDE,
            height=SIDE,
        )
        assert len(made.images) == len(batch)


@pytest.fixture
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    """Threads of torch: with one, a second core is free for saving; with two, saving takes from sampling."""
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("threads", [1, 2], indirect=True)
def test_saving_hides_behind_sampling(threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = str(stable_diffusion(tmp_path / "tiny"))
    store = Store.create(tmp_path / "study.duckdb")
    add_references(store, count=PROMPTS)
    prompts = list(store.sql("SELECT text FROM prompts ORDER BY text")["text"])
    load, loaded = making.load, []

    def once(*arguments: object) -> Sampler:
        """Loading is no part of either loop."""
        loaded[:] = loaded or [load(*arguments)]
        return loaded[0]

    monkeypatch.setattr(making, "load", once)

    def ours(first_seed: int) -> None:
        request = GenerateRequest(
            model=model,
            images_per_prompt=EACH,
            first_seed=first_seed,
            batch_size=BATCH,
            device="cpu",
            wishes=Wishes(steps=STEPS, size=Size(width=SIDE, height=SIDE)),
        )
        generate(store, prepare(store, request))

    ours(0)
    pairs = []
    for number in range(1, PAIRS + 1):
        sides = [lambda: bare(loaded[0].pipe, prompts), lambda first=number * EACH: ours(first)]
        measured = [spent(side) for side in (sides if number % 2 else sides[::-1])]
        alone, whole = measured if number % 2 else measured[::-1]
        pairs.append((alone.wall / whole.wall, alone.sampling / whole.sampling))
    assert store.sql("SELECT count(*) FROM images WHERE status = 'ok'").item() == PROMPTS * EACH * (PAIRS + 1)
    wall, sampling = zip(*pairs, strict=True)
    spread = ", ".join(f"{ratio:.3f}" for ratio in sorted(wall))
    print(f"\n{threads} threads: {statistics.median(wall):.3f} of a bare loop's images a second ({spread});")
    print(f"by the CPU time of the thread that samples {statistics.median(sampling):.3f}")
    if threads < (os.cpu_count() or 1):  # else saving has no core of its own to hide on, and the ratio is only told
        assert statistics.median(wall) >= AT_LEAST
