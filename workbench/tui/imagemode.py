"""How pictures are drawn in this terminal; found out before the app starts, which then reads all that it answers."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual_image.widget._base import Image

MODES = ("auto", "halfcell", "sixel", "kitty", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageMode:
    """A way to draw pictures."""

    name: str
    """``halfcell``, ``sixel``, ``kitty`` or ``none``."""
    widget: "type[Image] | None"
    """None: pictures are named, not drawn."""
    cell_ratio: float
    """Height of a terminal cell divided by its width."""


NONE = ImageMode(name="none", widget=None, cell_ratio=2.0)


def find_image_mode(asked: str) -> ImageMode:
    """The mode that is asked for; for ``auto`` the best that the terminal says it can.

    Args:
        asked: one of ``MODES``.
    """
    if asked == "none":
        return NONE
    try:
        # Importing these asks the terminal, where there is one.
        from textual_image._terminal import get_cell_size
        from textual_image.widget import HalfcellImage, SixelImage, TGPImage
    except ZeroDivisionError:  # by the size of a terminal that does not know it
        return NONE

    name = _best() if asked == "auto" else asked
    size = get_cell_size()
    widgets: dict[str, type[Image]] = {"halfcell": HalfcellImage, "sixel": SixelImage, "kitty": TGPImage}
    return ImageMode(name=name, widget=widgets[name], cell_ratio=size.height / size.width)


def _best() -> str:
    """Half cells inside tmux and screen, which swallow or misplace pictures, and where the terminal can no better."""
    from textual_image.renderable import Image, SixelImage, TGPImage

    if os.environ.get("TMUX") or os.environ.get("STY"):
        return "halfcell"
    if Image is SixelImage:
        return "sixel"
    return "kitty" if Image is TGPImage else "halfcell"
