"""One reference and what was made of it, as large as the terminal allows."""

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from workbench.options import printable
from workbench.records import ImageScore, Thresholds
from workbench.tui.imagemode import ImageMode
from workbench.tui.lane import Lane
from workbench.tui.looking import CONDITIONS, MODELS, ONE, SEEDS, Look, patch_lines, place, reused
from workbench.tui.messages import Answer
from workbench.tui.pictures import GRID, Drawn, cut_patch, outline
from workbench.tui.reader import CellKey, Detail, StudyReader
from workbench.tui.widgets.detail_pane import PictureShelf
from workbench.tui.widgets.facts import Facts, credit, cut
from workbench.tui.widgets.gallery import Gallery, scores
from workbench.tui.widgets.picture import Picture

NAMES = {ONE: "image", SEEDS: "every seed", MODELS: "model beside model", CONDITIONS: "condition beside condition"}


class LookScreen(Screen[None]):
    """Side by side, seeds, models, conditions; with the patches that are found again.

    Args:
        reader: of the study.
        mode: how pictures are drawn.
        key: of the row.
        thresholds: it is measured under.
        start: variant and seed of the image to start at.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss(None)", "Back"),
        Binding("n,space", "step(1)", "Next", key_display="n p"),
        Binding("p", "step(-1)", show=False),
        Binding("g", "turn('seeds')", "Seeds"),
        Binding("m", "turn('models')", "Models"),
        Binding("c", "turn('conditions')", "Conditions"),
        Binding("o", "overlay", "Patches"),
        Binding("z", "zoom", "Zoom"),
        Binding("r", "next_reference", "Reference"),
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
        self._lane = Lane(self, "look")
        self._shelf = PictureShelf()
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
                yield Static(id="patches", markup=False)
            with Vertical(id="look-generated"):
                yield Static(id="generated-title", classes="title", markup=False)
                yield Static(id="generated-reason", classes="reason", markup=False)
                yield Gallery(self._mode, id="gallery", caption=self._caption)
        yield Footer()

    def on_mount(self) -> None:
        """Ask for the row."""
        self._lane.ask("detail", partial(self._reader.detail, self._key, self._thresholds, whole=True))

    # What comes back.

    @on(Answer)
    def _take(self, answer: Answer) -> None:
        answer.stop()
        if not self._lane.finished(answer):
            return
        if answer.error is not None:
            self.query_one("#generated-reason", Static).update(
                printable(f"{answer.error.message}. {answer.error.hint}")
            )
        elif isinstance(answer.value, Detail):
            self._fill(answer.value)
        elif isinstance(answer.value, dict):
            self._shelf.keep(answer.value)
            self._draw()

    def _fill(self, detail: Detail) -> None:
        self.detail = detail
        self.look = Look(images=detail.images, key=self._key)
        if self._start is not None:
            self.look = self.look.at(*self._start)
        self.query_one(Facts).show(replace(detail, images=self.look.series))
        best = self.look.current.best_sha256 if self.look.current else None
        self._reference = next((n for n, i in enumerate(detail.ref_images) if i.sha256 == best), 0)
        self._arrange()

    @on(Gallery.PageWanted)
    def _wanted(self, event: Gallery.PageWanted) -> None:
        event.stop()
        self._load(event.paths)

    def _load(self, paths: list[str]) -> None:
        shown = [i.path for i in self.detail.ref_images[self._reference : self._reference + 1]] if self.detail else []
        missing = self._shelf.missing([*shown, *paths])
        self._lane.ask("pictures", partial(self._shelf.load, self._reader, missing))

    def _arrange(self) -> None:
        """Show what is looked at."""
        detail = self.detail
        if detail is None:
            return
        current, shown = self.look.current, self.look.shown
        self.query_one("#generated-title", Static).update(printable(self._title(current, len(shown))))
        reason = "" if current else "Nothing generated yet."
        self.query_one("#generated-reason", Static).update(reason)
        self.query_one("#generated-reason", Static).display = bool(reason)
        gallery = self.query_one(Gallery)
        gallery.display = bool(shown)
        marked = current.image_id if current and self.look.mode != ONE else None
        self._say_reference(detail)
        gallery.show(shown, marked)
        self._say_patches()
        self._draw()

    def _say_reference(self, detail: Detail) -> None:
        n, picture = len(detail.ref_images), self.query_one("#look-reference > Picture", Picture)
        best = " · gave s" if self._is_best(detail) else ""
        title = f"Reference image {self._reference + 1} of {n}{best}" if n else "Reference image"
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
        known = self._shelf.known()
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
        if image is None or self.patch is None or self.look.mode != ONE:
            return None
        if not image.patch_sha256 or not image.best_patch:
            return None
        sha256, patch = image.patch_sha256[self.patch], image.best_patch[self.patch]
        return None if sha256 is None or patch is None else (sha256, patch)

    # What is said.

    def _caption(self, image: ImageScore, width: int) -> str:
        names = {MODELS: image.model_id, CONDITIONS: image.perturbation}
        name = names.get(self.look.mode, f"seed {image.seed}" if width >= 30 else f"#{image.seed}")
        return f"{cut(name)} {scores(image, wide=width >= 30)}"

    def _title(self, current: ImageScore | None, shown: int) -> str:
        if current is None:
            return "Generated"
        place_ = f"{self.look.index + 1} of {len(self.look.series)}"
        where = f"{current.model_id} · {current.perturbation} · seed {current.seed} ({place_})"
        return where if self.look.mode == ONE else f"{NAMES[self.look.mode]} ({shown}) · {where}"

    def _say_patches(self) -> None:
        image, box = self.look.current, self.query_one("#patches", Static)
        box.display = self.patch is not None and self.look.mode == ONE and image is not None
        if self.patch is None or image is None:
            return
        tau, found = self._thresholds.tau_reuse, reused(image, self._thresholds)
        lines = [Content.assemble((f"[p] ≥ {tau:.2f}: {len(found)} of {GRID * GRID} reused", "bold"))]
        lines += [Content(line) for line in patch_lines(image, self._thresholds, self.patch)]
        lines.append(Content(f"▶ {place(self.patch)}{self._entropy(image)}"))
        lines.append(Content(self._match_words(image)).stylize("$quiet"))
        box.update(Content("\n").join(lines))

    def _entropy(self, image: ImageScore) -> str:
        return f", {image.entropy[self.patch or 0]:.1f} bits" if image.entropy else ""

    def _match_words(self, image: ImageScore) -> str:
        match = self._match(image)
        if match is None or self.detail is None:
            return "match not recorded"
        number = next((n for n, i in enumerate(self.detail.ref_images, 1) if i.sha256 == match[0]), None)
        return f"match: reference {number or '(gone)'}, {place(match[1])}"

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

    def _follow_match(self) -> None:
        """Show the reference image that the best match lies in."""
        match = self._match(self.look.current)
        if match is not None and self.detail is not None:
            self._reference = next(
                (n for n, i in enumerate(self.detail.ref_images) if i.sha256 == match[0]), self._reference
            )
            self._load([])
        self._arrange()
