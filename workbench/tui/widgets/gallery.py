"""The generated images of a row, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Grid
from textual.message import Message

from workbench.records import ImageScore
from workbench.tui.columns import NONE
from workbench.tui.imagemode import ImageMode
from workbench.tui.reader import Drawn
from workbench.tui.widgets.picture import Picture

LEAST_WIDTH, LEAST_HEIGHT = 18, 8
"""Cells that a picture with its caption should have."""
MOST = 12
"""Pictures a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """How many pictures fit."""

    columns: int
    rows: int

    @property
    def size(self) -> int:
        """Pictures a page."""
        return self.columns * self.rows


def page_for(width: int, height: int, images: int) -> Page:
    """As many as fit with each large enough to be told apart; fewer rows where there are fewer images."""
    columns = min(max(1, width // LEAST_WIDTH), 4)
    rows = min(max(1, height // max(LEAST_HEIGHT, width // columns // 3)), MOST // columns, -(-images // columns))
    return Page(columns=columns, rows=rows)


class Gallery(Grid):
    """Shows a page of generated images; asks for their pictures by ``PageWanted``."""

    class PageWanted(Message):
        """These pictures are on screen now and are to be loaded."""

        def __init__(self, paths: list[str]) -> None:
            super().__init__()
            self.paths = paths

    def __init__(self, mode: ImageMode, *, id: str) -> None:
        super().__init__(id=id)
        self._mode = mode
        self._images: Sequence[ImageScore] = ()
        self._first = 0
        self._page = Page(columns=1, rows=1)

    def compose(self) -> ComposeResult:
        """As many as are ever shown; those that are not needed are hidden."""
        for _ in range(MOST):
            yield Picture(self._mode)

    @property
    def visible_images(self) -> Sequence[ImageScore]:
        """The images of the page."""
        return self._images[self._first : self._first + self._page.size]

    @property
    def range(self) -> str:
        """Which of how many are shown."""
        shown = len(self.visible_images)
        return f"{self._first + 1}–{self._first + shown} of {len(self._images)}" if shown else "none"

    def show(self, images: Sequence[ImageScore]) -> None:
        """Show other images, from the first."""
        same = [i.image_id for i in images] == [i.image_id for i in self._images]
        self._images = images
        self._first = self._first if same else 0
        self._fill()

    def turn(self, pages: int) -> None:
        """Go some pages on; stays within the images."""
        target = self._first + pages * self._page.size
        if 0 <= target < len(self._images):
            self._first = target
            self._fill()

    def draw(self, drawn: dict[str, Drawn]) -> None:
        """Put pictures where their images are shown."""
        for picture, image in zip(self.query(Picture), self.visible_images, strict=False):
            if image.path in drawn:
                picture.draw(drawn[image.path])

    def on_resize(self) -> None:
        """Fill the room anew."""
        self._fill()

    def _fill(self) -> None:
        if not self.size or not self._images:
            return
        self._page = page_for(self.size.width, self.size.height, len(self._images))
        self._first -= self._first % self._page.size
        shown = self.visible_images
        self.styles.grid_size_columns, self.styles.grid_size_rows = self._page.columns, self._page.rows
        for i, picture in enumerate(self.query(Picture)):
            picture.display = i < len(shown)
            if i < len(shown):
                self._prepare(picture, shown[i])
        self.post_message(self.PageWanted([i.path for i in shown if i.path and i.status == "ok"]))

    def _prepare(self, picture: Picture, image: ImageScore) -> None:
        picture.caption(caption(image, self.size.width // self._page.columns))
        if image.path is None or image.status != "ok":
            picture.say(f"{image.status}: {image.error or 'no file'}")
        else:
            picture.expect(image.path)


def caption(image: ImageScore, width: int) -> str:
    """Seed, s with the recognised mark, VR: one line."""
    mark = {True: "✓", False: "✗", None: "·"}[image.recognised]
    if width >= 30:
        s = NONE if image.s is None else f"{image.s:.3f}"
        vr = NONE if image.vr is None else f"{image.vr:.3f}"
        return f"seed {image.seed}  {mark} s {s}  VR {vr}"
    s = NONE if image.s is None else f"{image.s:.2f}".replace("0.", ".", 1)
    vr = NONE if image.vr is None else f"{image.vr:.2f}".replace("0.", ".", 1)
    return f"#{image.seed} {mark} s {s} VR {vr}"
