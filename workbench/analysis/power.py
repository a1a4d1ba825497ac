"""What a study can find: correlations that so many references detect, and what more images of a prompt buy.

Power is that of Spearman's rho by Fisher's z, whose standard error is sqrt((1 + rho² / 2) / (n - 3)) (Bonett and Wright
2000, doi:10.1007/BF02294183). Images of a reference are alike by their intra-class correlation: k of them are worth
k / (1 + (k - 1) icc), and their CRA has the reliability k icc / (1 + (k - 1) icc) (Spearman and Brown), by whose root a
correlation with it is too small.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from workbench.analysis.blocks import KINDS, MEASURES, Block, System, blocks
from workbench.analysis.frames import Values
from workbench.analysis.resampling import LEAST_UNITS, Bootstrap, Interval, interval_of, resampled
from workbench.analysis.wide import wide
from workbench.wording import counted

RHOS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7)
IMAGES = (1, 2, 5, 10, 20, 50, 100)
MOST_REFERENCES = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Detectable:
    """The weakest correlation with one covariate that the references of a kind detect."""

    perturbation: str
    kind: str
    covariate: str
    method: str
    n: int
    """References with the covariate and a scored image."""
    alpha: float
    power: float
    rho: float | None
    """Absolute Spearman's rho that one test at alpha finds with this power."""
    family: int
    """Tests that ``wb analyze correlations`` adjusts together: covariates × measures × models."""
    rho_family: float | None
    """The same at alpha / family: found even if it is the only one."""
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededReferences:
    """How many references a correlation takes."""

    rho: float
    """Absolute Spearman's rho."""
    alpha: float
    power: float
    n: int
    """References with both values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagesBuy:
    """What k images of each prompt are worth, under one model and condition."""

    model_id: str
    settings_id: str
    perturbation: str
    kind: str
    n_refs: int
    images_now: float
    """Scored images of a reference, on average."""
    icc: float | None
    """Of recognised images within references: the analysis of variance's estimator; 0: no more alike than others."""
    icc_low: float | None
    """BCa bootstrap over references."""
    icc_high: float | None
    k: int
    """Images of a prompt."""
    design_effect: float | None
    """So many times as many images it takes as if they were independent."""
    effective_images: float | None
    """All k images of all references, over the design effect."""
    standard_error: float | None
    """Of the mean CRA over references."""
    reliability: float | None
    """Of a reference's CRA, 0 to 1."""
    attenuation: float | None
    """What is left of a correlation with CRA: the root of the reliability; about, for ranks."""
    detectable_rho: float | None
    """Correlation with the CRA of endless images that these references find at k."""
    reason: str | None


def detectable(
    frame: pl.DataFrame, kinds: Sequence[str] = KINDS, *, alpha: float = 0.05, power: float = 0.8
) -> list[Detectable]:
    """Say which correlations a study detects, per condition, kind and covariate.

    Args:
        frame: rows of query ``correlation_input``.
        kinds: which to give.
        alpha: two-sided chance of a false claim.
        power: chance of a claim where the correlation is so strong.
    """
    return [found for block in blocks(frame, kinds) for found in _detectable(block, alpha, power)]


def needed_references(
    rhos: Sequence[float] = RHOS, *, alpha: float = 0.05, power: float = 0.8
) -> list[NeededReferences]:
    """Say how many references it takes to find correlations.

    Args:
        rhos: absolute, above 0 and below 1.
        alpha: as for ``detectable``.
        power: likewise.
    """
    return [NeededReferences(rho=r, alpha=alpha, power=power, n=needed_n(r, alpha, power)) for r in rhos]


def images_buy(
    frame: pl.DataFrame,
    kinds: Sequence[str] = KINDS,
    *,
    images: Sequence[int] = IMAGES,
    alpha: float = 0.05,
    power: float = 0.8,
    bootstrap: Bootstrap | None = None,
) -> list[ImagesBuy]:
    """Say what more or fewer images of a prompt would be worth, per kind, model and condition.

    Args:
        frame: rows of query ``ref_scores``.
        kinds: which to give.
        images: numbers of images of a prompt.
        alpha: as for ``detectable``.
        power: likewise.
        bootstrap: how the interval of the ICC is made.
    """
    chosen = bootstrap or Bootstrap()
    found = []
    for table in wide(frame, kinds):
        for (system, perturbation), columns in sorted(table.columns.items()):
            have = np.nan_to_num(columns["n"]) > 0
            likeness = _likeness(columns["n_recognised"][have], columns["n"][have], chosen)
            for k in images:
                found.append(_worth(likeness, system, perturbation, table.kind, k, (alpha, power)))
    return found


def rank_power(rho: float, n: int, alpha: float) -> float:
    """Chance that a two-sided test of Spearman's rho over n references claims something."""
    away, needed = math.atanh(abs(rho)) * math.sqrt(n - 3), float(ndtri(1 - alpha / 2))
    error = math.sqrt(1 + rho * rho / 2)
    return float(ndtr((away - needed) / error) + ndtr((-away - needed) / error))


def detectable_rho(n: int, alpha: float, power: float) -> float | None:
    """The weakest correlation that n references find; None where not even a perfect one has p < alpha."""
    if n < 4 or math.log(2) - math.lgamma(n + 1) > math.log(alpha):
        return None
    return float(brentq(lambda rho: rank_power(rho, n, alpha) - power, 0, 1 - 1e-12))  # type: ignore[no-untyped-call]


def needed_n(rho: float, alpha: float, power: float) -> int:
    """The fewest references that find a correlation."""
    low, high = 4, 8
    while high < MOST_REFERENCES and rank_power(rho, high, alpha) < power:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if rank_power(rho, middle, alpha) >= power else (middle + 1, high)
    return low


def intraclass(sums: Values) -> Values:
    """Intra-class correlation of a binary outcome: the analysis of variance's estimator, unequal numbers allowed.

    Args:
        sums: [b, 5]: references, images n, n², recognised images k, and k² / n, each summed over references.

    Returns:
        [b], NaN where all images are alike, or no reference has two.
    """
    refs, n, squared, k, between = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        across, within = (between - k * k / n) / (refs - 1), (k - between) / (n - refs)
        size = (n - squared / n) / (refs - 1)
        found: Values = (across - within) / (across + (size - 1) * within)
    return np.where((n > refs) & (k > 0) & (k < n), found, np.nan)


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How alike the images of a reference are."""

    n_refs: int
    images_now: float
    cra: float
    icc: float | None
    interval: Interval


def _likeness(k: Values, n: Values, bootstrap: Bootstrap) -> _Likeness:
    columns = np.column_stack([np.ones(len(n)), n, n * n, k, k * k / n])
    refs, now, cra = len(n), float(n.mean()) if len(n) else 0.0, float(k.sum() / n.sum()) if len(n) else np.nan
    if (why := _unlike(k, n)) is not None:
        return _Likeness(refs, now, cra, None, Interval(low=None, high=None, reason=f"not estimable: {why}"))
    icc = float(intraclass(columns.sum(axis=0)[None])[0])
    low = high = np.nan
    if refs >= LEAST_UNITS:
        bounds = resampled(lambda counts: intraclass(counts @ columns)[:, None], refs, bootstrap, expanded=True)
        low, high = float(bounds.low[0]), float(bounds.high[0])
    return _Likeness(refs, now, cra, icc, interval_of(low, high, refs))


def _unlike(k: Values, n: Values) -> str | None:
    """Why there is no intra-class correlation."""
    if len(n) < 2:
        return f"{len(n)} reference{'' if len(n) == 1 else 's'} with scored images, at least 2 needed"
    if not k.any():
        return f"none of the {int(n.sum())} images is recognised"
    if (k == n).all():
        return f"all {int(n.sum())} images are recognised"
    return None if (n > 1).any() else "no reference has two images"


def _worth(
    of: _Likeness, system: System, perturbation: str, kind: str, k: int, asked: tuple[float, float]
) -> ImagesBuy:
    icc, weakest = of.icc, detectable_rho(of.n_refs, *asked)
    effect = None if icc is None else 1 + (k - 1) * max(icc, 0.0)
    reliability = None if icc is None or effect is None else k * max(icc, 0.0) / effect
    found = weakest / math.sqrt(reliability) if weakest is not None and reliability else None
    reason = of.interval.reason
    if reliability == 0:
        reason = "no correlation with CRA can be found: references differ by no more than chance"
    elif reliability and weakest is None:
        reason = f"no correlation can be found: {counted(of.n_refs, 'reference')}"
    elif found is not None and found >= 1:
        reason = "no correlation can be found: CRA is too unreliable for so few references"
    return ImagesBuy(
        **system._asdict(),
        perturbation=perturbation,
        kind=kind,
        n_refs=of.n_refs,
        images_now=of.images_now,
        icc=icc,
        icc_low=of.interval.low,
        icc_high=of.interval.high,
        k=k,
        design_effect=effect,
        effective_images=None if effect is None else of.n_refs * k / effect,
        standard_error=None if effect is None else math.sqrt(of.cra * (1 - of.cra) * effect / (of.n_refs * k)),
        reliability=reliability,
        attenuation=None if reliability is None else math.sqrt(reliability),
        detectable_rho=found if found is not None and found < 1 else None,
        reason=reason,
    )


def _detectable(block: Block, alpha: float, power: float) -> Iterator[Detectable]:
    scored = np.any([np.isfinite(found["cra"]) for found in block.systems.values()], axis=0)
    family = len(block.facts) * len(MEASURES) * len(block.systems)
    for fact in sorted(block.facts):
        n = int((np.isfinite(block.facts[fact]) & scored).sum())
        rho = detectable_rho(n, alpha, power)
        yield Detectable(
            perturbation=block.perturbation,
            kind=block.kind,
            **fact._asdict(),
            n=n,
            alpha=alpha,
            power=power,
            rho=rho,
            family=family,
            rho_family=detectable_rho(n, alpha / family, power),
            reason=None if rho is not None else f"not estimable: {counted(n, 'reference')} cannot reach p < {alpha:g}",
        )
