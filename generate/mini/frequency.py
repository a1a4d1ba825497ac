"""How often each reference's picture is in the training data: the truth that the miniature study knows.

A third never; the others 1 … 256 times, evenly spaced in the logarithm. Which reference gets which count is drawn by
lot, and a lot is taken only if the counts then have next to nothing to do with kind, popularity, age and complexity.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

HIGHEST = 256
_CLOSE = 0.1
"""No lot is taken with a larger |Spearman| than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the lot must not depend on."""

    qid: str
    dynamic: bool
    popularity: float | None
    """Sitelinks, where known."""
    year: float
    complexity: float
    """Shapes of its pictures, on the average."""


def counts(number: int) -> Sequence[int]:
    """The repetition counts of so many references, ascending: a third are 0."""
    trained = number - number // 3
    return [0] * (number // 3) + [round(HIGHEST ** (i / (trained - 1))) for i in range(trained)]


def draw_lot(candidates: Sequence[Candidate]) -> dict[str, int]:
    """The repetition count of each reference, by QID: that of the first seed whose lot is fit."""
    for seed in range(100_000):
        lot = np.random.default_rng((1, seed)).permutation(counts(len(candidates)))
        if _is_fit(candidates, lot):
            return {candidate.qid: int(count) for candidate, count in zip(candidates, lot, strict=True)}
    raise ValueError("no lot is independent of popularity, year and complexity")


def _is_fit(candidates: Sequence[Candidate], lot: np.ndarray) -> bool:
    dynamic = np.array([c.dynamic for c in candidates])
    if abs((lot[dynamic] == 0).mean() - 1 / 3) > 0.05 or abs(spearmanr(lot, dynamic).statistic) > _CLOSE:
        return False
    columns = ([c.popularity for c in candidates], [c.year for c in candidates], [c.complexity for c in candidates])
    return all(abs(correlation(lot, column)) <= _CLOSE for column in columns)


def correlation(lot: Sequence[float] | np.ndarray, column: Sequence[float | None]) -> float:
    """Spearman's ρ of the counts with a property, over the references for which that is known."""
    known = [i for i, value in enumerate(column) if value is not None]
    return float(spearmanr(np.asarray(lot)[known], [column[i] for i in known]).statistic)
