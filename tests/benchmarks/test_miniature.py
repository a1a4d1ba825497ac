"""What the measures make of a study whose truth is known: the tables in the README."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from generate.benchmark import mini, run
from generate.mini.encoders import PATCH_ENCODER
from workbench.analysis.correlation import correlations
from workbench.analysis.resampling import Bootstrap, mean_intervals
from workbench.demo import FREQUENCY
from workbench.records import Thresholds
from workbench.store import Store
from workbench.store.thresholds import FALSE_RATE, calibrate_thresholds


def of_condition(study: Store, perturbation: str) -> pl.DataFrame:
    """One row per reference: its known count, CRA and mean s."""
    taus = calibrate_thresholds(study, Thresholds()).parameters()
    found = study.frame("correlation_input", perturbations=[perturbation], **taus)
    return found.filter(pl.col("covariate") == FREQUENCY).sort("qid")


def mean(shares: np.ndarray) -> str:
    if np.ptp(shares) == 0:
        return f"{shares.mean():.3f}, all alike"
    bounds = mean_intervals(shares[:, None], Bootstrap())
    return f"{shares.mean():.3f} [{bounds.low[0]:.3f}, {bounds.high[0]:.3f}]"


def show(title: str, rows: Mapping[str, str]) -> None:
    print(f"\n| {title} | |\n|---|---|")
    for name, value in rows.items():
        print(f"| {name} | {value} |")


def test_frequency_is_recovered(miniature: Store):
    conditions = {name: of_condition(miniature, name) for name in ("title", "synonym", "literal")}
    known = conditions["title"]["value"].to_numpy()
    cra = np.stack([frame["cra"].to_numpy() for frame in conditions.values()])
    (rho,) = (row for row in correlations(conditions["title"], ["all"]) if row.measure == "cra")
    rows = {"Spearman of count and CRA (titles)": f"{rho.rho:.3f} [{rho.low:.3f}, {rho.high:.3f}]"}
    groups = {"never trained": known == 0, "trained": known > 0, "at least 44 times": known >= 44}
    for group, chosen in groups.items():
        values = {**dict(zip(conditions, cra[:, chosen], strict=True)), "all three": cra[:, chosen].mean(axis=0)}
        rows |= {f"CRA, {name}, {group} (n = {chosen.sum()})": mean(shares) for name, shares in values.items()}
    show("95 % BCa intervals over references", rows)
    assert rho.rho >= 0.8
    assert abs(cra[:, known == 0].mean() - FALSE_RATE) < FALSE_RATE / 2


def test_copies_are_told_from_reinterpretations(miniature: Store, tmp_path: Path):
    vr = f"vr:{calibrate_thresholds(miniature, Thresholds()).tau_reuse}:{PATCH_ENCODER}"
    names = [vr, *(name for name in mini.METRICS if not name.startswith("vr:"))]
    labelled = run.of_pictures(mini.draw_pictures(tmp_path), names, "cpu")
    found = run.table(labelled, None, Bootstrap())
    show(
        "AUC, replications against re-interpretations",
        {row.measure: f"{row.auc:.3f} [{row.auc_low:.3f}, {row.auc_high:.3f}]" for row in found},
    )
    assert len(found) == len(names)
    assert all(0.5 < row.auc <= 1 for row in found)
