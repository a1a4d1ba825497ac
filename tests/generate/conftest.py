"""Checkpoints for the tests of this room, each built once."""

from pathlib import Path

import pytest

from tests.fixtures import checkpoints
from workbench.store import Store


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Arithmetic that does not depend on how work is split between threads, nor on how many cores there are."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Stable Diffusion checkpoint."""
    return checkpoints.stable_diffusion(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def flawed(tmp_path_factory: pytest.TempPathFactory):
    """Makes Stable Diffusion checkpoints with something wrong."""
    made: dict[checkpoints.Flaw, Path] = {}

    def make(**flaw: object) -> Path:
        key = checkpoints.Flaw(**flaw)
        if key not in made:
            made[key] = checkpoints.stable_diffusion(tmp_path_factory.mktemp("flawed") / "flawed", flaw=key)
        return made[key]

    return make


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP and a vision transformer of timm."""
    folder = tmp_path_factory.mktemp("encoders")
    checkpoints.clip(folder / "clip")
    checkpoints.timm_file(folder / "vit.safetensors")
    return folder


@pytest.fixture
def score(wb, store: Store, weights: Path):
    """Runs ``wb score`` with tiny encoders."""
    names = ("--encoder", f"clip:{weights / 'clip'}", "--patch-encoder", f"timm:test_vit@{weights / 'vit.safetensors'}")
    return lambda *arguments: wb("score", *names, "--device", "cpu", *arguments)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Points the hub's client to a hub, with an empty cache of its own, as its environment variables would."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)

    def point(address: str, token: str = "") -> None:
        monkeypatch.setattr(constants, "ENDPOINT", address)
        template = f"{address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setenv("HF_TOKEN", token)

    return point
