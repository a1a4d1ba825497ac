"""The selected row in full: facts, reference image, generated images."""

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from workbench.options import printable
from workbench.records import RefScore, Thresholds
from workbench.tui.asking import DetailLane
from workbench.tui.guidance import command
from workbench.tui.imagemode import ImageMode
from workbench.tui.messages import Answer
from workbench.tui.reader import CellKey, Detail, StudyReader
from workbench.tui.widgets.facts import Facts, credit
from workbench.tui.widgets.gallery import Gallery
from workbench.tui.widgets.picture import Picture
from workbench.tui.widgets.said import say

DEBOUNCE_SECONDS, AGAIN_SECONDS = 0.08, 0.3
"""A cursor that runs through rows asks only where it rests; of a row that is there, once sliders rest, too."""


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
        self._asking = DetailLane(self, "detail", reader, filled=self._fill, drawn=self._draw, refused=self._refuse)
        self._place: tuple[int, int] | None = None
        self._wanted: tuple[CellKey, tuple[int, int] | None] | None = None
        self._there: tuple[CellKey, tuple[int, int] | None] | None = None
        """The row and image that are shown."""
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

    def show(
        self,
        key: CellKey | None,
        thresholds: Thresholds,
        score: RefScore | None = None,
        image: tuple[int, int] | None = None,
    ) -> None:
        """Show another row, or the same one measured otherwise.

        Args:
            key: of the row; None: there is none.
            thresholds: to measure under.
            score: what the table knows already.
            image: variant and seed of the image to point to.
        """
        self.set_class(key is None, "-empty")
        if key is None:
            self._asking.drop()
            return
        if score is not None and (self.detail is None or self.detail.score != score):
            self.query_one(Facts).show_row(score)
        again = (key, image) == self._there
        self._place, self._wanted = image, (key, image)
        rest = AGAIN_SECONDS if again else DEBOUNCE_SECONDS
        self._asking.ask(partial(self._reader.detail, key, thresholds), rest)

    def action_turn(self, pages: int) -> None:
        """Turn the pages of generated images."""
        self.query_one(Gallery).turn(pages)

    @on(Answer)
    def _take(self, answer: Answer) -> None:
        self._asking.take(answer)

    def _refuse(self, reason: str) -> None:
        self.query_one("#generated-reason", Static).update(printable(reason))

    def _fill(self, detail: Detail) -> None:
        self.detail, self._there = detail, self._wanted
        self.query_one(Facts).show(detail)
        picture = self.query_one("#about > Picture", Picture)
        n = len(detail.ref_images)
        say(self.query_one("#reference-title", Static), f"Reference image{f' 1 of {n}' if n > 1 else ''}")
        if n:
            picture.caption(credit(detail))
            picture.expect(detail.ref_images[0].path)
        else:
            picture.caption("")
            picture.say(f"No reference image yet:\n{command('ingest --images FOLDER', self._reader.path)}")
        self._say_which(detail)
        self._load([])
        marked = [i.image_id for i in detail.images if (i.variant, i.seed) == self._place]
        self.query_one(Gallery).show(detail.images, marked[0] if marked else None)

    @on(Gallery.PageWanted)
    def _turned(self, event: Gallery.PageWanted) -> None:
        event.stop()
        if self.detail is not None:
            self._say_which(self.detail)
            self._load(event.paths)

    def _load(self, paths: list[str]) -> None:
        """Load the reference image and these, where they are not in memory."""
        first = [i.path for i in self.detail.ref_images[:1]] if self.detail else []
        self._asking.load([*first, *paths])

    def _draw(self) -> None:
        known = self._asking.known()
        self.query_one(Gallery).draw(known)
        if self.detail and self.detail.ref_images and self.detail.ref_images[0].path in known:
            self.query_one("#about > Picture", Picture).draw(known[self.detail.ref_images[0].path])

    def _say_which(self, detail: Detail) -> None:
        gallery, score = self.query_one(Gallery), detail.score
        title, reason = f"Generated {gallery.range}  ✓ recognised", ""
        if not detail.images:
            title = "Generated"
            reason = f"Nothing generated yet for {score.qid}:\n{command('generate --model NAME', self._reader.path)}"
        say(self.query_one("#generated-title", Static), title)
        say(self.query_one("#generated-reason", Static), reason)
        self.query_one("#generated-reason", Static).display = bool(reason)
        gallery.display = bool(detail.images)
