"""Batches: one bad image fails alone, too large batches become smaller, a dead device stops the run."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from generate.models.sampler import Sampled, Sampler
from generate.plan import PlannedImage
from generate.sampling import SampledBatch, sample_batches
from tests.generate.test_sampler import sampler_of
from workbench.errors import ModelError


def planned(count: int) -> list[PlannedImage]:
    return [PlannedImage(prompt_id=f"p{k}", qid="Q1", text=f"picture {k}", seed=k) for k in range(count)]


class Limited:
    """A real pipeline on a device that is too small, or that trips over some prompts."""

    def __init__(self, sampler: Sampler, *, most: int = 99, trips: Sequence[str] = (), error: type = ValueError):
        self.sampler, self.most, self.trips, self.error = sampler, most, trips, error
        self.sizes: list[int] = []

    def sample(self, prompts: Sequence[str], seeds: Sequence[int], batch_size: int) -> list[Sampled]:
        self.sizes.append(batch_size)
        if batch_size > self.most:
            raise torch.OutOfMemoryError("no room")
        if any(prompt in self.trips for prompt in prompts):
            raise self.error("tripped")
        return self.sampler.sample(prompts, seeds, batch_size)


@pytest.fixture(scope="module")
def sampler(tiny: Path) -> Sampler:
    return sampler_of(tiny)


def run(limited: Limited, count: int, batch_size: int, said: list[str] | None = None) -> list[SampledBatch]:
    note = [].append if said is None else said.append
    return list(sample_batches(limited, planned(count), batch_size, note))


def test_every_planned_image_comes_once_and_in_order(sampler: Sampler):
    batches = run(Limited(sampler), 5, 2)
    assert [len(batch.planned) for batch in batches] == [2, 2, 1]
    assert [image.seed for batch in batches for image in batch.planned] == [0, 1, 2, 3, 4]
    assert all(one.status == "ok" for batch in batches for one in batch.sampled)
    assert all(batch.seconds > 0 for batch in batches)


def test_out_of_memory_halves_the_batches_and_goes_on(sampler: Sampler):
    said: list[str] = []
    limited = Limited(sampler, most=2)
    batches = run(limited, 6, 8, said)
    assert [len(batch.planned) for batch in batches] == [2, 2, 2]
    assert limited.sizes == [8, 4, 2, 2, 2]
    assert said == ["out of memory: going on with batches of 4", "out of memory: going on with batches of 2"]


def test_memory_of_a_cpu_that_does_not_suffice_is_no_image_s_failure(sampler: Sampler):
    class Hungry(Limited):
        def sample(self, prompts: Sequence[str], seeds: Sequence[int], batch_size: int) -> list[Sampled]:
            torch.empty(10**15 if batch_size > self.most else 1)
            return self.sampler.sample(prompts, seeds, batch_size)

    said: list[str] = []
    batches = run(Hungry(sampler, most=2), 4, 4, said)
    assert [one.status for batch in batches for one in batch.sampled] == ["ok"] * 4
    assert said == ["out of memory: going on with batches of 2"]
    with pytest.raises(ModelError, match="not even one image"):
        run(Hungry(sampler, most=0), 2, 2)


def test_no_room_for_one_image_is_the_end(sampler: Sampler):
    with pytest.raises(ModelError, match="not even one image"):
        run(Limited(sampler, most=0), 4, 4)


def test_an_image_that_fails_fails_alone(sampler: Sampler):
    batches = run(Limited(sampler, trips=["picture 1"]), 4, 4)
    statuses = [one.status for batch in batches for one in batch.sampled]
    assert statuses == ["ok", "failed", "ok", "ok"]
    failed = batches[0].sampled[1]
    assert (failed.error, failed.image) == ("ValueError: tripped", None)


def test_the_bad_one_of_many_is_found_in_few_batches(sampler: Sampler):
    limited = Limited(sampler, trips=["picture 5"])
    (batch,) = run(limited, 16, 16)
    assert [k for k, one in enumerate(batch.sampled) if one.status == "failed"] == [5]
    assert limited.sizes == [16] * (1 + 2 * 4)


def test_images_beside_a_failed_one_are_those_that_would_have_come(sampler: Sampler):
    alone = run(Limited(sampler), 4, 4)[0].sampled
    beside = run(Limited(sampler, trips=["picture 1"]), 4, 4)[0].sampled
    for k in (0, 2, 3):
        assert alone[k].image.tobytes() == beside[k].image.tobytes()


def test_a_dead_device_fails_no_image_but_ends_the_run(sampler: Sampler):
    with pytest.raises(ModelError, match="the device has failed"):
        run(Limited(sampler, trips=["picture 2"], error=torch.AcceleratorError), 4, 4)
