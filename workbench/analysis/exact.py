"""p values of rank correlation by all permutations, where references are few; and their adjustment for many tests."""

import functools
import itertools
import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import stats

from workbench.analysis.frames import Values

R = TypeVar("R", bound="Tested")
MOST_EXACT = 9
"""So many references have 362,880 orders; of more, the t distribution is close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """A p value, adjusted for the tests of its family."""

    p: float | None
    """None: not estimable."""
    family: int
    """Estimable tests of the family."""


def rank_p(x: Values, y: Values) -> float:
    """Two-sided p of no association, for Spearman's rho.

    Args:
        x: [N] without NaN, not constant.
        y: [N] likewise.

    Returns:
        Up to nine pairs: share of all orders of y whose rho is as far from 0, ties as they are; from ten on:
        Student's t with N - 2 degrees of freedom, and no less than the two extreme orders of all have.
    """
    if len(x) > MOST_EXACT:
        return max(float(stats.spearmanr(x, y).pvalue), math.exp(math.log(2) - math.lgamma(len(x) + 1)))
    rx, ry = (stats.rankdata(v) - (len(x) + 1) / 2 for v in (x, y))
    null = _null(tuple(np.sort(rx)), tuple(np.sort(ry)))
    reached = len(null) - np.searchsorted(null, abs(float(rx @ ry)) - 1e-6)
    return float(reached / len(null))


def adjusted(tests: Sequence[tuple[Hashable, float | None]]) -> list[Adjusted]:
    """Benjamini and Hochberg's adjustment within families.

    Args:
        tests: the family of each, and its p (None: not estimable).

    Returns:
        One for each, in the same order.
    """
    families: dict[Hashable, list[int]] = {}
    for at, (family, p) in enumerate(tests):
        if p is not None:
            families.setdefault(family, []).append(at)
    found = [Adjusted(p=None, family=len(families.get(family, ()))) for family, _ in tests]
    for members in families.values():
        ps = stats.false_discovery_control([tests[at][1] for at in members])
        for at, p in zip(members, ps, strict=True):
            found[at] = Adjusted(p=float(p), family=len(members))
    return found


class Tested(Protocol):
    """A record with a p value."""

    @property
    def p(self) -> float | None:
        """None: not estimable."""


def with_adjusted(found: Sequence[R], family: Callable[[R], Hashable]) -> list[R]:
    """The records with ``p_adjusted`` and ``family`` filled in.

    Args:
        found: records of one dataclass that has both fields.
        family: which tests are adjusted together with a record's.
    """
    told = zip(found, adjusted([(family(record), record.p) for record in found]), strict=True)
    return [replace(record, p_adjusted=a.p, family=a.family) for record, a in told]  # type: ignore[type-var]


@functools.lru_cache(maxsize=24)
def _null(rx: tuple[float, ...], ry: tuple[float, ...]) -> Values:
    """Absolute scalar products of centred ranks under all orders, sorted."""
    orders = _orders(len(rx))
    found: Values = np.sort(np.abs(np.array(ry)[orders] @ np.array(rx)))
    return found


@functools.lru_cache(maxsize=2)
def _orders(n: int) -> npt.NDArray[np.int8]:
    return np.array(list(itertools.permutations(range(n))), dtype=np.int8)
