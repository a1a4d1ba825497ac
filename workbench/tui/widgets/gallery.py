"""Generated images side by side, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Grid
from textual.message import Message

from workbench.records import ImageScore
from workbench.tui.columns import NONE
from workbench.tui.imagemode import ImageMode
from workbench.tui.pictures import Drawn
from workbench.tui.widgets.picture import Picture

LEAST_WIDTH, LEAST_HEIGHT = 18, 8
"""Cells that a picture with its caption should have."""
MOST = 20
"""Pictures a page."""
CELL_RATIO = 2
"""About how much higher than wide a cell is: pictures are square, about."""
Caption = Callable[[ImageScore, int], str]


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
    """All of them, as large as that allows; where they are too many, as many as can be told apart."""
    most = min(max(1, width // LEAST_WIDTH), 5, max(1, images))
    whole = [Page(columns=n, rows=-(-images // n)) for n in range(1, most + 1)]
    whole = [p for p in whole if p.size <= MOST and height // p.rows >= LEAST_HEIGHT]
    if whole:
        return max(whole, key=lambda p: min(width // p.columns, CELL_RATIO * (height // p.rows - 1)))
    rows = min(max(1, height // max(LEAST_HEIGHT, width // most // 3)), MOST // most, -(-images // most))
    return Page(columns=most, rows=rows)


class Gallery(Grid):
    """Shows a page of generated images; asks for their pictures by ``PageWanted``.

    Args:
        mode: how pictures are drawn.
        id: of the widget.
        caption: line under a picture, of a given width.
    """

    class PageWanted(Message):
        """These pictures are on screen now and are to be loaded."""

        def __init__(self, paths: list[str]) -> None:
            super().__init__()
            self.paths = paths

    def __init__(self, mode: ImageMode, *, id: str, caption: "Caption | None" = None) -> None:
        super().__init__(id=id)
        self._mode = mode
        self._caption = caption or seed_caption
        self._images: Sequence[ImageScore] = ()
        self._marked: str | None = None
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

    def show(self, images: Sequence[ImageScore], marked: str | None = None) -> None:
        """Show other images, from the first, or the page that holds the marked one.

        Args:
            images: to show.
            marked: image_id of one that its caption points to.
        """
        same = [i.image_id for i in images] == [i.image_id for i in self._images] and marked == self._marked
        self._images, self._marked = images, marked
        if not same:
            self._first = next((n for n, i in enumerate(images) if i.image_id == marked), 0)
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

    def place_at(self, x: int, y: int) -> tuple[float, float] | None:
        """Where in the first picture a place of the screen lies: shares of its width and height; None: not in it."""
        for widget in self.query(".picture"):
            region = widget.region
            if widget.display and region.contains(x, y):
                return (x - region.x + 0.5) / region.width, (y - region.y + 0.5) / region.height
            return None
        return None

    def image_at(self, x: int, y: int) -> ImageScore | None:
        """The image that lies at a place of the screen."""
        for picture, image in zip(self.query(Picture), self.visible_images, strict=False):
            if picture.region.contains(x, y):
                return image
        return None

    def on_resize(self) -> None:
        """Fill the room anew."""
        self._fill()

    def _fill(self) -> None:
        if not self.size or not self._images:
            return
        self._page = page_for(self.size.width, self.size.height, len(self._images))
        self._first -= self._first % self._page.size
        shown = self.visible_images
        if (self.styles.grid_size_columns, self.styles.grid_size_rows) != (self._page.columns, self._page.rows):
            self.styles.grid_size_columns, self.styles.grid_size_rows = self._page.columns, self._page.rows
        for i, picture in enumerate(self.query(Picture)):
            picture.display = i < len(shown)
            if i < len(shown):
                self._prepare(picture, shown[i])
        self.post_message(self.PageWanted([i.path for i in shown if i.path and i.status == "ok"]))

    def _prepare(self, picture: Picture, image: ImageScore) -> None:
        mark = "▶ " if image.image_id == self._marked else ""
        room = self.size.width // self._page.columns - (self._page.columns > 1)  # the gutter
        picture.caption(mark + self._caption(image, room - len(mark)))
        if image.path is None or image.status != "ok":
            picture.say(f"{image.status}: {image.error or 'no file'}")
        else:
            picture.expect(image.path)


def seed_caption(image: ImageScore, width: int) -> str:
    """Seed, s with the recognised mark, VR: one line."""
    name = f"seed {image.seed} " if width >= 30 else f"#{image.seed}"
    return f"{name} {scores(image, wide=width >= 30)}"


def scores(image: ImageScore, *, wide: bool) -> str:
    """The recognised mark, s and VR."""
    mark = {True: "✓", False: "✗", None: "·"}[image.recognised]
    s, vr = (NONE if v is None else f"{v:.{3 if wide else 2}f}" for v in (image.s, image.vr))
    if wide:
        return f"{mark} s {s}  VR {vr}"
    return f"{mark} s {s.replace('0.', '.', 1)} VR {vr.replace('0.', '.', 1)}"
