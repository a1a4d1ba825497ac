"""What every encoder is: a way to prepare a picture, a network, and an id that fixes both."""

from __future__ import annotations

import contextlib
import hashlib
import json
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generate.encoders.viewing import CENTRE, OWN, Viewing
from generate.hub import network_errors
from workbench.errors import MetricError, ModelError, reason
from workbench.records import EncoderRow, content_id
from workbench.store import utc_now

if TYPE_CHECKING:
    from torch import Tensor, nn

INSTEAD = "no network is needed by a local folder or file, or by --encoder efficientnet-lite0 (--patch-encoder too)"
CONVOLUTIONS_BATCH, TOKENS_BATCH = 4, 8
"""Pictures that a CPU takes in at a time. Large activations, over the 32 MB up to which malloc keeps memory, are paged
in anew for every layer: convolutional networks take twice the time in batches of 32. Transformers keep theirs small."""
STUDY, OTHER, PACKAGED = 0, 1, 2
"""Preference: which encoder a query takes that names none."""


class Encoder:
    """A loaded image encoder.

    Args:
        family: of the registry.
        name: as the user gives it, e.g. ``clip:./folder``.
        label: the same without a path, for the id.
        weights: digest of the weights, from ``digest``.
        preprocessing: all that happens to a picture before the network, and how its output is pooled.
        preference: ``STUDY``, ``OTHER`` or ``PACKAGED``.
        prepare: an RGB image → [3, H, W]; called from several threads.
        forward: [N, 3, H, W] on the device → [N, D].
        device: of torch.
        viewing: how pictures are looked at.
        own_crop: the crop of the encoder's own preprocessing.
        cpu_batch: pictures that suit a CPU at a time.
        channels_last: pictures are handed over so, as the network's weights lie: convolutional networks take 1.1 to 1.4
            times the pictures a second, and give the same but for the last bits.
    """

    def __init__(
        self,
        *,
        family: str,
        name: str,
        label: str,
        weights: str,
        preprocessing: Mapping[str, object],
        preference: int,
        prepare: Callable[[Image.Image], Tensor],
        forward: Callable[[Tensor], Tensor],
        device: str,
        viewing: Viewing = OWN,
        own_crop: str = CENTRE,
        cpu_batch: int = TOKENS_BATCH,
        channels_last: bool = False,
    ) -> None:
        self.family = family
        self.name = name
        self.weights = weights
        self.viewing = viewing
        self.cpu_batch = cpu_batch
        differing = viewing.recorded(own_crop)
        self.preprocessing = json.dumps({**preprocessing, **differing}, sort_keys=True)
        departs = differing.keys() & {"crop", "precision"}
        self.preference = OTHER if departs and preference == STUDY else preference
        self.device = device
        self._prepare = prepare
        self._forward = forward
        self._channels_last = channels_last
        marks = "".join(f"+{str(value).replace(' ', '-')}" for value in differing.values())
        self.encoder_id = f"{label}{marks}#{content_id(weights, self.preprocessing, digits=12)}"
        self.dimensions = int(self.encode([Image.new("RGB", (64, 64), "grey")]).shape[1])

    def row(self) -> EncoderRow:
        """Its row of ``encoders``, as if first used now."""
        return EncoderRow(
            encoder_id=self.encoder_id,
            family=self.family,
            name=self.name,
            weights=self.weights,
            preprocessing=self.preprocessing,
            dimensions=self.dimensions,
            preference=self.preference,
            first_used_utc=utc_now(),
        )

    def encode(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Embed pictures.

        Args:
            images: N pictures of any size and mode.

        Returns:
            [N, D] float32, L2-normalised.

        Raises:
            MetricError: If there are none, one shows nothing, or an embedding is not made of numbers.
        """
        return self.embed([self.prepare(image) for image in images])

    def prepare(self, image: Image.Image) -> Tensor:
        """Turn a picture into what the network takes in: [3, H, W]; safe to call from several threads.

        Raises:
            MetricError: If the picture has no pixels, or a side of one: there is nothing to be seen on it.
        """
        if min(image.size) < 2:
            raise MetricError(f"a picture of {image.width}×{image.height} pixels cannot be embedded")
        return self._prepare(image if image.mode == "RGB" else image.convert("RGB"))

    def embed(self, prepared: Sequence[Tensor]) -> NDArray[np.float32]:
        """Embed prepared pictures; arguments, result and errors as in ``encode``."""
        import torch

        if not prepared:
            raise MetricError("no pictures to embed")
        # TF32 would round the inputs of convolutions to 10 bits on newer GPUs.
        reduced = torch.autocast(
            self.device.partition(":")[0], torch.bfloat16, enabled=self.viewing.precision != "float32"
        )
        order = torch.channels_last if self._channels_last else torch.contiguous_format
        batch = torch.stack(list(prepared)).to(self.device, memory_format=order)
        with torch.inference_mode(), torch.backends.cudnn.flags(allow_tf32=False), reduced:
            found = self._forward(batch).float().cpu().numpy()
        return _normalised(found, len(prepared), self.name)


def _normalised(found: NDArray[np.float32], count: int, name: str) -> NDArray[np.float32]:
    if found.ndim != 2 or found.shape[0] != count:
        raise MetricError(f"{name} gave an array of shape {found.shape} for {count} pictures: not one vector each")
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    if not np.isfinite(norms).all() or not norms.all():
        raise MetricError(f"{name} gave an embedding that is zero or not made of numbers")
    unit: NDArray[np.float32] = (found / norms).astype(np.float32)
    return unit


def digest(network: nn.Module) -> str:
    """SHA-256 over the names and values of all weights: the same wherever they were loaded from."""
    found = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        found.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        found.update(tensor.detach().contiguous().cpu().reshape(-1).numpy().tobytes())
    return f"sha256:{found.hexdigest()}"


@contextlib.contextmanager
def loading(name: str, instead: str = INSTEAD) -> Iterator[None]:
    """Name the cause where weights cannot be had, or are not what they should be.

    Raises:
        ModelError: For whatever the libraries raise on missing or broken files.
    """
    from huggingface_hub.errors import HFValidationError
    from safetensors import SafetensorError

    missing = network_errors()
    broken = (ValueError, KeyError, TypeError, AttributeError, RuntimeError, EOFError)
    unusable: tuple[type[Exception], ...] = (*missing, *broken, pickle.UnpicklingError, SafetensorError)
    try:
        yield
    except HFValidationError as error:
        message = f"{name} cannot be loaded: it is neither a folder that exists nor a name of a repository"
        raise ModelError(message, instead) from error
    except unusable as error:
        raise ModelError(f"{name} cannot be loaded: {reason(error)}", instead) from error


def check_complete(name: str, missing: Sequence[str], unexpected: Sequence[str] = ()) -> None:
    """Refuse weights that leave a part of the network as it was drawn at random.

    Raises:
        ModelError: If a weight is missing, or one is left over.
    """
    for what, names in (("lack", missing), ("have no use for", unexpected)):
        if names:
            shown = ", ".join(list(names)[:3]) + (" …" if len(names) > 3 else "")
            raise ModelError(f"the weights of {name} do not fit: they {what} {shown}", INSTEAD)
