"""Embedding pictures, as an engine does it: encoders on one device, and what is done with them."""

import functools
import socket
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generate.devices import describe_device
from generate.encoders import load_encoder
from generate.encoders.encoder import Encoder
from generate.encoders.viewing import Viewing
from generate.engines.engine import Work
from generate.scoring.embedding import GPU_BATCH, Cutting, Embedded, Picture, embed_pictures
from workbench.errors import ModelError
from workbench.records import EncoderRow

BATCHES_TOGETHER = 8
"""That a worker is handed at least: the last of a lot may not be full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoders:
    """Encoders on one device, each loaded once, when it is needed first."""

    device: str
    viewing: Viewing
    _loaded: dict[str, Encoder] = field(default_factory=dict)

    def load(self, name: str) -> Encoder:
        """An encoder by its name; errors as ``load_encoder``."""
        if name not in self._loaded:
            self._loaded[name] = load_encoder(name, self.device, self.viewing)
        return self._loaded[name]

    def row(self, name: str) -> EncoderRow:
        """What an encoder is, as if first used now."""
        return self.load(name).row()

    def describe(self) -> str:
        """What computes, as a run records it."""
        return describe_device(self.device)

    def embed(
        self,
        pictures: Iterable[Picture[Any]],
        note: Callable[[str], None],
        *,
        name: str,
        cutting: Cutting,
        batch_size: int | None,
    ) -> Iterator[Embedded[Any]]:
        """Embed pictures, in order; errors as ``embed_pictures``."""
        return embed_pictures(self.load(name), pictures, cutting, batch_size)


def encoders_seeing(folder: Path, device: str, viewing: Viewing) -> Encoders:
    """Encoders on a machine that may be another.

    Raises:
        ModelError: If it does not see the pictures.
    """
    check_seen(folder)
    return Encoders(device=device, viewing=viewing)


def check_seen(folder: Path) -> None:
    """Refuse a machine that does not see a folder.

    Raises:
        ModelError: If it does not.
    """
    if not folder.is_dir():
        hint = "all machines of the cluster must see the images at the same path"
        raise ModelError(f"{socket.gethostname()} has no folder {folder}", hint)


def embedding(
    name: str, cutting: Cutting, batch_size: int | None, group: Callable[[Picture[Any]], Hashable]
) -> Work[Encoders, Picture[Any], Embedded[Any], Sequence[Embedded[Any]]]:
    """The work of embedding pictures.

    Args:
        name: of the encoder.
        cutting: how pictures are cut into views.
        batch_size: views that are encoded at a time; None: what suits the device.
        group: pictures that are wanted one after the other.
    """
    return Work(
        compute=functools.partial(Encoders.embed, name=name, cutting=cutting, batch_size=batch_size),
        finish=_alone,
        lost=_lost,
        group=group,
        enough=max(1, BATCHES_TOGETHER * (batch_size or GPU_BATCH) // cutting.views),
    )


def _alone(embedded: Embedded[Any]) -> list[Embedded[Any]]:
    return [embedded]


def _lost(pictures: Sequence[Picture[Any]], why: str) -> list[Embedded[Any]]:
    return [Embedded(key=picture.key, vectors=None, error=why) for picture in pictures]
