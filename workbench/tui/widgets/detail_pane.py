"""The selected row in full: facts, reference image, generated images."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Static

from workbench.errors import StoreLocked
from workbench.records import RefScore, Thresholds
from workbench.tui.guidance import command
from workbench.tui.imagemode import ImageMode
from workbench.tui.lane import Lane
from workbench.tui.messages import Answer
from workbench.tui.reader import Detail, Drawn, StudyReader
from workbench.tui.widgets.facts import Facts
from workbench.tui.widgets.gallery import Gallery
from workbench.tui.widgets.picture import Picture

DEBOUNCE_SECONDS = 0.08
"""A cursor that runs through rows asks only where it rests."""
RETRY_SECONDS = 1.0
"""After the file was locked by its writer."""
KEPT_PICTURES = 64


class DetailPane(Vertical, can_focus=True):
    """Asks the store for what it shows, in a lane of its own.

    Args:
        reader: of the study.
        mode: how pictures are drawn.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "turn(1)", "Images", key_display="n p"),
        Binding("p", "turn(-1)", show=False),
    ]

    def __init__(self, reader: StudyReader, mode: ImageMode, *, id: str) -> None:
        super().__init__(id=id)
        self._reader = reader
        self._mode = mode
        self._lane = Lane(self, "detail")
        self._pictures: OrderedDict[str, Drawn] = OrderedDict()
        self._timer: Timer | None = None
        self._ask: Callable[[], None] | None = None
        self.detail: Detail | None = None

    def compose(self) -> ComposeResult:
        """Facts above, then the reference, then what was made of it."""
        with Vertical(id="about"):
            yield Facts()
            yield Static(id="reference-title", classes="title", markup=False)
            yield Picture(self._mode)
        with Vertical(id="generated"):
            yield Static(id="generated-title", classes="title", markup=False)
            yield Static(id="generated-reason", classes="reason", markup=False)
            yield Gallery(self._mode, id="gallery")

    def on_mount(self) -> None:
        """Nothing to show yet."""
        self.show(None, Thresholds())

    def show(self, score: RefScore | None, thresholds: Thresholds) -> None:
        """Show another row, or the same one measured otherwise."""
        if self._timer:
            self._timer.stop()
        self.set_class(score is None, "-empty")
        if score is None:
            self._lane.drop("detail")
            return
        if self.detail is None or self.detail.score != score:
            self.query_one(Facts).show_row(score)
        self._ask = partial(self._lane.ask, "detail", partial(self._reader.detail, score, thresholds))
        self._timer = self.set_timer(DEBOUNCE_SECONDS, self._ask)

    def action_turn(self, pages: int) -> None:
        """Turn the pages of generated images."""
        self.query_one(Gallery).turn(pages)

    @on(Answer)
    def _take(self, answer: Answer) -> None:
        answer.stop()
        if not self._lane.finished(answer):
            return
        if isinstance(answer.error, StoreLocked) and self._ask is not None:
            self._timer = self.set_timer(RETRY_SECONDS, self._ask)
        elif answer.error is not None:
            self.query_one("#generated-reason", Static).update(answer.error.message)
        elif isinstance(answer.value, Detail):
            self._fill(answer.value)
        elif isinstance(answer.value, dict):
            self._draw(answer.value)

    def _fill(self, detail: Detail) -> None:
        self.detail = detail
        self.query_one(Facts).show(detail)
        picture = self.query_one("#about > Picture", Picture)
        n = len(detail.ref_images)
        self.query_one("#reference-title", Static).update(f"Reference image{f' 1 of {n}' if n > 1 else ''}")
        if n:
            picture.caption(credit(detail))
            picture.expect(detail.ref_images[0].path)
        else:
            picture.caption("")
            picture.say(f"No reference image yet:\n{command('ingest --images FOLDER', self._reader.path)}")
        self._say_which(detail)
        self._load([])
        self.query_one(Gallery).show(detail.images)

    @on(Gallery.PageWanted)
    def _turned(self, event: Gallery.PageWanted) -> None:
        event.stop()
        if self.detail is not None:
            self._say_which(self.detail)
            self._load(event.paths)

    def _load(self, paths: list[str]) -> None:
        """Load the reference image and these, where they are not in memory."""
        first = [i.path for i in self.detail.ref_images[:1]] if self.detail else []
        missing = [path for path in [*first, *paths] if path not in self._pictures]
        self._lane.ask("pictures", partial(load, self._reader, missing))

    def _draw(self, loaded: dict[str, Drawn]) -> None:
        self._pictures.update((path, d) for path, d in loaded.items() if d.image is not None)
        while len(self._pictures) > KEPT_PICTURES:
            self._pictures.popitem(last=False)
        known = {**self._pictures, **loaded}
        self.query_one(Gallery).draw(known)
        if self.detail and self.detail.ref_images and self.detail.ref_images[0].path in known:
            self.query_one("#about > Picture", Picture).draw(known[self.detail.ref_images[0].path])

    def _say_which(self, detail: Detail) -> None:
        gallery, score = self.query_one(Gallery), detail.score
        title, reason = f"Generated {gallery.range}  ✓ recognised", ""
        if not detail.images:
            title = "Generated"
            reason = f"Nothing generated yet for {score.qid}:\n{command('generate --model NAME', self._reader.path)}"
        self.query_one("#generated-title", Static).update(title)
        self.query_one("#generated-reason", Static).update(reason)
        self.query_one("#generated-reason", Static).display = bool(reason)
        gallery.display = bool(detail.images)


def load(reader: StudyReader, paths: list[str]) -> dict[str, Drawn]:
    """Load pictures by their paths in the images folder."""
    return {path: reader.picture(path) for path in paths}


def credit(detail: Detail) -> str:
    """Author and licence of the reference image that is shown."""
    image = detail.ref_images[0]
    return " · ".join(part for part in (image.author, image.licence) if part)
