"""Embedding pictures, as an engine does it: encoders on one device, and what is done with them."""

import functools
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from generate.encoders import load_encoder
from generate.encoders.encoder import Encoder
from generate.engines.engine import Work, alone
from generate.scoring.embedding import GPU_BATCH, Cutting, Embedded, Picture, embed_pictures
from generate.scoring.held import BATCHES_TOGETHER, Held
from workbench.records import EncoderRow


class Encoders(Held[Encoder]):
    """Encoders on one device."""

    __slots__ = ()

    def load_anew(self, name: str) -> Encoder:
        """Errors as ``load_encoder``."""
        return load_encoder(name, self.device, self.viewing)

    def row(self, name: str) -> EncoderRow:
        """What an encoder is, as if first used now."""
        return self.load(name).row()

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
        finish=alone,
        lost=_lost,
        group=group,
        enough=max(1, BATCHES_TOGETHER * (batch_size or GPU_BATCH) // cutting.views),
    )


def _lost(pictures: Sequence[Picture[Any]], why: str) -> list[Embedded[Any]]:
    return [Embedded(key=picture.key, vectors=None, error=why) for picture in pictures]
