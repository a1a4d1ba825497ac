"""Measures of each cell (a reference under one model, settings and perturbation) with intervals over its images.

CRT = CRA × mean VI of the recognised images = the mean over all scored images of VI where recognised, else 0: so its
interval is that of a mean, and needs no product of two intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from workbench.analysis.frames import number
from workbench.analysis.proportions import wilson
from workbench.analysis.resampling import LEAST_UNITS, Bootstrap, Bounds, mean_intervals
from workbench.wording import counted

KEYS = ("qid", "label", "kind", "model_id", "settings_id", "perturbation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The measures of one cell. Intervals say how sure they are given these images, not how far they hold elsewhere."""

    qid: str
    label: str
    kind: str
    model_id: str
    settings_id: str
    perturbation: str
    n_images: int
    """Images, whatever their status."""
    n_blocked: int
    """By a safety checker: counted, never measured; likewise black and failed ones."""
    n_black: int
    n_failed: int
    n_unscored: int
    """Images that came out well and have no current score."""
    n: int
    """Scored images."""
    n_recognised: int
    cra: float | None
    cra_low: float | None
    """Wilson's interval."""
    cra_high: float | None
    vr: float | None
    """Mean over the recognised images."""
    vr_low: float | None
    """BCa bootstrap over them."""
    vr_high: float | None
    vi: float | None
    vi_low: float | None
    vi_high: float | None
    crt: float | None
    crt_low: float | None
    """BCa bootstrap over the scored images; where none is recognised from 0 to the upper bound of CRA."""
    crt_high: float | None
    reason: str | None
    """Why a measure or an interval is missing; None where none is."""


def cells(frame: pl.DataFrame, *, bootstrap: Bootstrap | None = None) -> list[Cell]:
    """Summarise images by cell.

    Args:
        frame: rows of query ``image_measures``.
        bootstrap: how intervals are made; cells with equally many images share their resamples.

    Returns:
        In the order of the frame.
    """
    chosen = bootstrap or Bootstrap()
    scored, seen = pl.col("s").is_not_null(), pl.col("recognised").fill_null(False)
    counts = [(pl.col("status") == status).sum().alias(f"n_{status}") for status in ("blocked", "black", "failed")]
    grouped = frame.group_by(KEYS, maintain_order=True).agg(
        pl.len().alias("n_images"),
        *counts,
        ((pl.col("status") == "ok") & ~scored).sum().alias("n_unscored"),
        scored.sum().alias("n"),
        seen.sum().alias("n_recognised"),
        pl.col("vr").filter(seen & pl.col("vr").is_not_null()).alias("reused"),
        pl.when(seen).then(pl.col("vi")).otherwise(0.0).filter(scored).alias("transformed"),
    )
    rows = grouped.to_dicts()
    cra = wilson(grouped["n_recognised"].to_numpy(), grouped["n"].to_numpy(), chosen.level)
    vr = _bounds([r["reused"] for r in rows], chosen)
    crt = _bounds([[] if None in r["transformed"] else r["transformed"] for r in rows], chosen)
    for at, row in enumerate(rows):
        if row["n"] and not row["n_recognised"]:
            crt.low[at], crt.high[at] = 0.0, cra.high[at]
    return [
        _cell(row, _At(cra.low[i], cra.high[i]), _At(vr.low[i], vr.high[i]), _At(crt.low[i], crt.high[i]))
        for i, row in enumerate(rows)
    ]


@dataclass(frozen=True, slots=True)
class _At:
    low: float
    high: float


def _cell(row: dict[str, Any], cra: _At, vr: _At, crt: _At) -> Cell:
    reused, transformed = row.pop("reused"), row.pop("transformed")
    n, share = row["n"], float(np.mean(reused)) if reused else None
    whole = float(np.mean(transformed)) if n and None not in transformed else None
    low, high = number(vr.low), number(vr.high)
    return Cell(
        **row,
        cra=row["n_recognised"] / n if n else None,
        cra_low=number(cra.low),
        cra_high=number(cra.high),
        vr=share,
        vr_low=low,
        vr_high=high,
        vi=None if share is None else 1 - share,
        vi_low=None if high is None else 1 - high,
        vi_high=None if low is None else 1 - low,
        crt=whole,
        crt_low=number(crt.low),
        crt_high=number(crt.high),
        reason=_reason(row, reused, transformed, low is not None, np.isfinite(crt.low)),
    )


def _reason(
    row: dict[str, Any], reused: Sequence[float], transformed: Sequence[float | None], vr: bool, crt: bool
) -> str | None:
    """Why VR or CRT, or an interval of theirs, is missing."""
    if not row["n"]:
        return "not estimable: no image is scored"
    if not row["n_recognised"]:
        return "VR and VI not estimable: no image is recognised"
    if None in transformed:
        return "CRT not estimable: a recognised image has no patch maxima"
    if not vr and len(reused) < LEAST_UNITS:
        return f"VR and VI have no interval: {counted(len(reused), 'recognised image')}, at least {LEAST_UNITS} needed"
    if not vr:
        return f"VR and VI have no interval: VR is {reused[0]:.4g} for all {counted(len(reused), 'recognised image')}"
    return None if crt else "CRT has no interval: it is the same for all images"


def _bounds(columns: Sequence[Sequence[float]], bootstrap: Bootstrap) -> Bounds:
    """BCa intervals of the mean of each list; lists of one length are done together."""
    found = Bounds(np.full(len(columns), np.nan), np.full(len(columns), np.nan))
    by_length: dict[int, list[int]] = {}
    for at, column in enumerate(columns):
        by_length.setdefault(len(column), []).append(at)
    for length, places in by_length.items():
        if length >= LEAST_UNITS:
            for part in np.array_split(np.array(places), -(-len(places) // 500)):
                table = np.array([columns[at] for at in part]).T
                bounds = mean_intervals(table, bootstrap)
                found.low[part], found.high[part] = bounds.low, bounds.high
    return found
