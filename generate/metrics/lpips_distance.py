"""LPIPS by its authors' library: distance in the features of a trained network, weighed by human judgements."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from generate.encoders.encoder import check_complete, digest, loading
from generate.encoders.viewing import Viewing
from generate.metrics.metric import Metric, Score, best_of
from generate.metrics.structural import SIDE, scaled
from workbench.errors import ModelError
from workbench.registry import unknown_name

if TYPE_CHECKING:
    from torch import Tensor

TRUNKS = {"alex": "AlexNet_Weights", "vgg": "VGG16_Weights", "squeeze": "SqueezeNet1_1_Weights"}
"""The networks, and what torchvision calls their weights."""


def load(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``lpips:alex``, ``lpips:vgg`` or ``lpips:squeeze``, each with ``@FILE`` of torchvision's weights after it.

    Raises:
        ConfigError: If there is no such network.
        ModelError: If its weights cannot be had, or do not fit.
    """
    import torch

    trunk, _, file = (name or "alex").partition("@")
    if trunk not in TRUNKS:
        raise unknown_name("network of LPIPS", trunk, TRUNKS)
    with loading(f"lpips:{trunk}"):
        network = _network(trunk, file)
    weights = digest(network)
    network = network.to(device)

    def view(image: Image.Image) -> "Tensor":
        return scaled(image) * 2 - 1

    def compare(image: "Tensor", others: "Sequence[Tensor]") -> Score:
        with torch.inference_mode():
            values = [network(image[None].to(device), other[None].to(device)).item() for other in others]
        return best_of(values, higher_is_closer=False)

    return Metric(
        name=f"lpips:{name}" if name else "lpips:alex",
        label=f"lpips:{trunk}",
        package="lpips",
        settings={"network": trunk, "version": "0.1", "side": SIDE, "resize": "bicubic, both sides"},
        low=0.0,
        high=float("inf"),
        view=view,
        compare=compare,
        higher_is_closer=False,
        upright=viewing.upright,
        weights=weights,
    )


def _network(trunk: str, file: str) -> Any:
    """The library's network, with weights in place of the random ones that it starts from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it asks torchvision in a way of old
        import lpips

        make: Any = lpips.LPIPS
        network = make(net=trunk, pnet_rand=True, verbose=False).eval()
    weights = _weights(trunk, file)
    wanted = network.net.state_dict()
    places = {key: f"features.{key.partition('.')[2]}" for key in wanted}
    check_complete(f"lpips:{trunk}", [key for key in places.values() if key not in weights])
    network.net.load_state_dict({key: weights[place] for key, place in places.items()})
    return network


def _weights(trunk: str, file: str) -> dict[str, "Tensor"]:
    import torch
    import torchvision

    if not file:
        found: dict[str, Tensor] = getattr(torchvision.models, TRUNKS[trunk]).DEFAULT.get_state_dict(progress=False)
        return found
    if not Path(file).is_file():
        raise ModelError(f"there is no file {file}", f"lpips:{trunk}@FILE names weights of torchvision")
    if file.endswith(".safetensors"):
        from safetensors.torch import load_file

        return load_file(file)
    loaded: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return loaded
