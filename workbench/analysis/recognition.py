"""Which references are recognised: a regression of recognised images on model, prompt condition and covariates.

The images of one reference resemble one another, under all models and conditions. A generalised estimating equation
leaves open how they do (see ``logistic``), and its odds ratios are marginal: between references at large. A random
intercept per reference would be a stronger assumption, that one number holds for all cells of a reference; and in 60
simulated studies of 60 references the variational intervals of statsmodels' BinomialBayesMixedGLM covered the
coefficients of just such a model in 43 to 85 %, in place of 95. Intervals here take Student's t with as many degrees as
there are references beyond the coefficients: in 1,500 studies each of 20, 30, 40, 60 and 120 references they covered
94 to 97.5 %. Of 20 references log odds ratios came out a tenth too large, of 120 a fiftieth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import stdtr, stdtrit

from workbench.analysis import logistic
from workbench.analysis.blocks import KINDS
from workbench.analysis.design import FACTORS, Design, Term, design
from workbench.analysis.exact import with_adjusted
from workbench.analysis.frames import Values, by_kind, number
from workbench.analysis.scales import variance_inflation
from workbench.wording import counted

LEAST_DEGREES = 10
"""So many more references than coefficients it takes: with fewer, the covariance is a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OddsRatio:
    """What one term does to the odds of recognition, the others held."""

    kind: str
    term: str
    """``model``, ``perturbation``, ``kind`` or a covariate."""
    level: str
    """Of a factor: what is compared; of a covariate: its method."""
    against: str
    """Of a factor: what it is compared with; of a covariate: empty."""
    scale: str
    """Of a covariate: ``log1p`` for skewed counts, else ``plain``; of a factor: empty."""
    unit: float | None
    """Of a covariate: the step that the odds ratio is of, one standard deviation between references on that scale."""
    odds_ratio: float | None
    """Marginal; 1 is none."""
    low: float | None
    """95 % interval: a sandwich over references, and Student's t."""
    high: float | None
    p: float | None
    """Two-sided, of no effect, not adjusted."""
    p_adjusted: float | None
    """By Benjamini and Hochberg, within the family."""
    family: int
    """Tests adjusted together: all estimable covariates of this kind, or all its models, conditions and kinds."""
    vif: float | None
    """Variance inflation by the other terms, over the cells: 1 is none, from 5 on they are hard to tell apart."""
    n_refs: int
    n: int
    """Images."""
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """The regression of one kind of references."""

    told: Design
    """Its cells and terms."""
    model: logistic.Logistic | None
    """None: it could not be fitted."""
    vifs: Values
    """Of the terms, NaN where there is none."""
    reason: str | None
    """Why it could not be fitted; None where it was."""


def regressions(
    cells: pl.DataFrame, facts: pl.DataFrame, kinds: Sequence[str] = KINDS, *, covariates: Sequence[str] = ()
) -> list[Regression]:
    """Regress the share of recognised images, per kind.

    Args:
        cells: rows of query ``ref_scores``.
        facts: rows of query ``covariate_values``.
        kinds: which to give, as far as they have scored images; over both together, kind is a term.
        covariates: which ones, each by its name or as NAME:METHOD; empty: all, by the method that most references have.
    """
    found = []
    for kind, part in by_kind(cells.filter(pl.col("model_id").is_not_null()), kinds):
        if part["n"].sum():
            found.append(_regression(design(part, facts, kind, covariates)))
    return found


def odds_ratios(found: Sequence[Regression], level: float = 0.95) -> list[OddsRatio]:
    """What each term of regressions does.

    Args:
        found: the regressions of a study, one per kind.
        level: nominal coverage of the intervals.
    """
    ratios = [ratio for one in found for ratio in _odds_ratios(one, level)]
    return with_adjusted(ratios, lambda ratio: (ratio.kind, ratio.term in FACTORS))


def _regression(told: Design) -> Regression:
    reason = not_fitted(told)
    model = None if reason else logistic.fit(told.x, told.k, told.n, told.groups)
    if model is not None and model.clusters < model.estimable.sum() + LEAST_DEGREES:
        reason, model = f"not estimable: separation leaves {counted(model.clusters, 'reference')}", None
    vifs = np.full(len(told.terms), np.nan)
    vifs[: told.x.shape[1] - 1] = variance_inflation(told.x[:, 1:])
    return Regression(told=told, model=model, vifs=vifs, reason=reason)


def not_fitted(told: Design) -> str | None:
    """Why a regression cannot be fitted at all; None where it can."""
    images, seen, columns = int(told.n.sum()), int(told.k.sum()), told.x.shape[1]
    if not told.n_refs:
        return f"not estimable: no reference has all covariates ({told.dropped})"
    if told.n_refs < columns + LEAST_DEGREES:
        enough = columns + LEAST_DEGREES
        return (
            f"not estimable: {counted(told.n_refs, 'reference')}, at least {enough} needed for {columns} coefficients"
        )
    if not seen:
        return f"not estimable: none of the {images} images is recognised"
    return f"not estimable: all {images} images are recognised" if seen == images else None


def _odds_ratios(of: Regression, level: float) -> Iterator[OddsRatio]:
    told, model = of.told, of.model
    for at, (term, vif) in enumerate(zip(told.terms, of.vifs, strict=True), start=1):
        why, beta, error, degrees = of.reason or term.reason, np.nan, np.nan, 1
        if why is None and model is not None and not model.estimable[at]:
            why = _not_estimable(told, term, at)
        if why is None and model is not None:
            beta, error = float(model.coefficients[at]), float(np.sqrt(model.covariance[at, at]))
            degrees = model.clusters - int(model.estimable.sum())
        far = float(stdtrit(degrees, (1 + level) / 2)) * error
        yield OddsRatio(
            kind=told.kind,
            term=term.term,
            level=term.level,
            against=term.against,
            scale=term.scale,
            unit=term.unit,
            odds_ratio=number(np.exp(beta)),
            low=number(np.exp(beta - far)),
            high=number(np.exp(beta + far)),
            p=number(2 * stdtr(degrees, -abs(beta) / error)),
            p_adjusted=None,
            family=0,
            vif=number(vif),
            n_refs=told.n_refs,
            n=int(told.n.sum()),
            reason=why,
        )


def _not_estimable(told: Design, term: Term, at: int) -> str:
    """Why the data do not fix the coefficient of a term."""
    if not term.unit:
        here = told.x[:, at] == 1
        seen, images = told.k[here].sum(), told.n[here].sum()
        if images and seen in (0, images):
            which = "none" if not seen else "every one"
            return f"not estimable: {which} of the {int(images)} images of {term.level} is recognised"
    others = np.delete(told.x, at, axis=1)
    if np.linalg.matrix_rank(told.x) == np.linalg.matrix_rank(others):
        return "not estimable: the other terms determine it"
    return "not estimable: separation, with the other terms it tells recognised images from others without exception"
