"""Which generated images are looked at side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.records import ImageScore, Thresholds
from workbench.tui.pictures import GRID
from workbench.tui.reader import CellKey

ONE, SEEDS, MODELS, CONDITIONS = "one", "seeds", "models", "conditions"


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
