"""DreamSim: the library's own distance, from files alone."""

import contextlib
import io
import warnings
from pathlib import Path

import pytest
import torch

from generate.metrics.registry import load_metric
from tests.fixtures import checkpoints
from tests.fixtures.studies import drawn
from workbench.errors import ConfigError, ModelError

PICTURES = [drawn(f"dreamsim {k}", size=size) for k, size in enumerate([(90, 60), (64, 64), (300, 200)])]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.dreamsim_folder(tmp_path_factory.mktemp("dreamsim") / "unpacked")


def test_it_is_what_the_library_computes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import dreamsim

    metric = load_metric(f"dreamsim:open_clip_vitb32@{folder}", "cpu")
    assert capsys.readouterr().out == ""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network, view = dreamsim.dreamsim(device="cpu", cache_dir=str(folder), dreamsim_type="open_clip_vitb32")
    one, *others = metric.encode([metric.view(picture) for picture in PICTURES])
    with torch.no_grad():
        theirs = [float(network(view(PICTURES[0]), view(other))) for other in PICTURES[1:]]
    for other, distance in zip(others, theirs, strict=True):
        assert metric.score(one, [other]).value == pytest.approx(distance, abs=1e-6)
        assert distance > 0.01
    assert metric.score(one, others).best == theirs.index(min(theirs))


def test_other_weights_have_another_id(folder: Path, tmp_path: Path) -> None:
    other = checkpoints.dreamsim_folder(tmp_path / "other", seed=1)
    names = [f"dreamsim:open_clip_vitb32@{each}" for each in (folder, other)]
    assert len({load_metric(name, "cpu").metric_id for name in names}) == 2


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("dreamsim:ensemble", ConfigError, "no kind of DreamSim without code of its own named 'ensemble'"),
        ("dreamsim:", ConfigError, "known: clip_vitb32, open_clip_vitb32"),
        ("dreamsim:clip_vitb32", ConfigError, "wants a folder"),
        ("dreamsim:clip_vitb32@{folder}", ModelError, "there is no file .*clip_vitb32_pretrain"),
    ],
)
def test_nothing_is_fetched(folder: Path, name: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        load_metric(name.format(folder=folder), "cpu")


def test_weights_that_do_not_fit(folder: Path, tmp_path: Path) -> None:
    broken = checkpoints.dreamsim_folder(tmp_path / "broken")
    torch.save({"state_dict": {"proj": torch.zeros(1)}}, broken / "open_clip_vitb32_pretrain.pth.tar")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_metric(f"dreamsim:open_clip_vitb32@{broken}", "cpu")
