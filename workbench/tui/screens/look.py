"""One reference and what was made of it, as large as the terminal allows."""

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, Static

from workbench.options import printable
from workbench.records import ImageScore, Thresholds
from workbench.tui.asking import DetailLane
from workbench.tui.clipboard import copy
from workbench.tui.export import give_screen
from workbench.tui.imagemode import ImageMode
from workbench.tui.looking import ONE, SEEDS, Look, below, caption, key_of, match_of, reused
from workbench.tui.messages import Answer, SqlOpened
from workbench.tui.pictures import GRID, Drawn, cut_patch, outline
from workbench.tui.reader import CellKey, Detail, StudyReader
from workbench.tui.shown_sql import look_sql
from workbench.tui.widgets.facts import Facts, credit
from workbench.tui.widgets.gallery import Gallery
from workbench.tui.widgets.picture import Picture


class LookScreen(Screen[None]):
    """Side by side, seeds, models, conditions; with the patches that are found again.

    Args:
        reader: of the study.
        mode: how pictures are drawn.
        key: of the row.
        thresholds: it is measured under.
        start: variant and seed of the image to start at.
    """

    # Textual declares it as an instance variable.
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss(None)", "Back"),
        Binding("question_mark,f1", "app.help", "Help", key_display="?"),  # where a narrow terminal shows it
        Binding("n,space", "step(1)", "Next", key_display="n p"),
        Binding("p", "step(-1)", show=False),
        Binding("g", "turn('seeds')", "Seeds"),
        Binding("m", "turn('models')", "Models"),
        Binding("c", "turn('conditions')", "Conditions"),
        Binding("o", "overlay", "Patches"),
        Binding("z", "zoom", "Zoom"),
        Binding("r", "next_reference", "Reference"),
        Binding("y", "copy_sql", "SQL"),
        Binding("Y", "open_sql", show=False),
        Binding("e", "export", show=False),
        Binding("left,h", "move(0, -1)", show=False),
        Binding("right,l", "move(0, 1)", show=False),
        Binding("up,k", "move(-1, 0)", show=False),
        Binding("down,j", "move(1, 0)", show=False),
    ]

    def __init__(
        self,
        reader: StudyReader,
        mode: ImageMode,
        key: CellKey,
        thresholds: Thresholds,
        start: tuple[int, int] | None = None,
    ) -> None:
        super().__init__()
        self._reader, self._mode, self._key, self._thresholds, self._start = reader, mode, key, thresholds, start
        self._asking = DetailLane(self, "look", reader, filled=self._fill, drawn=self._draw, refused=self._refuse)
        self.detail: Detail | None = None
        self.look = Look(images=(), key=key)
        """What is looked at."""
        self.patch: int | None = None
        """Number of the patch under the cursor; None: no patches are outlined."""
        self.zoomed = False
        self._reference = 0

    def compose(self) -> ComposeResult:
        """Reference left, generated right, what the patches say below."""
        with Horizontal(id="look"):
            with Vertical(id="look-reference"):
                yield Facts()
                yield Static(id="reference-title", classes="title", markup=False)
                yield Picture(self._mode)
                yield Static(id="below", markup=False)
            with Vertical(id="look-generated"):
                yield Static(id="generated-title", classes="title", markup=False)
                yield Static(id="generated-reason", classes="reason", markup=False)
                yield Gallery(
                    self._mode, id="gallery", caption=lambda image, width: caption(image, self.look.mode, width)
                )
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Ask for the row."""
        self._asking.ask(partial(self._reader.detail, self._key, self._thresholds, whole=True))

    def on_unmount(self) -> None:
        """Let the pictures go."""
        self._asking.close()

    @on(Answer)
    def _take(self, answer: Answer) -> None:
        self._asking.take(answer)

    def _refuse(self, reason: str) -> None:
        self.query_one("#generated-reason", Static).update(printable(reason))

    def _fill(self, detail: Detail) -> None:
        self.detail = detail
        self.look = Look(images=detail.images, key=self._key)
        if self._start is not None:
            self.look = self.look.at(*self._start)
        self.query_one(Facts).show(replace(detail, images=self.look.series))
        best = self.look.current.best_sha256 if self.look.current else None
        self._reference = next((n for n, i in enumerate(detail.ref_images) if i.sha256 == best), 0)
        self._arrange()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only offer another reference image where there is one."""
        return action != "next_reference" or (self.detail is not None and len(self.detail.ref_images) > 1)

    @on(Gallery.PageWanted)
    def _wanted(self, event: Gallery.PageWanted) -> None:
        event.stop()
        self._load(event.paths)

    def _load(self, paths: list[str]) -> None:
        shown = [i.path for i in self.detail.ref_images[self._reference : self._reference + 1]] if self.detail else []
        self._asking.load([*shown, *paths])

    def _arrange(self) -> None:
        """Show what is looked at."""
        detail = self.detail
        if detail is None:
            return
        current, shown = self.look.current, self.look.shown
        self.query_one("#generated-title", Static).update(printable(self.look.title))
        reason = "" if current else "Nothing generated yet."
        self.query_one("#generated-reason", Static).update(reason)
        self.query_one("#generated-reason", Static).display = bool(reason)
        gallery = self.query_one(Gallery)
        gallery.display = bool(shown)
        marked = current.image_id if current and self.look.mode != ONE else None
        self._say_reference(detail)
        gallery.show(shown, marked)
        self._say_below(detail)
        self._draw()

    def _say_reference(self, detail: Detail) -> None:
        n, picture = len(detail.ref_images), self.query_one("#look-reference > Picture", Picture)
        best = " · the nearest: s" if self._is_best(detail) else ""
        title = f"Reference image {self._reference + 1} of {n}{best}" if n > 1 else "Reference image"
        self.query_one("#reference-title", Static).update(title)
        if n:
            picture.caption(credit(detail, self._reference))
            picture.expect(detail.ref_images[self._reference].path)
        else:
            picture.say("No reference image yet.")

    def _is_best(self, detail: Detail) -> bool:
        current = self.look.current
        return current is not None and current.best_sha256 == detail.ref_images[self._reference].sha256

    def _draw(self) -> None:
        """Put the pictures in place, outlined or cut where patches are shown."""
        current, detail = self.look.current, self.detail
        if detail is None:
            return
        known = self._asking.known()
        if self.look.mode == ONE and current is not None and current.path in known and self.patch is not None:
            self.query_one(Gallery).draw({current.path: self._with_patches(known[current.path], current)})
        else:
            self.query_one(Gallery).draw(known)
        if detail.ref_images and detail.ref_images[self._reference].path in known:
            drawn = self._matching(known[detail.ref_images[self._reference].path], current)
            self.query_one("#look-reference > Picture", Picture).draw(drawn)

    def _with_patches(self, drawn: Drawn, image: ImageScore) -> Drawn:
        if self.patch is None or image.p is None:
            return drawn
        return (
            cut_patch(drawn, self.patch) if self.zoomed else outline(drawn, reused(image, self._thresholds), self.patch)
        )

    def _matching(self, drawn: Drawn, image: ImageScore | None) -> Drawn:
        """The reference image with the patch that the chosen one is most like, if it lies in this one."""
        match = self._match(image)
        if match is None or self.detail is None or self.detail.ref_images[self._reference].sha256 != match[0]:
            return drawn
        return cut_patch(drawn, match[1]) if self.zoomed else outline(drawn, [], match[1])

    def _match(self, image: ImageScore | None) -> tuple[str, int] | None:
        return match_of(image, self.patch) if self.look.mode == ONE else None

    def _say_below(self, detail: Detail) -> None:
        words, box = below(self.look, self.patch, self._thresholds, detail.ref_images), self.query_one("#below", Static)
        self.set_class(words is not None and self.look.mode == ONE, "-patches")  # which then need the room
        box.display = words is not None
        box.update(words or "")

    # What the person does.

    def action_step(self, steps: int) -> None:
        """Next image; among all seeds, the next page."""
        if self.look.mode == SEEDS:
            self.query_one(Gallery).turn(steps)
            return
        self.look = self.look.step(steps)
        self._arrange()

    def action_turn(self, mode: str) -> None:
        """Arrange otherwise; the same again: one image."""
        self.look = self.look.turned(mode)
        self._arrange()

    def action_overlay(self) -> None:
        """Outline the patches, or not."""
        self.patch = 0 if self.patch is None else None
        self.zoomed = False
        self._follow_match()

    def action_zoom(self) -> None:
        """See the chosen patch and its best match alone, or the whole again."""
        self.patch = 0 if self.patch is None else self.patch
        self.zoomed = not self.zoomed
        self._follow_match()

    def action_move(self, rows: int, columns: int) -> None:
        """Choose a neighbouring patch; where none is outlined, another image."""
        if self.patch is None or self.look.mode != ONE:
            self.action_step(rows + columns)
            return
        row, column = divmod(self.patch, GRID)
        self.patch = min(max(0, row + rows), GRID - 1) * GRID + min(max(0, column + columns), GRID - 1)
        self._follow_match()

    def action_next_reference(self) -> None:
        """Show the next reference image."""
        if self.detail and self.detail.ref_images:
            self._reference = (self._reference + 1) % len(self.detail.ref_images)
            self._load([])
            self._arrange()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The patch under the mouse, where patches are outlined."""
        if self.patch is not None and not self.zoomed and self.look.mode == ONE:
            self._point_at(event.screen_x, event.screen_y)

    def on_click(self, event: events.Click) -> None:
        """The patch that is clicked; among several images, the one that is."""
        if self.look.mode == ONE:
            self._point_at(event.screen_x, event.screen_y)
            return
        image = self.query_one(Gallery).image_at(event.screen_x, event.screen_y)
        if image is not None:
            there = replace(self.look, key=key_of(image, self._key.qid), mode=ONE)
            self.look = there.at(image.variant, image.seed)
            self._arrange()

    def _point_at(self, x: int, y: int) -> None:
        share = self.query_one(Gallery).place_at(x, y)
        if share is None or self.zoomed:
            return
        patch = int(share[1] * GRID) * GRID + int(share[0] * GRID)
        if patch != self.patch:
            self.patch = patch
            self._follow_match()

    def action_copy_sql(self) -> None:
        """Copy the SQL that gives the images of the reference."""
        self.notify(f"SQL of these images copied {copy(self.app, self._sql())}", markup=False)

    def action_open_sql(self) -> None:
        """Go on by hand from the SQL that gives the images."""
        self.app.screen_stack[0].post_message(SqlOpened(self._sql()))
        self.dismiss(None)

    def _sql(self) -> str:
        return look_sql(self._key, self._reader.settled(self._thresholds))

    def action_export(self) -> None:
        """Write the screen as a picture."""
        self.notify(give_screen(self.app, "look"), markup=False)

    def _follow_match(self) -> None:
        """Show the reference image that the best match lies in."""
        match = self._match(self.look.current)
        if match is not None and self.detail is not None:
            self._reference = next(
                (n for n, i in enumerate(self.detail.ref_images) if i.sha256 == match[0]), self._reference
            )
            self._load([])
        self._arrange()
