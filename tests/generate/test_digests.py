"""What a folder is known by, and that a large file is read once."""

import os
import time
from pathlib import Path

import pytest

from generate.models import digests
from generate.models.digests import digest_of

HOUR = 3600 * 10**9


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that hashes are kept in, of a user who has none yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return digests.user_cache_path("wb") / "digests.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "unet").mkdir(parents=True)
    (folder / "model_index.json").write_text("{}")
    return folder


def weights(folder: Path, size: int, *, first: bytes = b"", age_ns: int = HOUR) -> Path:
    """A file of zeros but for its first bytes, written some time ago."""
    file = folder / "unet" / "model.safetensors"
    with file.open("r+b" if file.exists() else "wb") as opened:
        opened.write(first)
        opened.truncate(size)
    written = time.time_ns() - age_ns if age_ns != HOUR else HOUR
    os.utime(file, ns=(written, written))
    return file


def test_a_large_file_is_read_once(folder: Path, kept: Path):
    file = weights(folder, digests.LARGE + 1)
    first = digest_of(folder, ["unet"])
    assert str(file) in kept.read_text()
    weights(folder, digests.LARGE + 1, first=b"unseen, because neither size nor date nor place tells of it")
    assert digest_of(folder, ["unet"]) == first
    os.utime(file)
    assert digest_of(folder, ["unet"]) != first


@pytest.mark.parametrize(("size", "age_ns"), [(digests.LARGE, HOUR), (digests.LARGE + 1, 0)])
def test_a_small_or_fresh_one_always(folder: Path, kept: Path, size: int, age_ns: int):
    weights(folder, size, age_ns=age_ns)
    digest_of(folder, ["unet"])
    assert not kept.exists()


@pytest.mark.parametrize("content", ["{", "[]", '{"%s": 3}', '{"%s": {"size": 1}}'])
def test_what_is_kept_may_be_broken(folder: Path, kept: Path, content: str):
    file = weights(folder, digests.LARGE + 1)
    first = digest_of(folder, ["unet"])
    kept.write_text(content.replace("%s", str(file)))
    assert digest_of(folder, ["unet"]) == first
    assert "sha256" in kept.read_text()


def test_or_have_no_place(folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch):
    weights(folder, digests.LARGE + 1)
    first = digest_of(folder, ["unet"])
    kept.unlink()
    kept.parent.rmdir()
    kept.parent.write_text("a file where the folder should be")
    assert digest_of(folder, ["unet"]) == first


def test_files_beside_the_weights_do_not_count(folder: Path, kept: Path):
    first = digest_of(folder, ["unet"])
    for name in ("README.md", "extra.safetensors", "unet/model.bin", "unet/.hidden.json"):
        (folder / name).write_text("hi")
        assert digest_of(folder, ["unet"]) == first
    for name in ("model_index.json", "unet/config.json", "unet/merges.txt", "unet/spiece.model"):
        (folder / name).write_text("hi")
        assert digest_of(folder, ["unet"]) != first
        first = digest_of(folder, ["unet"])


def test_a_component_without_a_folder_is_what_lies_beside_the_index(folder: Path, kept: Path):
    first = digest_of(folder, ["unet", "vae"])
    (folder / "README.md").write_text("hi")
    assert digest_of(folder, ["unet", "vae"]) == first
    (folder / "diffusion_pytorch_model.safetensors").write_text("weights")
    assert digest_of(folder, ["unet", "vae"]) != first
