"""Captioners: each family on a tiny checkpoint of its real class."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from generate.captioners.captioner import Captioner
from generate.captioners.registry import CAPTIONERS, load_captioner
from tests.fixtures import captioners
from workbench.errors import ConfigError, ModelError

MAKERS: dict[str, Callable[[Path], Path]] = {
    "blip": captioners.blip,
    "blip2": captioners.blip2,
    "florence2": captioners.florence2,
}
PICTURE = Image.linear_gradient("L").resize((40, 30)).convert("RGB")


def test_every_family_has_a_checkpoint() -> None:
    assert set(MAKERS) == set(CAPTIONERS)


@pytest.fixture(scope="module", params=sorted(MAKERS))
def captioner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Captioner:
    folder = MAKERS[request.param](Path(tmp_path_factory.mktemp("captioner")) / "tiny")
    return load_captioner(f"{request.param}:{folder}", "cpu")


def test_a_captioner_is_fixed_by_its_id(captioner: Captioner) -> None:
    family, _, rest = captioner.captioner_id.partition(":")
    assert family in MAKERS
    assert rest.startswith("tiny#") and len(rest) == len("tiny#") + 12


def test_the_likeliest_caption_is_always_the_same(captioner: Captioner) -> None:
    text = captioner.describe(PICTURE)
    assert text == captioner.describe(PICTURE) == text.strip()


def test_a_seed_draws_a_caption_of_its_own(captioner: Captioner) -> None:
    import torch

    drawn = [captioner.describe(PICTURE, seed=seed) for seed in range(4)]
    assert len(set(drawn)) > 1
    torch.manual_seed(99)
    state = torch.random.get_rng_state()
    assert [captioner.describe(PICTURE, seed=seed) for seed in range(4)] == drawn
    assert torch.equal(state, torch.random.get_rng_state()), "torch's own state stays as it was"


def test_a_dead_device_is_no_picture_s_failure(captioner: Captioner) -> None:
    def dead(*_: object) -> None:
        raise torch.AcceleratorError("an illegal address")

    hooks = [part.register_forward_pre_hook(dead) for part in captioner._network.modules()]
    with pytest.raises(ModelError, match="the device has failed: AcceleratorError: an illegal address"):
        captioner.describe(PICTURE)
    for hook in hooks:
        hook.remove()


def test_words_can_be_kept_out(captioner: Captioner) -> None:
    free = [word for seed in range(6) for word in captioner.describe(PICTURE, seed=seed).split()]
    said = sorted(set(free) & set(captioners.WORDS))
    held = [word for seed in range(6) for word in captioner.describe(PICTURE, seed=seed, without=said).split()]
    assert said
    # A captioner with tokens for letters can still spell a word; these here, untrained, do at times.
    assert sum(word in said for word in held) < sum(word in said for word in free) / 2


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("blop", ConfigError, "did you mean blip"),
        ("blip:./no-such-folder", ModelError, "blip:./no-such-folder"),
    ],
)
def test_what_cannot_be_loaded(name: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        load_captioner(name, "cpu")


def test_weights_that_are_not_whole_are_refused(tmp_path: Path) -> None:
    folder = captioners.blip(tmp_path / "tiny")
    (folder / "model.safetensors").write_bytes(b"cut")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_captioner(f"blip:{folder}", "cpu")
