"""A picture with a caption, or the reason why there is none."""

from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from workbench.options import printable
from workbench.tui.imagemode import ImageMode
from workbench.tui.pictures import Drawn
from workbench.tui.widgets.said import say


class Picture(Vertical):
    """Draws one picture as large as its box allows, in its own proportions.

    Args:
        mode: how this terminal draws.
    """

    def __init__(self, mode: ImageMode) -> None:
        super().__init__()
        self._mode = mode
        self._drawn: Drawn | None = None
        self._path: str | None = None

    def compose(self) -> ComposeResult:
        """Picture or reason, and the caption."""
        if self._mode.widget is not None:
            yield self._mode.widget(classes="picture")
        yield Static(classes="reason", markup=False)
        yield Static(classes="caption", markup=False)

    def caption(self, text: str) -> None:
        """Set the line below."""
        say(self.query_one(".caption", Static), printable(text))

    def say(self, reason: str) -> None:
        """Show text instead of a picture."""
        self._path, self._drawn = None, None
        self._show(None, reason)

    def expect(self, path: str) -> None:
        """Another picture comes: until then show none, never the one before under the new caption."""
        if path != self._path:
            self._path, self._drawn = path, None
            self._show(None, "")

    def draw(self, drawn: Drawn) -> None:
        """Show the picture that was expected, or its problem."""
        if drawn is self._drawn:
            return
        self._drawn = drawn
        if drawn.image is None:
            self._show(None, f"{drawn.problem}: {near(drawn.path)}")
        elif self._mode.widget is None:
            self._show(None, str(near(drawn.path)))
        else:
            self._show(drawn, "")

    def on_resize(self) -> None:
        """Fit anew."""
        self._fit()

    def on_unmount(self) -> None:
        """Let the picture go now, not when garbage is looked for."""
        self._drawn = None
        for widget in self.query(".picture"):
            widget.image = None  # type: ignore[attr-defined]

    def _show(self, drawn: Drawn | None, reason: str) -> None:
        text = self.query_one(".reason", Static)
        words = "\n".join(map(printable, reason.splitlines()))
        if text.content != words:  # it wraps
            text.update(words)
        text.display = bool(reason)
        self.set_class(bool(reason), "-text")
        for widget in self.query(".picture"):
            widget.image = drawn.image if drawn else None  # type: ignore[attr-defined]
            widget.display = drawn is not None
        self._fit()

    def _fit(self) -> None:
        if self._drawn is None or self._drawn.image is None or not self.size:
            return
        room = Size(self.size.width, self.size.height - 1)
        cells = fit(self._drawn.image.width, self._drawn.image.height, room, self._mode.cell_ratio)
        for widget in self.query(".picture").results(Widget):
            widget.styles.width, widget.styles.height = cells.width, cells.height


def near(path: Path) -> Path:
    """A path from where the person is, if it lies there."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def fit(width: int, height: int, room: Size, cell_ratio: float) -> Size:
    """Largest size in cells, within the room, that keeps the proportions of a picture.

    Args:
        width: of the picture, pixels.
        height: of the picture, pixels.
        room: cells.
        cell_ratio: height of a cell divided by its width.
    """
    scale = min(room.width / width, room.height * cell_ratio / height)
    return Size(max(1, round(width * scale)), max(1, round(height * scale / cell_ratio)))
