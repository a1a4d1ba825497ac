"""Any image model of timm: DINOv2, DINOv3 and others, preprocessed by its own evaluation transform."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generate.encoders.encoder import (
    CONVOLUTIONS_BATCH,
    INSTEAD,
    OTHER,
    STUDY,
    TOKENS_BATCH,
    Encoder,
    check_complete,
    digest,
    loading,
)
from generate.encoders.viewing import CENTRE, OWN, PAD, SQUASH, Viewing
from generate.hub import hub_file
from workbench.errors import ConfigError, ModelError
from workbench.registry import unknown_name

if TYPE_CHECKING:
    from torch import Tensor, nn

STUDY_NAMES = ("vit_base_patch16_dinov3", "vit_base_patch14_dinov2")
TOKENS = ("mean-all-tokens", "cls", "mean-patches")
"""How the tokens of a transformer become one vector; the first as the released script of arXiv:2511.11435 does it."""
OWN_HEAD = "own"
"""The pooling of the model's own head: what other networks get."""
CROP_OF = {"center": CENTRE, "squash": SQUASH, "border": PAD}
"""What timm calls crop modes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimmName:
    """``NAME[@FILE][#POOLING]``, taken apart."""

    model: str
    file: Path | None
    pooling: str | None

    @property
    def label(self) -> str:
        """Without the folder of the file, for an id."""
        at = f"@{self.file.name}" if self.file else ""
        return f"timm:{self.model}{at}" + (f"#{self.pooling}" if self.pooling else "")


def load(name: str, device: str, viewing: Viewing = OWN) -> Encoder:
    """Load ``timm:NAME``, ``timm:NAME@weights.safetensors``, each with ``#cls`` or ``#mean-patches`` after it.

    Raises:
        ConfigError: If timm knows no such model, or it cannot be pooled so.
        ModelError: If the weights cannot be had.
    """
    import torch
    from timm.data import create_transform, resolve_data_config

    wanted = parse(name)
    network = _network(wanted)
    weights = digest(network)
    pooling = _pooling(wanted, network)
    own = resolve_data_config(network.pretrained_cfg)
    config = cropped(own, viewing.crop)
    convolutional = pooling == OWN_HEAD
    network = network.eval().to(device)
    if convolutional:
        network = network.to(memory_format=torch.channels_last)

    def forward(batch: "Tensor") -> "Tensor":
        features: Tensor = network.forward_features(batch)
        return pool(network, features, pooling)

    return Encoder(
        family="timm",
        name=f"timm:{name}",
        label=wanted.label,
        weights=weights,
        preprocessing={**config, "backend": "torchvision on PIL", "pooling": pooling},
        preference=STUDY if is_the_studys(wanted, pooling) else OTHER,
        prepare=create_transform(**config),
        forward=forward,
        device=device,
        viewing=viewing,
        own_crop=CROP_OF[own["crop_mode"]],
        cpu_batch=CONVOLUTIONS_BATCH if convolutional else TOKENS_BATCH,
        channels_last=convolutional,
    )


def cropped(config: dict[str, Any], crop: str | None) -> dict[str, Any]:
    """A preprocessing of timm that crops otherwise; without a margin where the whole picture is meant to be seen."""
    if crop is None or crop == CROP_OF[config["crop_mode"]]:
        return config
    mode = next(mode for mode, found in CROP_OF.items() if found == crop)
    return config | {"crop_mode": mode} | ({} if crop == CENTRE else {"crop_pct": 1.0})


def parse(name: str) -> TimmName:
    """Take a name apart.

    Raises:
        ConfigError: If the pooling or the model does not exist.
    """
    import timm

    rest, _, pooling = name.partition("#")
    model, _, file = rest.partition("@")
    if pooling not in ("", OWN_HEAD, *TOKENS):
        raise unknown_name("pooling", pooling, (*TOKENS, OWN_HEAD))
    if not timm.is_model(model):
        raise unknown_name("model of timm", model, timm.list_models())
    return TimmName(model=model, file=Path(file) if file else None, pooling=pooling or None)


def pool(network: Any, features: "Tensor", pooling: str) -> "Tensor":
    """One vector per image.

    Args:
        network: a model of timm.
        features: what its ``forward_features`` gave: [N, T, D] for transformers.
        pooling: one of ``TOKENS``, or ``OWN_HEAD``.

    Source: the released script of arXiv:2511.11435 averages all tokens, class and register tokens included.
    """
    if pooling == "mean-all-tokens":
        return features.mean(dim=1)
    if pooling == "cls":
        return features[:, 0]
    if pooling == "mean-patches":
        return features[:, network.num_prefix_tokens :].mean(dim=1)
    pooled: Tensor = network.forward_head(features, pre_logits=True)
    return pooled


def _pooling(wanted: TimmName, network: Any) -> str:
    tokens = getattr(network, "num_prefix_tokens", None)
    pooling = wanted.pooling or (OWN_HEAD if tokens is None else TOKENS[0])
    if pooling in TOKENS and (tokens is None or (pooling == "cls" and tokens == 0)):
        raise ConfigError(f"{wanted.model} has no tokens to pool by {pooling}", f"timm:{wanted.model}#{OWN_HEAD}")
    return pooling


def is_the_studys(wanted: TimmName, pooling: str) -> bool:
    """Weights, and pooling, of arXiv:2511.11435."""
    return wanted.file is None and wanted.model.partition(".")[0] in STUDY_NAMES and pooling == TOKENS[0]


def _network(wanted: TimmName) -> Any:
    import timm

    if wanted.file is None:
        options = _from_hub(wanted.model)
        with loading(wanted.label):
            return timm.create_model(wanted.model, pretrained=True, num_classes=0, **options)
    with loading(wanted.label):
        network = timm.create_model(wanted.model, pretrained=False, num_classes=0)
        _load_file(network, wanted)
    return network


def _from_hub(model: str) -> dict[str, Any]:
    """The file that timm is to load, cache first; nothing for weights that are not on the hub."""
    import timm

    known = timm.models.get_pretrained_cfg(model)
    if known is None or not known.hf_hub_id:
        return {}
    name = known.hf_hub_filename or "model.safetensors"
    return {"pretrained_cfg_overlay": {"file": str(hub_file(known.hf_hub_id, name, instead=INSTEAD).path)}}


def _load_file(network: "nn.Module", wanted: TimmName) -> None:
    """Load weights without pickled code, through timm's own renaming, and only if they fit whole."""
    from timm.models import load_state_dict

    if wanted.file is None or not wanted.file.is_file():
        raise ModelError(f"there is no file {wanted.file}", "timm:NAME@FILE names a .safetensors or .pth file")
    weights = load_state_dict(str(wanted.file), weights_only=True)
    renamed = getattr(sys.modules[type(network).__module__], "checkpoint_filter_fn", None)
    if renamed is not None:
        weights = renamed(weights, network)
    head = tuple(_classifiers(network))
    result = network.load_state_dict(weights, strict=False)
    unexpected = [key for key in result.unexpected_keys if not key.startswith(head)]
    check_complete(wanted.label, result.missing_keys, unexpected)


def _classifiers(network: Any) -> list[str]:
    """Prefixes of the weights of the classifier, which embeddings do without."""
    names = network.pretrained_cfg.get("classifier") or ()
    return [f"{name}." for name in ((names,) if isinstance(names, str) else names)]
