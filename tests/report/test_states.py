"""Studies that hold little, or odd things: sections say what is missing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import Outcome
from tests.fixtures.studies import add_references
from tests.report.page import read, tables_of
from tests.store.measured import fill, image, reference
from workbench.records import Covariate
from workbench.report import gallery
from workbench.store import Store, Write

Wb = Callable[..., Outcome]
P = [0.9] * 8 + [0.1] * 8


def page(wb: Wb, folder: Path, *options: object) -> str:
    done = wb("report", "--out", folder, "--resamples", 200, *options)
    assert done.code == 0, done.err
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"\b(nan|inf|None)\b", " ".join(e.text for e in read(text).named("td")))
    return text


def covariate(qid: str, name: str, value: float) -> Write:
    row = Covariate(qid=qid, name=name, method="m", value=value, unit="u", provenance="t", run_id="r")
    return Write(query="upsert_covariates", table="covariates", records=[row])


def test_an_empty_study_says_what_is_missing_everywhere(wb: Wb, store: Store, tmp_path: Path) -> None:
    text = page(wb, tmp_path / "out")
    sections = re.findall(r'<section id="([a-z]+)">(.*?)</section>', text, flags=re.DOTALL)
    assert len(sections) == 18
    for key, section in sections:
        assert key == "caveats" or "Nothing here yet" in section or "Not estimable" in section, key
    assert "<table>" not in text
    assert "<svg" not in text


def test_references_alone(wb: Wb, store: Store, tmp_path: Path) -> None:
    add_references(store, count=2)
    assert "2 references (2 static)" in page(wb, tmp_path / "out")


def test_images_that_are_not_scored(wb: Wb, store: Store, tmp_path: Path) -> None:
    fill(store, reference("Q1"), image("Q1", 0), image("Q1", 1, status="blocked"), image("Q1", 2, status="failed"))
    text = page(wb, tmp_path / "out")
    assert "Images that did not come out well" in text
    assert "no image is scored" in text


def test_one_reference_one_image(wb: Wb, store: Store, tmp_path: Path) -> None:
    fill(store, reference("Q1"), image("Q1", 0, s=0.9, p=P), [covariate("Q1", "training_frequency", 3)])
    assert "1 of 1" in page(wb, tmp_path / "out")


def test_similarities_without_patches(wb: Wb, store: Store, tmp_path: Path) -> None:
    fill(store, *(part for q in ("Q1", "Q2") for part in (reference(q), image(q, 0, s=0.9), image(q, 1, s=0.2))))
    assert "1 of 2" in page(wb, tmp_path / "out")


@pytest.mark.parametrize("s", [0.1, 0.95])
def test_all_or_none_recognised_and_a_covariate_that_never_varies(
    wb: Wb, store: Store, tmp_path: Path, s: float
) -> None:
    names = [f"Q{n}" for n in range(1, 9)]
    parts = [(reference(q), image(q, 0, s=s, p=P), [covariate(q, "training_frequency", 5)]) for q in names]
    fill(store, *(write for part in parts for write in part))
    assert "not estimable" in page(wb, tmp_path / "out")


def test_odd_names_of_models_and_conditions(wb: Wb, store: Store, tmp_path: Path) -> None:
    models = ["_hidden", "$\\frac", "<svg onload=x>", "模型\n", "a" * 90]
    parts = []
    for n in range(1, 8):
        parts += [reference(f"Q{n}"), [covariate(f"Q{n}", name, n) for name in ("training_frequency", "_x$")]]
        for k, model in enumerate(models):
            s = 0.6 + 0.04 * n + 0.01 * k
            parts.append(image(f"Q{n}", 0, s=s, p=P, model_id=model, perturbation="literal"))
    fill(store, *parts)
    text = page(wb, tmp_path / "out")
    assert "onload" not in [name for e in read(text).elements for name in e.attributes]
    drawn = " ".join(re.findall(r"<svg role.*?</svg>", text, flags=re.DOTALL))
    for name in ("_hidden", "$\\frac", "&lt;svg onload=x&gt;", "模型"):
        assert name in drawn


def test_one_model_under_two_settings_is_two(wb: Wb, store: Store, tmp_path: Path) -> None:
    parts = []
    for n in range(1, 8):
        parts += [reference(f"Q{n}"), [covariate(f"Q{n}", "training_frequency", n)]]
        parts += [image(f"Q{n}", 0, s=0.5 + 0.06 * n, p=P, settings_id=name) for name in ("x1", "x2")]
    fill(store, *parts)
    text = page(wb, tmp_path / "out")
    for key in ("measures", "references", "correlations", "frequency"):
        assert {"m (x1)", "m (x2)"} <= {row["Model"] for row in tables_of(text, key)[0]}, key
    drawn = re.findall(r"<svg role.*?</svg>", text, flags=re.DOTALL)
    assert sum("m (x1)" in svg and "m (x2)" in svg for svg in drawn) == len(drawn) == 5


def test_a_choice_of_models_and_a_kind_without_references(wb: Wb, store: Store, tmp_path: Path) -> None:
    for model in ("m", "n"):
        fill(store, reference("Q1"), image("Q1", 0, s=0.9, p=P, model_id=model))
    text = page(wb, tmp_path / "one", "--model", "n", "--kind", "static")
    assert "1 image by 1 model" in text
    assert "Nothing here yet: no references" in page(wb, tmp_path / "two", "--kind", "dynamic")


def test_the_gallery_keeps_within_its_limit(
    wb: Wb, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, *(part for n in range(1, 5) for part in (reference(f"Q{n}"), image(f"Q{n}", 0, s=0.9, p=P))))
    store.images.folder.mkdir()
    Image.effect_noise((300, 200), 90).save(store.images.folder / "a.png")
    monkeypatch.setattr(gallery, "LIMIT", 30_000)
    text = page(wb, tmp_path / "out")
    assert "4 pictures could not be read; " in text
    shown = read(text).named("img")
    assert f"{4 - len(shown)} left out to stay within 30 kB" in text
    assert 0 < len(shown) < 4


def test_a_folder_that_cannot_be_made_is_one_line(wb: Wb, store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    done = wb("report", "--out", tmp_path / "file" / "x")
    assert done.code == 2
    assert "cannot make" in done.err


def test_unknown_models_are_refused(wb: Wb, store: Store, tmp_path: Path) -> None:
    done = wb("report", "--out", tmp_path / "out", "--model", "nothing")
    assert done.code == 2
    assert "no model named" in done.err
    assert not (tmp_path / "out").exists()
