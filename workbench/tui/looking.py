"""Which generated images are looked at side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from workbench.options import printable
from workbench.records import ImageScore, ReferenceImage, Thresholds
from workbench.tui.pictures import GRID
from workbench.tui.reader import CellKey
from workbench.tui.widgets.facts import cut
from workbench.tui.widgets.gallery import scores, seed_caption
from workbench.tui.widgets.inputs import show_threshold

ONE, SEEDS, MODELS, CONDITIONS = "one", "seeds", "models", "conditions"

TITLE = "title"
"""The condition that the others are compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where the person looks: among all images of one reference."""

    images: Sequence[ImageScore]
    """Of every model and condition."""
    key: CellKey
    index: int = 0
    """Among those of the key."""
    mode: str = ONE

    @property
    def series(self) -> list[ImageScore]:
        """The images of the key: one model and condition, by seed."""
        return [i for i in self.images if key_of(i, self.key.qid) == self.key]

    @property
    def current(self) -> ImageScore | None:
        """The image that is looked at; None: there is none."""
        series = self.series
        return series[min(self.index, len(series) - 1)] if series else None

    @property
    def shown(self) -> list[ImageScore]:
        """What is on screen: the current image, or those that belong beside it."""
        current = self.current
        if current is None or self.mode == ONE:
            return [current] if current else []
        if self.mode == SEEDS:
            return self.series
        return self._beside(current)

    @property
    def title(self) -> str:
        """What is on screen, in a line."""
        current = self.current
        if current is None:
            return "Generated"
        seed, n = f"seed {current.seed} ({self.index + 1} of {len(self.series)})", len(self.shown)
        if self.mode == SEEDS:
            return f"every seed · {current.model_id} · {current.perturbation}"
        if self.mode == MODELS:
            return f"{n} models · {current.perturbation} · {seed}" if n > 1 else f"no other model has {seed}"
        if self.mode == CONDITIONS:
            return f"{n} conditions · {current.model_id} · {seed}" if n > 1 else f"no other condition has {seed}"
        return f"{current.model_id} · {current.perturbation} · {seed}"

    def _beside(self, current: ImageScore) -> list[ImageScore]:
        """The same seed of the same variant under every model, or under every condition, the title first."""
        same_model = self.mode == CONDITIONS
        found = [
            i
            for i in self.images
            if (i.seed, i.variant) == (current.seed, current.variant)
            and (
                (i.model_id, i.settings_id) == (current.model_id, current.settings_id)
                if same_model
                else i.perturbation == current.perturbation
            )
        ]
        return sorted(found, key=lambda i: i.perturbation != TITLE)

    def step(self, steps: int) -> "Look":
        """The next image of the series; stays within it."""
        return replace(self, index=min(max(0, self.index + steps), max(0, len(self.series) - 1)))

    def turned(self, mode: str) -> "Look":
        """Another arrangement; the same again goes back to one image."""
        return replace(self, mode=ONE if mode == self.mode else mode)

    def at(self, variant: int, seed: int) -> "Look":
        """Look at another image of the series."""
        places = [n for n, i in enumerate(self.series) if (i.variant, i.seed) == (variant, seed)]
        return replace(self, index=places[0]) if places else self


def key_of(image: ImageScore, qid: str) -> CellKey:
    """The cell of an image."""
    return CellKey(qid=qid, model_id=image.model_id, settings_id=image.settings_id, perturbation=image.perturbation)


def caption(image: ImageScore, mode: str, width: int) -> str:
    """The line under an image: what tells it from those beside it, and its scores, as far as the width goes."""
    name = printable({MODELS: image.model_id, CONDITIONS: image.perturbation}.get(mode, ""))
    if not name:
        return seed_caption(image, width)
    for said in (scores(image, wide=True), scores(image, wide=False), scores(image, wide=False).partition(" VR")[0]):
        if cell_len(f"{name} {said}") <= width:
            return f"{name} {said}"
    return f"{set_cell_size(name, max(1, width - cell_len(said) - 2)).rstrip()}… {said}"


def below(
    look: Look, patch: int | None, thresholds: Thresholds, ref_images: Sequence[ReferenceImage]
) -> Content | None:
    """What is said below the reference image: of the patches, or what each condition asked for."""
    if look.mode == CONDITIONS:
        return _prompts(look.shown)
    if look.mode != ONE or look.current is None or patch is None:
        return None
    return patch_words(look.current, thresholds, patch, ref_images)


def _prompts(images: Sequence[ImageScore]) -> Content:
    asked = [Content.assemble((f"{printable(i.perturbation)} ", "$quiet"), f"“{cut(i.prompt)}”") for i in images]
    return Content("\n").join(asked)


def reused(image: ImageScore, thresholds: Thresholds) -> list[int]:
    """Numbers of the patches that are found again in a reference image."""
    return [k for k, p in enumerate(image.p or ()) if p >= thresholds.tau_reuse]


def patch_lines(image: ImageScore, thresholds: Thresholds, chosen: int) -> list[str]:
    """The patch maxima as a grid of text: reused ones in brackets, the chosen one behind a mark."""
    if image.p is None:
        return ["no patch scores"]
    found = set(reused(image, thresholds))
    cells = []
    for k, p in enumerate(image.p):
        number = f"{p:.2f}".replace("0.", ".", 1)
        cells.append(f"{'▶' if k == chosen else ' '}{f'[{number}]' if k in found else f' {number} '}")
    return ["".join(cells[row * GRID : row * GRID + GRID]) for row in range(GRID)]


def place(patch: int) -> str:
    """Where a patch lies, as people count."""
    row, column = divmod(patch, GRID)
    return f"row {row + 1}, column {column + 1}"


def match_of(image: ImageScore | None, patch: int | None) -> tuple[str, int] | None:
    """Reference image and number of the patch that a patch is most like; None: it is not recorded."""
    if image is None or patch is None or not image.patch_sha256 or not image.best_patch:
        return None
    sha256, best = image.patch_sha256[patch], image.best_patch[patch]
    return None if sha256 is None or best is None else (sha256, best)


def patch_words(image: ImageScore, thresholds: Thresholds, patch: int, ref_images: Sequence[ReferenceImage]) -> Content:
    """What is known of the patches, and of the chosen one."""
    found, bits = reused(image, thresholds), f", {image.entropy[patch]:.1f} bits" if image.entropy else ""
    match, words = match_of(image, patch), "match not recorded"
    if match is not None:
        number = next((n for n, i in enumerate(ref_images, 1) if i.sha256 == match[0]), None)
        words = f"match: reference {number or '(gone)'}, {place(match[1])}"
    head = f"[p] ≥ {show_threshold(thresholds.tau_reuse)}: {len(found)} of {GRID * GRID} reused"
    lines = [Content.assemble((head, "bold")), *map(Content, patch_lines(image, thresholds, patch))]
    return Content("\n").join([*lines, Content(f"▶ {place(patch)}{bits}"), Content(words).stylize("$quiet")])
