"""Reading picture files."""

from pathlib import Path

from PIL import Image, ImageOps


def read_picture(path: Path, *, upright: bool = True) -> Image.Image:
    """Read a picture whole and in RGB.

    Args:
        path: of the file.
        upright: turn it as its EXIF data say; else take it as it is stored.

    Raises:
        OSError: If the file is missing or no picture.
        Exception: Whatever else Pillow raises on a broken one.
    """
    with Image.open(path) as file:
        return (ImageOps.exif_transpose(file) if upright else file).convert("RGB")
