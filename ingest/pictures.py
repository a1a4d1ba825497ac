"""Reading a reference image: what it is, how large, and its perceptual hash."""

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import IngestError

if TYPE_CHECKING:
    from PIL import Image

_SUFFIXES = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "GIF": ".gif",
    "WEBP": ".webp",
    "TIFF": ".tif",
    "BMP": ".bmp",
    "JPEG2000": ".jp2",
    "AVIF": ".avif",
}
"""Formats that are read; Pillow knows more, but some of them start other programs."""
_OTHERS = {b"<svg": "SVG", b"<?xml": "XML or SVG", b"<!doctype html": "HTML", b"<html": "HTML", b"%pdf": "PDF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is known of a picture that can be read."""

    suffix: str
    """Of the file name, by its format."""
    phash: str
    """64-bit perceptual hash, 16 hex digits."""
    width: int
    """Pixels, after EXIF rotation."""
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The pixels of a picture."""

    suffix: str
    """Of the file name, by its format."""
    image: "Image.Image"
    """In RGB, upright."""


def decode(content: bytes) -> Decoded:
    """Decode a picture, whole; of an animated one the first frame, of one in CMYK its colours in RGB.

    Raises:
        IngestError: If it is none, has more pixels than Pillow's limit, or Pillow cannot show it in RGB.
        Exception: Whatever Pillow raises on a damaged file.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(io.BytesIO(content), formats=list(_SUFFIXES.keys() - {"MPO"}))
        except UnidentifiedImageError as error:
            raise IngestError(_not_a_picture(content)) from error
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise IngestError(
                f"a decompression bomb, or too large a scan: over {Image.MAX_IMAGE_PIXELS:,} pixels"
            ) from error
        with image:
            if image.mode.startswith(("I", "F")):
                raise IngestError("grey levels of more than 8 bits would be read as white: save it with 8 bits")
            upright = ImageOps.exif_transpose(image)
            return Decoded(suffix=_SUFFIXES[image.format or ""], image=upright.convert("RGB"))


def read_picture(content: bytes) -> Picture:
    """Decode a picture and hash what it shows.

    Raises:
        Exception: Whatever ``decode`` raises.
    """
    import imagehash

    decoded = decode(content)
    rgb = decoded.image
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        phash = str(imagehash.phash(rgb))
    return Picture(suffix=decoded.suffix, phash=phash, width=rgb.width, height=rgb.height)


def _not_a_picture(content: bytes) -> str:
    if not content:
        return "an empty file"
    start = content[:200].lstrip().lower()
    kind = next((kind for mark, kind in _OTHERS.items() if start.startswith(mark)), None)
    return f"{kind}, not a picture" if kind else "not a picture that can be read (JPEG, PNG, WebP, TIFF, …)"


def distance(one: str, other: str) -> int:
    """Hamming distance of two perceptual hashes, 0 to 64 bits."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
