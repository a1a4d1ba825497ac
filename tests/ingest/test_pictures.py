"""Reading pictures, whole and damaged."""

import struct
import zlib

import imagehash
import numpy as np
import pytest
from PIL import Image

from ingest.images import DEFAULT_DISTANCE
from ingest.pictures import distance, read_picture
from tests.ingest.drawing import drawing, encoded
from workbench.errors import IngestError

PLAIN = drawing(1)


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (encoded(PLAIN, "JPEG"), ".jpg"),
        (encoded(PLAIN, "PNG"), ".png"),
        (encoded(PLAIN, "WEBP"), ".webp"),
        (encoded(PLAIN, "TIFF"), ".tif"),
        (encoded(PLAIN, "BMP"), ".bmp"),
        (encoded(PLAIN, "JPEG2000"), ".jp2"),
        (encoded(PLAIN.convert("CMYK"), "JPEG"), ".jpg"),
        (encoded(PLAIN.convert("P"), "PNG"), ".png"),
        (encoded(PLAIN.convert("RGBA"), "PNG"), ".png"),
        (encoded(PLAIN, "GIF", save_all=True, append_images=[drawing(2)]), ".gif"),
        (encoded(PLAIN, "MPO", save_all=True, append_images=[drawing(2)]), ".jpg"),
    ],
    ids=["JPEG", "PNG", "WebP", "TIFF", "BMP", "JPEG 2000", "CMYK", "palette", "alpha", "animated", "MPO"],
)
def test_forms_of_one_picture(content: bytes, suffix: str) -> None:
    picture = read_picture(content)
    assert (picture.suffix, picture.width, picture.height) == (suffix, 96, 64)
    assert distance(picture.phash, str(imagehash.phash(PLAIN))) <= DEFAULT_DISTANCE


@pytest.mark.parametrize("mode", ["L", "1", "LA"])
def test_grey_pictures(mode: str) -> None:
    assert read_picture(encoded(PLAIN.convert(mode))).width == 96


def test_rotation_by_exif_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: 90° clockwise makes it upright
    upright = read_picture(encoded(PLAIN.rotate(-90, expand=True)))
    turned = read_picture(encoded(PLAIN, "PNG", exif=exif))
    assert (turned.width, turned.height, turned.phash) == (64, 96, upright.phash)


def _bomb() -> bytes:
    """A small PNG file that says it has 10^10 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def _large() -> bytes:
    """Over Pillow's limit, under twice its limit: there Pillow itself only warns."""
    return encoded(Image.new("1", (9_500, 9_500)))


GREY_16 = encoded(Image.fromarray(np.linspace(0, 65_535, 4_096).reshape(64, 64).astype(np.uint16)))
BAD = {
    "empty": (b"", "an empty file"),
    "HTML": (b"\n<!DOCTYPE html><html>404</html>", "HTML, not a picture"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG, not a picture"),
    "PDF": (b"%PDF-1.7", "PDF, not a picture"),
    "text": (b"Mona Lisa", "not a picture that can be read"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture that can be read"),
    "truncated PNG": (encoded(PLAIN)[:200], "truncated"),
    "truncated JPEG": (encoded(drawing(3, (600, 400)), "JPEG")[:2_000], "truncated"),
    "bomb": (_bomb(), "decompression bomb"),
    "large": (_large(), "decompression bomb"),
    "16 bits": (GREY_16, "more than 8 bits"),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD.keys())
def test_what_is_no_picture(content: bytes, reason: str) -> None:
    with pytest.raises(Exception, match=reason) as caught:
        read_picture(content)
    assert isinstance(
        caught.value, IngestError | OSError | Image.DecompressionBombError | Image.DecompressionBombWarning
    )


def test_distance_counts_bits() -> None:
    assert distance("0" * 16, "f" * 16) == 64
    assert distance("0" * 16, "0" * 15 + "3") == 2
