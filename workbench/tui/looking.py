"""Which generated images are looked at side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.content import Content

from workbench.records import ImageScore, ReferenceImage, Thresholds
from workbench.tui.pictures import GRID
from workbench.tui.reader import CellKey

ONE, SEEDS, MODELS, CONDITIONS = "one", "seeds", "models", "conditions"

NAMES = {ONE: "image", SEEDS: "every seed", MODELS: "model beside model", CONDITIONS: "condition beside condition"}


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
        place_ = f"{self.index + 1} of {len(self.series)}"
        where = f"{current.model_id} · {current.perturbation} · seed {current.seed} ({place_})"
        return where if self.mode == ONE else f"{NAMES[self.mode]} ({len(self.shown)}) · {where}"

    def _beside(self, current: ImageScore) -> list[ImageScore]:
        """The same seed of the same variant under every model, or under every condition."""
        same_model = self.mode == CONDITIONS
        return [
            i
            for i in self.images
            if (i.seed, i.variant) == (current.seed, current.variant)
            and (
                (i.model_id, i.settings_id) == (current.model_id, current.settings_id)
                if same_model
                else i.perturbation == current.perturbation
            )
        ]

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
    head = f"[p] ≥ {thresholds.tau_reuse:.2f}: {len(found)} of {GRID * GRID} reused"
    lines = [Content.assemble((head, "bold")), *map(Content, patch_lines(image, thresholds, patch))]
    return Content("\n").join([*lines, Content(f"▶ {place(patch)}{bits}"), Content(words).stylize("$quiet")])
