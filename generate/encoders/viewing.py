"""How pictures are looked at, where that is not the encoder's own way: recorded, because it changes every number."""

from dataclasses import dataclass

from PIL import Image

CENTRE, SQUASH, PAD = "centre", "squash", "pad"
CROPS = (CENTRE, SQUASH, PAD)
"""Cut the middle square out, scale both sides to a square, or put the whole picture on a square of the mean colour."""
PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """What is asked of an encoder besides its name."""

    crop: str | None = None
    """One of ``CROPS``; None: the encoder's own."""
    upright: bool = True
    """Pictures are turned as their EXIF data say; False: taken as they are stored."""
    precision: str = "float32"
    """``bfloat16``: under autocast; cosines move by up to 0.03 (measured on the CPU; less for transformers)."""

    def recorded(self, own_crop: str) -> dict[str, object]:
        """What differs from an encoder's own way: goes into its preprocessing, and so into its id."""
        found: dict[str, object] = {}
        if self.crop not in (None, own_crop):
            found["crop"] = self.crop
        if not self.upright:
            found["orientation"] = "as stored"
        if self.precision != "float32":
            found["precision"] = f"{self.precision} autocast"
        return found


OWN = Viewing()


def squared(image: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """The whole picture in the middle of a square of one colour."""
    side = max(image.size)
    if image.size == (side, side):
        return image
    square = Image.new("RGB", (side, side), colour)
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square


def as_colour(mean: tuple[float, ...]) -> tuple[int, int, int]:
    """A mean of a preprocessing, 0 to 1, as a colour."""
    red, green, blue = (round(255 * value) for value in mean)
    return red, green, blue
