"""What every text encoder is."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray


class TextEncoder:
    """A loaded text encoder.

    Args:
        encoder_id: name and a hash of the weights.
        forward: texts → [N, D] float32, L2-normalised.
    """

    def __init__(self, *, encoder_id: str, forward: Callable[[Sequence[str]], NDArray[np.float32]]) -> None:
        self.encoder_id = encoder_id
        self._forward = forward

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts.

        Returns:
            [N, D] float32, L2-normalised.
        """
        return self._forward(texts)
