"""What the measures make of a study whose truth is known: the table in the README."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import imagehash
import numpy as np
import polars as pl
import pytest
from PIL import Image
from scipy.stats import rankdata

from generate.encoders.registry import load_encoder
from generate.metrics.patches import grid_crops
from generate.metrics.similarity import patch_maxima
from generate.mini.references import MiniReference, all_references
from generate.mini.renderer import render
from generate.mini.variants import reinterpret, replicate
from tests.mini.similarity import ssim
from workbench.demo import ENCODER, FREQUENCY, PATCH_ENCODER, run_demo
from workbench.records import Thresholds
from workbench.store import Store
from workbench.store.thresholds import FALSE_RATE, calibrate_thresholds

VARIANTS = 5
"""Replications of each reference, and as many re-interpretations."""
RESAMPLES = 2_000


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return run_demo(tmp_path_factory.mktemp("demo") / "demo.duckdb")


def interval(statistic: Callable[[np.ndarray], float], size: int) -> str:
    """A statistic of all, and its 95 % bootstrap percentile interval over references."""
    rng = np.random.default_rng(1)
    drawn = [statistic(rng.integers(size, size=size)) for _ in range(RESAMPLES)]
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return f"{statistic(np.arange(size)):.3f} [{low:.3f}, {high:.3f}]"


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def of_condition(study: Store, perturbation: str) -> pl.DataFrame:
    """One row per reference: its known count, CRA and mean s."""
    taus = calibrate_thresholds(study, Thresholds()).parameters()
    found = study.frame("correlation_input", perturbations=[perturbation], **taus)
    return found.filter(pl.col("covariate") == FREQUENCY).sort("qid")


def show(title: str, rows: Mapping[str, str]) -> None:
    print(f"\n| {title} | |\n|---|---|")
    for name, value in rows.items():
        print(f"| {name} | {value} |")


def test_frequency_is_recovered(study: Store):
    conditions = {name: of_condition(study, name) for name in ("title", "synonym", "literal")}
    known = np.log1p(conditions["title"]["value"].to_numpy())
    cra = np.stack([conditions[name]["cra"].to_numpy() for name in conditions])
    groups = {"never trained": known == 0, "trained": known > 0, "at least 44 times": known >= np.log1p(44)}
    rows = {"Spearman of log count and CRA (titles)": interval(lambda i: spearman(known[i], cra[0][i]), len(known))}
    for group, chosen in groups.items():
        values = {**dict(zip(conditions, cra[:, chosen], strict=True)), "all three": cra[:, chosen].mean(axis=0)}
        for condition, shares in values.items():
            rows[f"CRA, {condition}, {group} (n = {chosen.sum()})"] = interval(shares_mean(shares), chosen.sum())
    show("with 95 % bootstrap intervals over references", rows)
    assert spearman(known, cra[0]) >= 0.8
    assert abs(cra[:, known == 0].mean() - FALSE_RATE) < FALSE_RATE / 2


def shares_mean(shares: np.ndarray) -> Callable[[np.ndarray], float]:
    return lambda chosen: float(shares[chosen].mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A picture of which it is known whether it is a copy."""

    reference: int
    image: Image.Image
    replication: bool


def labelled(references: Sequence[MiniReference]) -> Iterator[Labelled]:
    for number, reference in enumerate(references):
        for seed in range(VARIANTS):
            picture = reference.pictures[seed % len(reference.pictures)]
            yield Labelled(reference=number, image=replicate(picture, seed), replication=True)
            yield Labelled(reference=number, image=reinterpret(picture, seed), replication=False)


def likeness(
    references: Sequence[MiniReference], variants: Sequence[Labelled], tau_reuse: float
) -> Mapping[str, np.ndarray]:
    """Each measure of each variant: higher is more alike."""
    pictures = [[render(picture) for picture in reference.pictures] for reference in references]
    whole, patches = load_encoder(ENCODER, "cpu"), load_encoder(PATCH_ENCODER, "cpu")
    known = [whole.encode(images) for images in pictures]
    cut = [patches.encode([crop for image in images for crop in grid_crops(image)]) for images in pictures]
    rows = []
    for variant in variants:
        own = pictures[variant.reference]
        p = patch_maxima(patches.encode(grid_crops(variant.image)), cut[variant.reference]).p
        rows.append(
            {
                f"VR at τ_reuse {tau_reuse:.3f}": (p >= tau_reuse).mean(),
                "mean of the patch maxima": p.mean(),
                "similarity of whole images": (whole.encode([variant.image]) @ known[variant.reference].T).max(),
                "SSIM": max(ssim(variant.image, image) for image in own),
                "pHash": -min(imagehash.phash(variant.image) - imagehash.phash(image) for image in own),
            }
        )
    return {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}


def auc(scores: np.ndarray, positive: np.ndarray) -> float:
    ranks, n = rankdata(scores), positive.sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(scores) - n)))


def test_copies_are_told_from_reinterpretations(study: Store):
    tau_reuse = calibrate_thresholds(study, Thresholds()).tau_reuse
    references = all_references()
    variants = list(labelled(references))
    positive = np.array([variant.replication for variant in variants]).reshape(len(references), -1)
    found, rows = {}, {}
    for name, values in likeness(references, variants, tau_reuse).items():
        table = values.reshape(len(references), -1)
        found[name] = auc(values, positive.ravel())
        rows[name] = interval(lambda i, t=table: auc(t[i].ravel(), positive[i].ravel()), len(references))
    show("AUC, replications against re-interpretations", rows)
    assert all(0.5 < value <= 1 for value in found.values())
