"""DreamSim by its authors' library: distance in the features of a CLIP that was tuned to human judgements."""

import contextlib
import hashlib
import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from generate.encoders.encoder import loading
from generate.encoders.viewing import Viewing
from generate.metrics.metric import Metric, Score, best_of, check_picture
from workbench.errors import ConfigError, ModelError
from workbench.registry import unknown_name

if TYPE_CHECKING:
    from torch import Tensor

KINDS = ("open_clip_vitb32", "clip_vitb32")
"""Those of the library that are weights alone: its DINO and its ensemble fetch code and run it."""
SIDE = 224


def load(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``dreamsim:KIND@FOLDER``: an unpacked checkpoint of its authors.

    Raises:
        ConfigError: If there is no such kind, or no folder is named.
        ModelError: If the weights are not there, or do not fit.
    """
    import torch

    kind, _, folder = name.partition("@")
    if kind not in KINDS:
        raise unknown_name("kind of DreamSim without code of its own", kind, KINDS, f"dreamsim:{KINDS[0]}@FOLDER")
    files = _files(kind, folder)
    network, preprocess = _network(kind, Path(folder), device)

    def view(image: Image.Image) -> "Tensor":
        pixels: Tensor = preprocess(check_picture(image))[0]
        return pixels

    def encode(views: "Sequence[Tensor]") -> Any:
        with torch.inference_mode():
            return network.embed(torch.stack(list(views)).to(device)).float().cpu().numpy()

    def compare(image: Any, others: Sequence[Any]) -> Score:
        return best_of([max(0.0, 1 - float(image @ other)) for other in others], higher_is_closer=False)

    return Metric(
        name=f"dreamsim:{name}",
        label=f"dreamsim:{kind}",
        package="dreamsim",
        settings={"kind": kind, "side": SIDE, "resize": "bicubic, both sides"},
        low=0.0,
        high=2.0,
        view=view,
        encode=encode,
        compare=compare,
        higher_is_closer=False,
        upright=viewing.upright,
        weights=f"sha256:{_digest(files)}",
    )


def _files(kind: str, folder: str) -> list[Path]:
    """The files of a checkpoint, found before the library looks for them, which would download what is missing."""
    from dreamsim.config import dreamsim_weights

    if not folder:
        raise ConfigError(f"dreamsim:{kind} wants a folder", f"unpack {dreamsim_weights[kind]}: dreamsim:{kind}@FOLDER")
    adapter = Path(folder) / f"{kind}_single_lora"
    weights = next((file for file in sorted(adapter.glob("adapter_model.*"))), adapter / "adapter_model.safetensors")
    files = [Path(folder) / f"{kind}_pretrain.pth.tar", adapter / "adapter_config.json", weights]
    missing = next((file for file in files if not file.is_file()), None)
    if missing is not None:
        raise ModelError(f"there is no file {missing}", f"its authors publish it: {dreamsim_weights[kind]}")
    return files


def _digest(files: Sequence[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            found.update(hashlib.file_digest(content, "sha256").digest())
    return found.hexdigest()


def _network(kind: str, folder: Path, device: str) -> tuple[Any, Any]:
    """The library's network and its preprocessing; what the library prints is swallowed: stdout is for data."""
    import dreamsim

    make: Any = dreamsim.dreamsim
    quiet = contextlib.redirect_stdout(io.StringIO())
    with loading(f"dreamsim:{kind}"), quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it adapts its network twice, to the same end
        return make(pretrained=True, device=device, cache_dir=str(folder), dreamsim_type=kind)  # type: ignore[no-any-return]
