"""A study whose truth was planted in its scores: what the report says of it is true.

Training frequency raises s; popularity goes with frequency but does nothing; the date has nothing to do with either.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from tests.report.page import Rows, bounds, of_covariate, tables_of
from tests.tui.study import CLIP, DINO, NOW, _encoder, _settings, reference_sets
from workbench.cli import run
from workbench.records import Covariate, GeneratedImage, Patches, Prompt, Reference, ReferenceImage, Similarity
from workbench.store import Store, Write

REFS, IMAGES, NEVER = 60, 8, 20
COMMON = {"run_id": "r"}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Rows]]:
    """The tables of a section of the report of the planted study, by its key."""
    folder = Path(tmp_path_factory.mktemp("truth"))
    plant(Store.create(folder / "study.duckdb"), np.random.default_rng(11))
    asked = ["--db", str(folder / "study.duckdb"), "--out", str(folder), "--kind", "static", "--tau-static", "0.7"]
    assert run(["report", *asked, "--pictures", "none", "--resamples", "500"]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    return lambda key: tables_of(page, key)


def plant(store: Store, rng: np.random.Generator) -> None:
    """References that were never trained (a third), the others up to 1,000 times; recognition follows, with noise."""
    counts = np.where(np.arange(REFS) < NEVER, 0, np.round(np.exp(rng.uniform(0, np.log(1000), REFS))))
    popular = np.exp(np.log1p(counts) + rng.normal(0, 1.2, REFS))
    years = rng.permutation(np.linspace(1500, 1990, REFS)).astype(int)
    refs = [
        Reference(qid=f"Q{n + 1}", label=f"Work {n}", kind="static", creation_year=int(years[n]), source="t", **COMMON)
        for n in range(REFS)
    ]
    named = {"training_frequency": counts, "popularity": popular}
    facts = [
        Covariate(qid=r.qid, name=name, method="m", value=float(v[n]), unit="u", provenance="t", **COMMON)
        for n, r in enumerate(refs)
        for name, v in named.items()
    ]
    pictures = [
        ReferenceImage(
            qid=r.qid, sha256=f"{n:064x}", path=f"{n}.png", phash="0" * 16, width=1, height=1, rank=1, **COMMON
        )
        for n, r in enumerate(refs)
    ]
    prompts = [Prompt(qid=r.qid, perturbation="title", method="label", text=r.label, **COMMON) for r in refs]
    store.write(
        Write(query="upsert_refs", table="refs", records=refs),
        Write(query="upsert_covariates", table="covariates", records=facts),
        Write(query="upsert_ref_images", table="ref_images", records=pictures),
        Write(query="insert_prompts", table="prompts", records=prompts),
    )
    made = [_image(prompt, seed) for prompt in prompts for seed in range(IMAGES)]
    s = 0.48 + 0.045 * np.repeat(np.log1p(counts), IMAGES) + rng.normal(0, 0.1, len(made))
    _score(store, made, np.clip(s, 0, 0.99))


def _image(prompt: Prompt, seed: int) -> GeneratedImage:
    settings = _settings("m")
    where = {"model_id": "m", "settings_id": settings.settings_id, "seed": seed}
    return GeneratedImage(
        prompt_id=prompt.prompt_id, status="ok", sha256="a" * 64, path="a.png", created_utc=NOW, **where, **COMMON
    )


def _score(store: Store, images: list[GeneratedImage], s: np.ndarray) -> None:
    sets = reference_sets(store)
    common = {"status": "ok", "created_utc": datetime(2026, 1, 1), **COMMON}
    alike, reused = [], []
    for image, value in zip(images, s, strict=True):
        key = {"image_id": image.image_id, "reference_set": sets[image.prompt_id]}
        alike.append(Similarity(encoder_id=CLIP, s=float(value), **key, **common))
        reused.append(Patches(encoder_id=DINO, p=[float(value)] * 16, entropy=[8.0] * 16, **key, **common))
    store.write(
        Write(query="insert_encoders", table="encoders", records=[_encoder(CLIP, "clip"), _encoder(DINO, "timm")]),
        Write(query="upsert_images", table="images", records=images),
        Write(query="upsert_similarities", table="similarities", records=alike),
        Write(query="upsert_patches", table="patches", records=reused),
    )


def test_frequency_is_found_with_the_right_sign(tables) -> None:
    (rows,) = tables("correlations")
    assert bounds(of_covariate(rows, "training_frequency", "static")["ρ interval"])[0] > 0.5
    low, high = bounds(of_covariate(rows, "creation_date", "static")["ρ interval"])
    assert low < 0 < high


def test_what_only_goes_with_it_is_taken_out_by_holding_it(tables) -> None:
    (plain,), (held,) = tables("correlations"), tables("partial")
    assert bounds(of_covariate(plain, "popularity", "static")["ρ interval"])[0] > 0.3
    low, high = bounds(of_covariate(held, "popularity", "static")["partial ρ interval"])
    assert low < 0 < high
    assert bounds(of_covariate(held, "training_frequency", "static")["partial ρ interval"])[0] > 0.3


def test_the_level_changes_among_the_trained(tables) -> None:
    ((row,),) = tables("frequency")
    assert float(row["p"]) < 0.01
    assert float(row["Below"]) < 0.3 < 0.6 < float(row["Above"])
    assert 0 < bounds(row["Changes at interval"])[0] < bounds(row["Changes at interval"])[1] <= 1000


def test_the_never_trained_are_at_their_rate(tables) -> None:
    (rows,) = tables("references")
    never = [r for r in rows if int(r["Reference"].split()[1]) < NEVER]
    recognised = sum(int(r["Recognised"].split(" of ")[0]) for r in never)
    expected = NEVER * IMAGES * 0.0139  # of a normal with mean 0.48 and sd 0.1, above 0.7
    assert abs(recognised - expected) <= 4 * np.sqrt(expected)
    trained = [r for r in rows if r not in never]
    assert np.mean([float(r["CRA"]) for r in trained]) > 5 * np.mean([float(r["CRA"]) for r in never])
