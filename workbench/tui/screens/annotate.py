"""Label images by keys alone: blind to model, condition and scores, in an order of one's own; written at once."""

from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from workbench.dates import show_date
from workbench.errors import StoreLocked, WorkbenchError
from workbench.options import printable
from workbench.records import LabelItem
from workbench.store import Write
from workbench.tui.asking import PictureShelf
from workbench.tui.clipboard import copy
from workbench.tui.filters import Filters
from workbench.tui.imagemode import ImageMode
from workbench.tui.labelling import REALIZATIONS, Item, Labels, item_of, labels_of
from workbench.tui.lane import Lane
from workbench.tui.messages import Answer, SqlOpened
from workbench.tui.reader import StudyReader
from workbench.tui.screens.prompt import Prompt
from workbench.tui.shown_sql import labels_sql
from workbench.tui.widgets.facts import cut
from workbench.tui.widgets.picture import Picture
from workbench.tui.widgets.runs_view import bar

RETRY_SECONDS = 0.5


class AnnotateScreen(Screen[int]):
    """Gives the number of changes that were written.

    Args:
        reader: of the study.
        mode: how pictures are drawn.
        filters: whose images are labelled.
        annotator: who labels.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back"),
        Binding("question_mark,f1", "app.help", "Help", key_display="?"),  # where a narrow terminal shows it
        Binding("y", "recognised(True)", "Yes"),
        Binding("n", "recognised(False)", "No"),
        Binding("1", "realization(0)", "Replication"),
        Binding("2", "realization(1)", "Transformation"),
        Binding("3", "realization(2)", "Neither"),
        Binding("t", "note", "Note"),
        Binding("u", "undo", "Undo"),
        Binding("space,right,l", "go(1)", "Skip", key_display="space"),
        Binding("left,h,backspace", "go(-1)", show=False),
        Binding("g", "go_on", "Open"),
        Binding("r", "next_reference", show=False),
        Binding("c", "copy_sql", show=False),
        Binding("Y", "open_sql", show=False),
    ]

    def __init__(self, reader: StudyReader, mode: ImageMode, filters: Filters, annotator: str) -> None:
        super().__init__()
        self._reader, self._mode, self._filters = reader, mode, filters
        self._lane, self._writer = Lane(self, "label"), Lane(self, "label-writes")
        self._shelf = PictureShelf()
        self.labels = Labels(annotator=annotator)
        self.item: Item | None = None
        self.waiting: dict[str, Write] = {}
        """Writes that are not in the file yet."""
        self._changes = 0
        self._leaving = False
        self._reference = 0

    def compose(self) -> ComposeResult:
        """Reference and image, side by side; what is said of it below."""
        yield Static(id="label-progress", markup=False)
        with Horizontal(id="label-pictures"):
            with Vertical(classes="half"):
                yield Static(id="label-title", classes="title", markup=False)
                yield Picture(self._mode)
            with Vertical(classes="half", id="label-image"):
                yield Static("Generated image", classes="title", markup=False)
                yield Picture(self._mode)
        yield Static(id="label-said", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Ask for the images."""
        self.query_one("#label-progress", Static).update("reading the images to label …")
        self._lane.ask("queue", partial(labels_of, self._reader, self._filters, self.labels.annotator))

    def on_unmount(self) -> None:
        """Let the pictures go."""
        self._shelf.clear()

    # What comes back.

    @on(Answer)
    def _take(self, answer: Answer) -> None:
        answer.stop()
        if answer.topic.startswith("write"):
            self._written(answer)
        elif self._lane.finished(answer):
            if answer.error is not None:
                self._fail(answer.error)
            elif answer.topic == "queue":
                self._start(answer.value)
            elif answer.topic == "item":
                self._show(answer.value)
            else:
                self._shelf.keep(answer.value)  # type: ignore[arg-type]
                self._draw()

    def _fail(self, error: WorkbenchError) -> None:
        if isinstance(error, StoreLocked):
            self.query_one("#label-progress", Static).update("the file is locked by its writer: waiting …")
            self.set_timer(RETRY_SECONDS, self._ask if len(self.labels.queue) else self.on_mount)
        else:
            self.query_one("#label-progress", Static).update(printable(f"{error.message}. {error.hint}"))

    def _start(self, labels: Any) -> None:
        assert isinstance(labels, Labels)
        self.labels = labels
        if not len(self.labels.queue):
            self.query_one("#label-progress", Static).update("No image of the rows that pass the filters.")
        self._ask()

    def _ask(self) -> None:
        """Ask for the image that is labelled now."""
        if self.labels.image_id is not None:
            self._say()
            self._lane.ask("item", partial(item_of, self._reader, self.labels.image_id))

    def _show(self, item: Any) -> None:
        assert isinstance(item, Item)
        if item.shown.image_id != self.labels.image_id:
            return
        self.item, self._reference = item, 0
        self._say_title()
        self._load()

    def _load(self) -> None:
        item = self.item
        if item is None:
            return
        paths = [i.path for i in item.ref_images[self._reference : self._reference + 1]]
        paths += [item.shown.path] if item.shown.path else []
        for picture, path in zip(self.query(Picture), self._paths(item), strict=True):
            if path is None:
                picture.say("no picture")
            else:
                picture.expect(path)
        self._lane.ask("pictures", partial(self._shelf.load, self._reader, self._shelf.missing(paths)))

    def _paths(self, item: Item) -> tuple[str | None, str | None]:
        reference = item.ref_images[self._reference].path if item.ref_images else None
        return reference, item.shown.path

    def _draw(self) -> None:
        known = self._shelf.known()
        if self.item is not None:
            for picture, path in zip(self.query(Picture), self._paths(self.item), strict=True):
                if path in known:
                    picture.draw(known[path])

    # What is written.

    def _write(self, write: Write | None) -> None:
        if write is None:
            return
        self._changes += 1
        topic = f"write-{self._changes}"
        self.waiting[topic] = write
        self._writer.ask(topic, partial(self._reader.store.write, write))
        self._say()

    def _written(self, answer: Answer) -> None:
        if isinstance(answer.error, StoreLocked):  # again, before those that came later: they must not be overtaken
            self._writer.hurry(answer.topic, partial(self._reader.store.write, self.waiting[answer.topic]))
        else:
            self.waiting.pop(answer.topic, None)
        if answer.error is not None and not isinstance(answer.error, StoreLocked):
            self.notify(printable(f"not written: {answer.error.message}"), severity="error", timeout=30, markup=False)
        self._writer.finished(answer)
        self._say()
        if self._leaving and not self.waiting:
            self.dismiss(self._changes)

    # What is said.

    def _say_title(self) -> None:
        if self.item is None:
            return
        shown, n = self.item.shown, len(self.item.ref_images)
        which = f" · reference image {self._reference + 1} of {n}, r: next" if n > 1 else ""
        self.query_one("#label-title", Static).update(cut(f"{shown.label} ({_known(shown)}){which}"))

    def _say(self) -> None:
        labels, n = self.labels, len(self.labels.queue)
        waiting = f" · {len(self.waiting)} to be written, the file is busy" if len(self.waiting) > 1 else ""
        head = f"{labels.annotator} · image {labels.at + 1:,} of {n:,} · labelled {bar(labels.done, 0, n)}{waiting}"
        self.query_one("#label-progress", Static).update(printable(head))
        said = labels.current
        parts = [
            ("recognised: ", "$quiet"),
            ({None: "y or n?", True: "yes", False: "no"}[said.recognised if said else None], "bold"),
        ]
        if said is None or said.recognised is not False or said.realization:
            word = said.realization if said and said.realization else "1 replication, 2 transformation, 3 neither?"
            parts += [("   realized as: ", "$quiet"), (word, "bold")]
        if said and said.note:
            parts += [("   note: ", "$quiet"), (cut(said.note), "italic")]
        lines = [
            Content.assemble(*parts),
            *(Content(printable(line)).stylize("$quiet") for line in labels.agreements()),
        ]
        self.query_one("#label-said", Static).update(Content("\n").join(lines))

    # What the person does.

    def _label(self, **what: object) -> None:
        self._write(self.labels.say(**what))
        image_id = self.labels.image_id
        if image_id is not None and self.labels.is_done(image_id):
            self.labels.go_on()
            self._ask()

    def action_recognised(self, value: bool) -> None:
        """It evokes the reference, or it does not: then it realizes nothing."""
        self._label(recognised=value) if value else self._label(recognised=False, realization=None)

    def action_realization(self, number: int) -> None:
        """How it is realized; who says how, recognises it."""
        self._label(recognised=True, realization=REALIZATIONS[number])

    def action_note(self) -> None:
        """Write a note on the image."""

        def typed(text: str | None) -> None:
            if text is not None:
                self._write(self.labels.say(note=text.strip() or None))

        said = self.labels.current
        self.app.push_screen(Prompt("Note on this image", said.note or "" if said else ""), typed)

    def action_undo(self) -> None:
        """Take the last change back."""
        write = self.labels.undo()
        if write is None:
            self.notify("nothing to take back")
        self._write(write)
        self._ask()

    def action_go(self, steps: int) -> None:
        """Another image."""
        self.labels.go(steps)
        self._ask()

    def action_go_on(self) -> None:
        """The next image that is not labelled yet."""
        self.labels.go_on()
        self._ask()

    def action_next_reference(self) -> None:
        """Show the next reference image."""
        if self.item and self.item.ref_images:
            self._reference = (self._reference + 1) % len(self.item.ref_images)
            self._say_title()
            self._load()

    def action_copy_sql(self) -> None:
        """Copy the SQL that gives everybody's labels."""
        self.notify(f"SQL of the labels copied {copy(self.app, labels_sql())}", markup=False)

    def action_open_sql(self) -> None:
        """Go on by hand from the SQL that gives everybody's labels, once all is written."""
        self.app.screen_stack[0].post_message(SqlOpened(labels_sql()))
        self.action_leave()

    def action_leave(self) -> None:
        """Go back, once all is written."""
        self._leaving = True
        if not self.waiting:
            self.dismiss(self._changes)
        else:
            self.notify("writing the last labels …")


def _known(shown: LabelItem) -> str:
    """Who made the reference and when; its kind where neither is known."""
    parts = [", ".join(shown.creators)]
    if shown.creation_year is not None:
        parts.append(show_date(None, shown.creation_year, shown.creation_precision, circa=shown.creation_circa))
    return ", ".join(filter(None, parts)) or shown.kind
