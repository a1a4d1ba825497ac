"""What a training writes while it runs: its log, and checkpoints to go on from."""

import csv
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch


class TrainingLog:
    """A CSV of losses; a training that goes on adds to it."""

    def __init__(self, path: Path, step: int) -> None:
        """Open the log, without the rows from `step` on, which will be trained again."""
        self._path = path
        kept = self._before(step)
        self._seconds = float(kept[-1]["seconds"]) if kept else 0.0
        self._start = time.monotonic()
        self._fields = ("step", "loss", "rate", "seconds")
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, self._fields, lineterminator="\n")
            out.writeheader()
            out.writerows(kept)

    def _before(self, step: int) -> list[dict[str, str]]:
        if step == 0 or not self._path.exists():
            return []
        with self._path.open(encoding="utf-8", newline="") as file:
            return [row for row in csv.DictReader(file) if int(row["step"]) <= step]

    def add(self, step: int, loss: float, rate: float) -> None:
        """Add a row."""
        seconds = self._seconds + time.monotonic() - self._start
        with self._path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow((step, f"{loss:.5f}", f"{rate:.3g}", f"{seconds:.0f}"))


def save_checkpoint(path: Path, state: Mapping[str, Any]) -> None:
    """Write a checkpoint: whole, or not at all."""
    part = path.with_suffix(".part")
    torch.save(dict(state), part)
    part.replace(path)


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """The last checkpoint, if there is one."""
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, weights_only=True)
    return state


def learning_rate(step: int, steps: int, peak: float, warm_up: int) -> float:
    """Rises in a straight line over the warm-up, then falls to nothing along a cosine."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    done = (step - warm_up) / max(1, steps - warm_up)
    return float(peak * 0.5 * (1 + torch.cos(torch.tensor(done * torch.pi))))
