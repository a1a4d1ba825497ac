"""Reading picture files."""

from pathlib import Path

from PIL import Image, ImageOps


def read_picture(path: Path) -> Image.Image:
    """Read a picture whole, upright and in RGB.

    Raises:
        OSError: If the file is missing or no picture.
        Exception: Whatever else Pillow raises on a broken one.
    """
    with Image.open(path) as file:
        return ImageOps.exif_transpose(file).convert("RGB")
