"""Distance of perceptual hashes, by imagehash."""

from collections.abc import Sequence
from typing import Any

from PIL import Image

from generate.encoders.viewing import Viewing
from generate.metrics.metric import Metric, Score, best_of, check_picture
from workbench.errors import ConfigError

BITS = 64


def load(name: str, device: str, viewing: Viewing) -> Metric:
    """Load ``phash``: how many of the 64 bits of the DCT hash differ."""
    import imagehash

    if name:
        raise ConfigError(f"phash takes nothing after its name: {name!r}", "phash")

    def view(image: Image.Image) -> Any:
        return imagehash.phash(check_picture(image))

    def compare(image: Any, others: Sequence[Any]) -> Score:
        return best_of([image - other for other in others], higher_is_closer=False)

    return Metric(
        name="phash",
        label="phash",
        package="imagehash",
        settings={"bits": BITS, "hash": "phash"},
        low=0.0,
        high=float(BITS),
        view=view,
        compare=compare,
        higher_is_closer=False,
        upright=viewing.upright,
    )
