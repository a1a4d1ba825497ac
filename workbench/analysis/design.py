"""What a regression of recognition takes in: cells of images, and the terms that may tell how many are recognised."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from workbench.analysis.blocks import Fact, taken_together
from workbench.analysis.frames import Values, values
from workbench.analysis.resampling import LEAST_UNITS
from workbench.analysis.scales import looks_skewed, scaled
from workbench.wording import counted

FACTORS = ("kind", "perturbation", "model")
BASELINES = {"perturbation": "title", "kind": "static"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One column of the regression."""

    term: str
    """``model``, ``perturbation``, ``kind`` or a covariate."""
    level: str
    """Of a factor: what is compared; of a covariate: its method."""
    against: str
    """Of a factor: what it is compared with; of a covariate: empty."""
    scale: str
    """Of a covariate: ``log1p`` for skewed counts, else ``plain``; of a factor: empty."""
    unit: float | None
    """Of a covariate: its standard deviation between references on that scale, which is the unit of the odds ratio."""
    reason: str | None = None
    """Why it cannot enter; None where it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The cells of one kind of references."""

    kind: str
    terms: Sequence[Term]
    """In order of the columns of x after the constant, then those that cannot enter."""
    x: Values
    """[C, 1 + p]: a constant, factors as 0 and 1, covariates standardised over the references."""
    k: Values
    """[C] recognised images."""
    n: Values
    """[C] scored images, at least 1."""
    groups: npt.NDArray[np.intp]
    """[C] number of the reference."""
    n_refs: int
    n_refs_dropped: int
    """References with scored images that are left out."""
    n_excluded: int
    """Images of this kind that are blocked, black or failed."""
    dropped: str
    """Why, and how many of them; empty: none."""


def design(cells: pl.DataFrame, facts: pl.DataFrame, kind: str, covariates: Sequence[str] = ()) -> Design:
    """Arrange the cells of one kind.

    Args:
        cells: rows of query ``ref_scores``, of this kind alone.
        facts: rows of query ``covariate_values``.
        kind: its name.
        covariates: which ones, each by its name or as NAME:METHOD; empty: all, by the method that most references have.
    """
    excluded = int(cells["n_excluded"].sum())
    cells = cells.filter(pl.col("n") > 0)
    cells = cells.with_columns(model=_model_names(cells))
    columns = _columns(facts, qids := cells["qid"].unique().sort(), covariates)
    absent = [f for f, column in columns.items() if np.isnan(column).all()]
    gaps = {f: np.isnan(column) for f, column in columns.items() if f not in absent}
    whole = ~np.any([np.zeros(len(qids), dtype=bool), *gaps.values()], axis=0)
    places = pl.DataFrame({"qid": qids, "place": np.arange(len(qids)), "whole": whole})
    rows, barred = _supported(cells.join(places, on="qid", maintain_order="left").filter("whole"))
    kept, groups = np.unique(rows["place"].to_numpy(), return_inverse=True)
    told = [_factor(rows, name) for name in FACTORS]
    told += [_covariate(f, columns[f][kept], groups) for f in gaps]
    entering = [(term, column) for part in told for term, column in part if term.reason is None]
    barred += [term for part in told for term, _ in part if term.reason is not None]
    barred += [_barred(fact, "not estimable: no reference has it") for fact in absent]
    lacking = [f"{gap.sum()} without {f.covariate}" for f, gap in gaps.items() if gap.any()]
    if (beside := int(whole.sum()) - len(kept)) > 0:
        lacking.append(f"{beside} of a kind, model or condition that too few have")
    return Design(
        kind=kind,
        terms=[*(term for term, _ in entering), *barred],
        x=np.column_stack([np.ones(rows.height), *(column for _, column in entering)]),
        k=values(rows, "n_recognised"),
        n=values(rows, "n"),
        groups=groups,
        n_refs=len(kept),
        n_refs_dropped=len(qids) - len(kept),
        n_excluded=excluded,
        dropped=", ".join(lacking),
    )


def _supported(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Term]]:
    """The cells without those of models and conditions that next to no reference has."""
    barred = []
    for name in FACTORS:
        counts = rows.group_by(name).agg(pl.col("qid").n_unique().alias("refs")).sort(name)
        few = counts.filter(pl.col("refs") < LEAST_UNITS)
        if 0 < few.height < counts.height:
            for level, refs in few.iter_rows():
                reason = f"not estimable: {counted(refs, 'reference')} with images of it, at least {LEAST_UNITS} needed"
                barred.append(Term(term=name, level=level, against="", scale="", unit=None, reason=reason))
            rows = rows.filter(~pl.col(name).is_in(few[name].implode()))
    return rows, barred


def _model_names(cells: pl.DataFrame) -> pl.Series:
    """The model of each cell, with its settings where it has several."""
    several = pl.col("settings_id").n_unique().over("model_id") > 1
    both = pl.concat_str("model_id", "settings_id", separator=" ")
    return cells.select(pl.when(several).then(both).otherwise("model_id").alias("model"))["model"]


def _columns(facts: pl.DataFrame, qids: pl.Series, covariates: Sequence[str]) -> dict[Fact, Values]:
    """The chosen covariates, a value per reference, NaN where missing."""
    places = pl.DataFrame({"qid": qids})
    known = {}
    for key, part in facts.partition_by("covariate", "method", as_dict=True).items():
        known[Fact(*map(str, key))] = values(places.join(part, on="qid", how="left", maintain_order="left"), "value")
    return {fact: known[fact] for fact in taken_together(known, covariates)}


def _factor(rows: pl.DataFrame, name: str) -> list[tuple[Term, Values]]:
    """One column per level but the baseline: the first with both outcomes, if possible the title, or static."""
    counts = rows.group_by(name).agg(pl.col("n_recognised").sum().alias("k"), pl.col("n").sum())
    mixed = {row[name]: 0 < row["k"] < row["n"] for row in counts.to_dicts()}
    if len(mixed) < 2:
        return []
    baseline = min(mixed, key=lambda level: (not mixed[level], level != BASELINES.get(name), level))
    found = []
    for level in sorted(mixed):
        if level != baseline:
            term = Term(term=name, level=level, against=baseline, scale="", unit=None)
            found.append((term, (rows[name] == level).cast(pl.Float64).to_numpy()))
    return found


def _covariate(fact: Fact, column: Values, groups: npt.NDArray[np.intp]) -> list[tuple[Term, Values]]:
    """The covariate of each cell, standardised over the references."""
    if not len(column):
        return [(_barred(fact, "not estimable: no reference has all covariates"), column)]
    if np.ptp(column) == 0:
        return [(_barred(fact, f"not estimable: it is {column[0]:.4g} for all {len(column)} references"), column)]
    on_scale = scaled(column)
    unit = float(on_scale.std(ddof=1))
    scale = "log1p" if looks_skewed(column) else "plain"
    term = Term(term=fact.covariate, level=fact.method, against="", scale=scale, unit=unit)
    return [(term, ((on_scale - on_scale.mean()) / unit)[groups])]


def _barred(fact: Fact, reason: str) -> Term:
    return Term(term=fact.covariate, level=fact.method, against="", scale="", unit=None, reason=reason)
